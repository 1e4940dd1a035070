"""What tells languages apart is the same from its files as it comes packed."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.text.languages.weights import open_identifier

TEXTS = ("Where does the fox sleep?", "Wo schläft der Fuchs?", "Где спит лиса?", "أين ينام الثعلب؟")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("weights")


@pytest.mark.slow
def test_unpacked_they_tell_the_same(folder: Path) -> None:
    packed, mapped = open_identifier(None), open_identifier(folder)
    for text in TEXTS:
        assert dict(mapped.rank(text)) == pytest.approx(dict(packed.rank(text)))
    assert len({mapped.classify(text)[0] for text in TEXTS}) == len(TEXTS)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ["*.npz", "*.weights.npy", "*[0-9a-f].npy"])
def test_damaged_ones_are_unpacked_anew(folder: Path, pattern: str) -> None:
    expected = dict(open_identifier(folder).rank(TEXTS[0]))
    (file,) = folder.glob(pattern)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert dict(open_identifier(folder).rank(TEXTS[0])) == expected
    assert file.read_bytes() == whole


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert open_identifier(tmp_path / "file" / "models").classify(TEXTS[1])[0] == "de"
