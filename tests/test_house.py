"""The house stays one: small modules in small rooms, and tests that mirror them.

The arrows between the rooms are kept by `lint-imports`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.support import ROOT

MODULES = [path for package in ("bot", "index") for path in (ROOT / package).rglob("*.py")]
MAX_LINES = 300
MAX_MODULES = 15


def test_a_module_is_one_idea() -> None:
    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


def test_a_folder_is_one_room() -> None:
    counts = Counter(place(path.parent) for path in MODULES)
    assert {name: count for name, count in counts.items() if count > MAX_MODULES} == {}


@pytest.mark.parametrize("package", ["bot", "index"])
def test_tests_mirror_the_packages(package: str) -> None:
    tests = (ROOT / "tests" / package).rglob("test_*.py")
    folders = {path.parent.relative_to(ROOT / "tests") for path in tests}
    assert {folder.as_posix() for folder in folders if not (ROOT / folder).is_dir()} == set()


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
