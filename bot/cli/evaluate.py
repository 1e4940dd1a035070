"""The command `onrecord eval`: measures on questions with known answers, as tables or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli import DataOption, open_corpus, progress_bar, step_bars
from bot.cli.index import print_faults
from index.core.settings import DEFAULT_COLLECTION
from index.evaluation.cases import cases_of
from index.evaluation.evaluate import run_questions, summarize
from index.evaluation.fitting import fit_reader
from index.evaluation.questions import read_questions


def evaluate(
    corpus: Annotated[Path, typer.Argument(metavar="CORPUS", help="A folder of documents.")],
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS", help="JSON lines with gold answers.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    fit: Annotated[
        bool,
        typer.Option(
            "--fit", help="First fit the reader's order and confidence to these questions."
        ),
    ] = False,
    data: DataOption = None,
) -> None:
    """Measure retrieval, quotes, abstention and latency on questions with known answers.

    The corpus gets an index of its own, beside the library's, which a second run finds ready. With
    --fit the library uses what was fitted from then on; measure it on other questions.
    """
    asked = read_questions(questions)
    library, report = open_corpus(corpus, data)
    print_faults(report)
    library.warm_up()
    if fit:
        with step_bars() as step:
            fit_reader(library.reader, list(cases_of(library, asked, [DEFAULT_COLLECTION])), step)
        library.keep_fitted()
    with progress_bar("Asking") as progress:
        outcomes = run_questions(library, asked, [DEFAULT_COLLECTION], progress)
    summary = summarize(outcomes)
    if as_json:
        typer.echo(json.dumps(summary))
    else:
        Console(highlight=False).print(*evaluation_tables(summary))


def evaluation_tables(summary: Mapping[str, Any]) -> list[Table]:
    """Return the measures of `summarize` as four tables: passages, answers, risk, latency."""
    retrieval = summary["retrieval"]
    passages = Table(title=f"Passages ({summary['answerable']:,} questions with an answer)")
    passages.add_column("retriever")
    for measure in next(iter(retrieval.values()), {}):
        passages.add_column(measure, justify="right")
    for name, row in retrieval.items():
        passages.add_row(name, *(f"{value:.3f}" for value in row.values()))

    answers = Table("measure", "value", title=f"Answers ({summary['questions']:,} questions)")
    for name, value in summary.items():
        if name not in {"retrieval", "risk_coverage", "latency_ms", "questions", "answerable"}:
            shown = "–" if value is None else f"{value:.3f}" if value <= 1 else f"{value:.0f}"
            answers.add_row(name, shown)

    risk = Table("answered", "of these wrong", "ONRECORD_MIN_CONFIDENCE", title="Risk")
    for at in summary["risk_coverage"]:
        risk.add_row(f"{at['coverage']:.0%}", f"{at['risk']:.1%}", f"{at['threshold']:.2f}")

    latency = Table("step", "p50 ms", "p95 ms", title="Latency")
    for step, times in summary["latency_ms"].items():
        latency.add_row(step, f"{times['p50']:.1f}", f"{times['p95']:.1f}")
    return [passages, answers, risk, latency]
