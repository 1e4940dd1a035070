"""A plot has a line for each kind of question, and is the same each time."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from index.core.errors import PlotError
from index.evaluation.evaluate import score
from index.evaluation.kinds import Report
from index.evaluation.metrics import Bin, RiskAtCoverage
from index.evaluation.plots import draw_plot
from index.reader.calibration import Calibration

pytestmark = pytest.mark.slow  # to import
NOTHING = score([], Calibration(features=(), weights=(), bias=0.0, min_confidence=0.5))
NEWS = Report(
    cases={"answerable": 1},
    scores=NOTHING,
    risk=[RiskAtCoverage(0.5, 0.1, 0.8), RiskAtCoverage(1.0, 0.4, 0.1)],
    at_threshold=RiskAtCoverage(0.7, 0.2, 0.5),
    reliability=[Bin(0.2, 0.1, 0.5), Bin(0.9, 0.8, 0.5)],
)
SILENT = Report({}, NOTHING, risk=[], at_threshold=None, reliability=[])


def words(path: Path) -> list[str]:
    return [found.text or "" for found in ElementTree.parse(path).iter() if "text" in found.tag]


def test_a_line_a_kind(tmp_path: Path) -> None:
    path = tmp_path / "plot.svg"
    draw_plot({"news": NEWS, "$10 & <b>": NEWS, "_queries": SILENT}, path)
    assert {"news", "$10 & <b>", "_queries", "Risk", "Calibration"} <= set(words(path))
    one = tmp_path / "one.svg"
    draw_plot({"news": NEWS}, one)
    lines = [text.count("line2d") for text in (path.read_text("utf-8"), one.read_text("utf-8"))]
    assert lines[0] > lines[1]


def test_more_kinds_than_colours(tmp_path: Path) -> None:
    kinds = [f"kind {at}" for at in range(45)]
    draw_plot(dict.fromkeys(kinds, NEWS), tmp_path / "plot.svg")
    assert set(kinds) <= set(words(tmp_path / "plot.svg"))


def test_equal_reports_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one.svg", "other.svg", "one.PNG", "other.PNG"):
        draw_plot({"news": NEWS}, tmp_path / name)
    for ending in (".svg", ".PNG"):
        one, other = ((tmp_path / f"{name}{ending}").read_bytes() for name in ("one", "other"))
        assert one == other
    assert (tmp_path / "one.PNG").read_bytes().startswith(b"\x89PNG")
    assert b"dc:date" not in (tmp_path / "one.svg").read_bytes()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("plot.pdf", r"plot\.pdf: a plot is an \.svg or a \.png"),
        ("plot", r"give it one of these endings"),
        ("none/plot.svg", "there is no folder"),
        ("folder.svg", "cannot be written"),
    ],
)
def test_what_cannot_be_drawn_is_said(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(PlotError, match=said):
        draw_plot({"news": NEWS}, tmp_path / name)


def test_the_remedy_is_named_without_matplotlib(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(PlotError, match=r"pip install 'onrecord\[plot\]'"):
        draw_plot({"news": NEWS}, tmp_path / "plot.svg")
