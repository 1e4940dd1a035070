"""The measures of an evaluation as tables for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table


def evaluation_tables(summary: Mapping[str, Any]) -> list[Table]:
    """Return what `evaluate.summarize` measured as four tables."""
    return [_retrieval(summary), _answers(summary), _risk(summary), _latency(summary)]


def _retrieval(summary: Mapping[str, Any]) -> Table:
    table = Table(title=f"Passages ({summary['answerable']:,} questions with an answer)")
    table.add_column("retriever")
    rows = summary["retrieval"]
    for measure in next(iter(rows.values()), {}):
        table.add_column(measure, justify="right")
    for name, row in rows.items():
        table.add_row(name, *(f"{value:.3f}" for value in row.values()))
    return table


def _answers(summary: Mapping[str, Any]) -> Table:
    table = Table("measure", "value", title=f"Answers ({summary['questions']:,} questions)")
    for name, value in summary.items():
        if name not in {"retrieval", "risk_coverage", "latency_ms", "questions", "answerable"}:
            shown = "–" if value is None else f"{value:.3f}" if value <= 1 else f"{value:.0f}"
            table.add_row(name, shown)
    return table


def _risk(summary: Mapping[str, Any]) -> Table:
    table = Table("answered", "of these wrong", "ONRECORD_MIN_CONFIDENCE", title="Risk")
    for at in summary["risk_coverage"]:
        table.add_row(f"{at['coverage']:.0%}", f"{at['risk']:.1%}", f"{at['threshold']:.2f}")
    return table


def _latency(summary: Mapping[str, Any]) -> Table:
    table = Table("step", "p50 ms", "p95 ms", title="Latency")
    for step, times in summary["latency_ms"].items():
        table.add_row(step, f"{times['p50']:.1f}", f"{times['p95']:.1f}")
    return table
