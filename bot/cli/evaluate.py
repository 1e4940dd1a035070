"""The command `onrecord eval`: measures on questions with known answers, as tables or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from rich.console import Console
from rich.table import Table

from bot.cli import DataOption, open_corpus, step_bars
from bot.cli.index import print_each, print_faults
from bot.reload import read_index_settings
from index.core.documents import Progress
from index.core.errors import QuestionsFileError
from index.core.settings import DEFAULT_COLLECTION
from index.evaluation.cases import Case, every_case, observe
from index.evaluation.evaluate import run_questions, summarize
from index.evaluation.fitting import fit_reader
from index.evaluation.kinds import Report, report_kinds, summarize_kinds
from index.evaluation.plots import check_plot, draw_plot
from index.evaluation.questions import Silence, read_questions
from index.library import Library

_COLLECTIONS = (DEFAULT_COLLECTION,)
_APART = {"retrieval", "risk_coverage", "latency_ms", "questions", "answerable"}
_APART |= {"kinds", "mean_of_kinds"}
_OF_ANSWERS = {
    "asked": "asked",
    "quote@1": "quote@1",
    "quote@3": "quote@3",
    "F1": "short_answer_f1",
    "answered": "answered_when_answerable",
    "calibration error": "calibration_error",
    "chars": "mean_quote_chars",
}
_SILENCES: tuple[Silence, ...] = get_args(Silence)


def evaluate(  # noqa: PLR0917  # options
    corpus: Annotated[Path, typer.Argument(metavar="CORPUS", help="A folder of documents.")],
    questions: Annotated[
        Path,
        typer.Argument(metavar="QUESTIONS", help="JSON lines with gold answers; - is stdin."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    fit: Annotated[
        bool,
        typer.Option(
            "--fit", help="First fit the reader's order and confidence to these questions."
        ),
    ] = False,
    no_silences: Annotated[
        bool,
        typer.Option(
            "--no-silences", help="Leave out the kinds of questions and sorts of silence."
        ),
    ] = False,
    plot: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Draw risk and calibration, a line a kind, as .svg or .png.",
            show_default=False,
        ),
    ] = None,
    data: DataOption = None,
) -> None:
    """Measure retrieval, quotes, abstention and latency on questions with known answers.

    Each question is also read as if its answer, and as if its document, were not there, and with
    a year, a number or a name exchanged so that nothing answers it. The corpus gets an
    index of its own, beside the library's, which a second run finds ready. With --fit the library
    uses what was fitted from then on; measure it on other questions.
    """
    if plot is not None:
        if no_silences:
            raise typer.BadParameter("--no-silences leaves out what --plot draws")
        check_plot(plot)
    unread: list[QuestionsFileError] = []
    asked = read_questions(questions, unread.append)
    print_each("left out", unread)
    library, report = open_corpus(corpus, data)
    print_faults(report)
    library.warm_up()
    cases: Sequence[Case] = ()
    with step_bars() as step:
        if fit or not no_silences:
            cases = every_case(library, asked, _COLLECTIONS, step)
        if fit:
            fit_reader(library.reader, cases, step)
            library.keep_fitted()
        summary = summarize(run_questions(library, asked, _COLLECTIONS, step("Asking")))
        if not no_silences:
            min_confidence = read_index_settings(data).min_confidence
            reports = _report(library, cases, min_confidence, step("Reading"))
            summary |= summarize_kinds(reports)
            if plot is not None:
                draw_plot(reports, plot)
    if as_json:
        typer.echo(json.dumps(summary))
    else:
        Console(highlight=False).print(*evaluation_tables(summary))
    raise typer.Exit(bool(unread))


def evaluation_tables(summary: Mapping[str, Any]) -> list[Table]:
    """Return the measures of `summarize` as four tables: passages, answers, risk, latency.

    Those of `summarize_kinds`, if it was measured, follow as two: answers and silence, by kind.
    """
    retrieval = summary["retrieval"]
    passages = Table(title=f"Passages ({summary['answerable']:,} questions with an answer)")
    passages.add_column("retriever")
    for measure in next(iter(retrieval.values()), {}):
        passages.add_column(measure, justify="right")
    for name, row in retrieval.items():
        passages.add_row(name, *(_shown(value) for value in row.values()))

    answers = Table("measure", "value", title=f"Answers ({summary['questions']:,} questions)")
    for name, value in summary.items():
        if name not in _APART:
            answers.add_row(name, _shown(value))

    risk = Table("answered", "of these wrong", "ONRECORD_MIN_CONFIDENCE", title="Risk")
    for at in summary["risk_coverage"]:
        risk.add_row(f"{at['coverage']:.0%}", f"{at['risk']:.1%}", f"{at['threshold']:.2f}")

    latency = Table("step", "p50 ms", "p95 ms", title="Latency")
    for step, times in summary["latency_ms"].items():
        latency.add_row(step, f"{times['p50']:.1f}", f"{times['p95']:.1f}")
    return [
        passages,
        answers,
        risk,
        latency,
        *(_kind_tables(summary) if "kinds" in summary else ()),
    ]


def _kind_tables(summary: Mapping[str, Any]) -> list[Table]:
    rows = {
        kind: row | {"asked": row["cases"]["answerable"]} for kind, row in summary["kinds"].items()
    }
    if len(rows) > 1:
        rows["mean"] = summary["mean_of_kinds"]
    answers = Table("kind", title="Answers, by kind of question")
    for name in _OF_ANSWERS:
        answers.add_column(name, justify="right")
    silence = Table("kind", title="Silence: cases, AUROC, abstained")
    for sort in _SILENCES:
        silence.add_column(sort.replace("_", " "), justify="right")
    for kind, row in rows.items():
        answers.add_row(kind, *(_shown(row.get(measure)) for measure in _OF_ANSWERS.values()))
        silence.add_row(kind, *(_shown_silence(row, sort) for sort in _SILENCES))
    return [answers, silence]


def _shown_silence(row: Mapping[str, Any], sort: Silence) -> str:
    count = [f"{row['cases'][sort]:,}"] if "cases" in row else []
    measures = (row[f"auroc_{sort}"], row[f"abstained_when_{sort}"])
    return "  ".join(count + [_shown(measure) for measure in measures])


def _report(
    library: Library, cases: Sequence[Case], min_confidence: float | None, progress: Progress
) -> dict[str, Report]:
    """The measures of each kind of question, at the threshold at which the library answers."""
    calibration = library.reader.calibration
    if min_confidence is not None:
        calibration = calibration.model_copy(update={"min_confidence": min_confidence})
    return report_kinds(observe(library.reader, cases, progress), calibration)


def _shown(value: float | None) -> str:
    if value is None or isinstance(value, int):
        return "–" if value is None else f"{value:,}"
    return f"{value:.3f}" if value <= 1 else f"{value:.0f}"
