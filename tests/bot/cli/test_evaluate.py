"""`onrecord eval` measures each kind of question and each sort of silence, and can draw them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from bot.cli.app import app
from bot.cli.evaluate import evaluation_tables
from index.core.errors import PlotError
from index.evaluation.cases import cases_of, observe
from index.evaluation.evaluate import run_questions, summarize
from index.evaluation.kinds import report_kinds, summarize_kinds
from index.evaluation.questions import GoldQuestion
from tests.support.corpus import fill, write_questions
from tests.support.folders import Shelf

LIBRARY = ["library"]
NEAR_MISS = GoldQuestion("What has Zoe worked as?", (), "news", "near_miss")


def measure(shelf: Shelf, *options: str, **settings: str) -> Result:
    """Run the command with the real model on two documents, about which two kinds ask."""
    file = write_questions(shelf.root / "questions.jsonl", [*fill(shelf, 2), NEAR_MISS])
    arguments = ["eval", str(shelf.folder), str(file), *options, "--data", str(shelf.data)]
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "120", **settings})


def test_a_row_a_kind_and_their_mean(shelf: Shelf) -> None:
    asked = [*fill(shelf, 2), NEAR_MISS]
    shelf.sync()
    library = shelf.open()
    summary = summarize(run_questions(library, asked, LIBRARY))
    observed = observe(library.reader, list(cases_of(library, asked, LIBRARY)))
    summary |= summarize_kinds(report_kinds(observed, library.reader.calibration))
    *_, answers, silence = evaluation_tables(summary)
    console = Console(width=100, color_system=None)
    with console.capture() as captured:
        console.print(answers, silence)
    rows = [line.replace("│", " ").split() for line in captured.get().splitlines()]
    named = [row for row in rows if row and row[0] in {"all", "news", "mean"}]
    assert [row[0] for row in named] == ["all", "news", "mean"] * 2
    of_answers, of_silence = named[:3], named[3:]
    assert [len(row) for row in of_answers] == [8] * 3
    assert [row[1] for row in of_answers] == ["4", "0", "–"]
    assert of_silence[1] == ["news", *("0", "–", "–") * 2, "1", "–", "1.000"]


@pytest.mark.slow
def test_one_kind_needs_no_mean(shelf: Shelf) -> None:
    summary = summarize([]) | summarize_kinds({})
    assert [table.row_count for table in evaluation_tables(summary)[-2:]] == [0, 0]
    asked = fill(shelf, 1)
    shelf.sync()
    library = shelf.open()
    observed = observe(library.reader, list(cases_of(library, asked, LIBRARY)))
    summary |= summarize_kinds(report_kinds(observed, library.reader.calibration))
    assert [table.row_count for table in evaluation_tables(summary)[-2:]] == [1, 1]


def test_a_plot_that_cannot_be_drawn_is_refused_at_once(shelf: Shelf) -> None:
    assert isinstance(measure(shelf, "--plot", "plot.pdf").exception, PlotError)
    refused = measure(shelf, "--plot", "plot.svg", "--no-silences")
    assert refused.exit_code == 2
    assert not shelf.data.exists()


@pytest.mark.slow
class TestMeasuring:
    def test_kinds_are_in_the_json_and_in_the_plot(self, shelf: Shelf, tmp_path: Path) -> None:
        plot = tmp_path / "plot.svg"
        result = measure(shelf, "--json", "--plot", str(plot), ONRECORD_MIN_CONFIDENCE="1.0")
        assert result.exit_code == 0, result.output
        summary = json.loads(result.stdout.splitlines()[-1])
        everyone, news = summary["kinds"]["all"], summary["kinds"]["news"]
        assert everyone["cases"] == {"answerable": 4, "silent": 4, "absent": 4, "near_miss": 0}
        assert news["cases"]["near_miss"] == 1
        assert everyone["answered_when_answerable"] == 0  # at the threshold that is set
        assert summary["mean_of_kinds"]["abstained_when_near_miss"] == 1
        assert summary["answerable"] == 4
        assert "news" in plot.read_text(encoding="utf-8")

    def test_they_can_be_left_out(self, shelf: Shelf) -> None:
        result = measure(shelf, "--json", "--no-silences")
        assert result.exit_code == 0, result.output
        summary = json.loads(result.stdout.splitlines()[-1])
        assert summary["questions"] == 5
        assert not summary.keys() & {"kinds", "mean_of_kinds"}
