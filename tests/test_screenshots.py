"""The screenshots of the reading room are there, small, and shown."""

from __future__ import annotations

from PIL import Image

from tests.screenshots import SHOTS, picture_of
from tests.support import ROOT

MAX_BYTES = 600_000


def test_they_are_small_and_all_shown() -> None:
    shown = (ROOT / "docs/web.md").read_text(encoding="utf-8")
    sizes = {name: picture_of(name).stat().st_size for name in SHOTS}
    assert sum(sizes.values()) < MAX_BYTES
    assert {name for name in SHOTS if f'src="{name}.webp"' not in " ".join(shown.split())} == set()


def test_they_are_of_their_devices() -> None:
    for name, shot in SHOTS.items():
        with Image.open(picture_of(name)) as picture:
            assert picture.size == tuple(shot.device["viewport"].values())
