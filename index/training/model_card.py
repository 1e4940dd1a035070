"""The model card of a reader: what it is, what it learned from, how well it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields

from rich.table import Table

from index.evaluation.judge import Scores
from index.training.train import Judgement, Recipe

_NAMES = {
    "quote_1": "quote@1",
    "quote_3": "quote@3",
    "answer_f1": "short-answer F1",
    "auroc_silent": "AUROC, documents silent on the point",
    "auroc_absent": "AUROC, no document on the subject",
    "answered": "answered when answerable",
    "abstained_silent": "abstained when silent",
    "abstained_absent": "abstained when absent",
    "calibration_error": "expected calibration error",
}


def model_card(
    facts: Mapping[str, str],
    recipe: Recipe,
    curve: Sequence[Judgement],
    scores: Mapping[str, Scores],
) -> str:
    """Return the card as Markdown.

    Args:
        facts: what it was made from, in the order to be shown.
        recipe: how it was trained.
        curve: how it learned.
        scores: of readers judged in the same run, by name.
    """
    lines = ["# A reader for Onrecord", ""]
    lines += [
        "Finds the sentence of a passage that answers a question, marks the short answer in it,",
        "and tells whether there is one. A BERT encoder with a linear head of three numbers for",
        "each word piece: start, end, and the log-odds that its sentence answers. Weights of 8",
        "bits.",
        "",
    ]
    lines += [f"- {name}: {value}" for name, value in facts.items()]
    lines += ["", "## Measured", "", "Questions about documents that were not trained on.", ""]
    lines += _table(["measure", *scores], _rows(scores))
    lines += ["", "## Learning curve", ""]
    lines += _table(
        ["examples", "loss", "right sentence of the passage", "AUROC of the evidence"],
        [
            [f"{at.examples:,}", f"{at.loss:.2f}", _shown(at.sentence), _shown(at.absence)]
            for at in curve
        ],
    )
    lines += ["", "## Recipe", ""]
    lines += [f"- {name.replace('_', ' ')}: {value}" for name, value in asdict(recipe).items()]
    return "\n".join(lines) + "\n"


def score_table(scores: Mapping[str, Scores]) -> Table:
    """Return the scores as a table for a person."""
    table = Table("measure", *scores, title="Questions about documents not trained on")
    for row in _rows(scores):
        table.add_row(*row)
    return table


def _rows(scores: Mapping[str, Scores]) -> list[list[str]]:
    return [
        [_NAMES[field.name], *(_shown(getattr(of, field.name)) for of in scores.values())]
        for field in fields(Scores)
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
