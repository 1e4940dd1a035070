"""Draws risk against coverage and the calibration, a line for each kind of question."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from index.core.errors import PlotError
from index.evaluation.kinds import Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

_FORMATS = (".svg", ".png")
_STYLES = ("-", "--", ":", "-.")
_COLOURS = 10
_LARGEST_POINT = 150.0  # square points, of a bin that holds all answers


def check_plot(path: Path) -> None:
    """Check that a plot can be drawn to this file.

    Raises:
        PlotError: it is neither .svg nor .png, its folder is missing, or matplotlib is.
    """
    if path.suffix.lower() not in _FORMATS:
        raise PlotError(f"{path}: a plot is an .svg or a .png; give it one of these endings")
    if not path.parent.is_dir():
        raise PlotError(f"{path}: there is no folder {path.parent}; make it first")
    if find_spec("matplotlib") is None:
        raise PlotError("a plot needs matplotlib; pip install 'onrecord[plot]'")


def draw_plot(reports: Mapping[str, Report], path: Path) -> None:
    """Draw to a file: left the risk at each coverage, right the calibration.

    A point on a line of risk is where the threshold lies; those of calibration are the larger, the
    more answers they stand for. Equal reports give equal bytes.

    Raises:
        PlotError: it cannot be drawn or written there.
    """
    check_plot(path)
    # An extra that is slow to import.
    from matplotlib import rc_context  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    ending = path.suffix.lower().removeprefix(".")
    with rc_context(
        {
            "svg.hashsalt": "onrecord",  # the same ids, thus the same file, each time
            "svg.fonttype": "none",  # words that can be searched and read aloud
            "text.parse_math": False,  # a kind may have a $ in its name
        }
    ):
        figure = Figure(figsize=(11, 4.8), layout="constrained")
        left, right = figure.subplots(1, 2)
        _label(left, "Risk", "coverage: share of questions answered", "share of these wrong")
        _label(right, "Calibration", "mean confidence", "share of first quotes right")
        right.plot((0, 1), (0, 1), color="0.7", linewidth=1)
        lines = []
        for at, report in enumerate(reports.values()):
            style = _STYLES[at // _COLOURS % len(_STYLES)]
            lines.append(_draw_risk(left, report, f"C{at % _COLOURS}", style))
            _draw_calibration(right, report, f"C{at % _COLOURS}", style)
        figure.legend(lines, list(reports), loc="outside right upper")
        metadata = {"Date": None} if ending == "svg" else None
        try:
            figure.savefig(path, format=ending, metadata=metadata)
        except OSError as error:
            raise PlotError(f"{path}: cannot be written: {error.strerror}") from error


def _label(axes: Axes, title: str, x: str, y: str) -> None:
    axes.set(title=title, xlabel=x, ylabel=y, xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.grid(color="0.9")
    axes.set_axisbelow(True)


def _draw_risk(axes: Axes, report: Report, colour: str, style: str) -> Line2D:
    coverage, risk = [at.coverage for at in report.risk], [at.risk for at in report.risk]
    (line,) = axes.plot(coverage, risk, color=colour, linestyle=style)
    if report.at_threshold is not None:
        axes.plot(report.at_threshold.coverage, report.at_threshold.risk, "o", color=colour)
    return line


def _draw_calibration(axes: Axes, report: Report, colour: str, style: str) -> None:
    confidence = [at.confidence for at in report.reliability]
    right = [at.right for at in report.reliability]
    axes.plot(confidence, right, color=colour, linestyle=style)
    areas = [_LARGEST_POINT * at.share for at in report.reliability]
    axes.scatter(confidence, right, areas, color=colour)
