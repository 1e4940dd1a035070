"""From questions with known answers to a reader's folder: train, shrink, fit, judge, describe."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import torch
from rich.table import Table

from index.core.documents import Step
from index.core.errors import FittingError
from index.core.settings import DEFAULT_COLLECTION
from index.evaluation.fitting import cases_of, fit_reader
from index.evaluation.judge import Scores, judge
from index.evaluation.questions import GoldQuestion
from index.library import Library
from index.models.minilm import bundled_model
from index.models.onnx_export import export, quantize
from index.reader import Reader, package
from index.reader.encoding import PairEncoder
from index.reader.late_interaction import LateInteractionReader
from index.reader.package import NetworkModel
from index.reader.trained import TrainedReader
from index.training.batches import ReadingNetwork
from index.training.examples import collect
from index.training.train import Judgement, Recipe, train

CHECKPOINT, FULL_PRECISION = "checkpoint.pt", "full-precision.onnx"
_HELD_OUT = 0.1
_MAX_QUESTIONS = 500

_ALL = (DEFAULT_COLLECTION,)


@dataclass(frozen=True, slots=True)
class Source:
    """Questions about the documents of a library."""

    library: Library
    questions: Sequence[GoldQuestion]


def hold_out(source: Source, share: float, seed: int) -> tuple[Source, Source]:
    """Return a source without a share of its documents, and the one of these alone.

    Questions without an answer go with the first.
    """
    documents = sorted({a.document for q in source.questions for a in q.answers})
    count = max(1, round(len(documents) * share))
    held = set(np.random.default_rng(seed).permutation(documents)[:count].tolist())
    parts: tuple[list[GoldQuestion], list[GoldQuestion]] = [], []
    for question in source.questions:
        parts[any(a.document in held for a in question.answers)].append(question)
    return Source(source.library, parts[0]), Source(source.library, parts[1])


def build(  # noqa: PLR0917  # each is a thing of its own
    training: Source,
    held_out: Source | None,
    recipe: Recipe,
    out: Path,
    step: Step,
    start: Path | None = None,
) -> dict[str, Scores]:
    """Train a reader, write its folder, and return how it does beside others.

    Args:
        training: what to learn from.
        held_out: of other documents: half of them to fit on, half to judge by; where there is none,
            a tenth of the documents to learn from is kept aside.
        recipe: how.
        out: the folder; the reader that it holds is replaced.
        step: gives the progress of a step.
        start: folder of the encoder to start from, of the `transformers` kind, with its
            `tokenizer.json`; MiniLM where there is none.

    Raises:
        FittingError: there are too few questions.
    """
    own_start = start is not None
    start = start or bundled_model()
    if held_out is None:
        training, held_out = hold_out(training, _HELD_OUT, recipe.seed)
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(start / package.TOKENIZER, out / package.TOKENIZER)
    encoder = PairEncoder(out / package.TOKENIZER)
    examples = collect(training.library, training.questions, _ALL, step("Finding examples"))
    if not examples:
        raise FittingError("no passage of the corpus holds an answer; do the questions fit it?")
    judged = collect(held_out.library, held_out.questions[:_MAX_QUESTIONS], _ALL)
    torch.manual_seed(recipe.seed)
    network = ReadingNetwork.from_encoder(start)
    curve = train(network, encoder, (examples, judged), recipe, out / CHECKPOINT, step("Training"))
    export(network, out / FULL_PRECISION)
    quantize(out / FULL_PRECISION, out / package.NETWORK)
    facts = {
        "learned from": f"{len(examples):,} questions",
        "started from": start.name if own_start else "sentence-transformers/all-MiniLM-L6-v2",
    }
    return finish(held_out, out, lambda scores: model_card(facts, recipe, curve, scores), step)


def finish(
    held_out: Source, out: Path, describe: Callable[[Mapping[str, Scores]], str], step: Step
) -> dict[str, Scores]:
    """Fit, judge and describe the network that lies in a folder; see `build`."""
    to_fit, to_judge = hold_out(held_out, 0.5, 0)
    words = held_out.library.words
    model = NetworkModel(out / package.NETWORK, out / package.TOKENIZER)
    reader = TrainedReader("this reader", model, words)
    fitted_on = list(cases_of(to_fit.library, to_fit.questions[:_MAX_QUESTIONS], _ALL))
    fit_reader(reader, fitted_on, step)
    package.write_manifest(out, reader.ranking, reader.calibration)

    judged_on = list(cases_of(to_judge.library, to_judge.questions[:_MAX_QUESTIONS], _ALL))
    precise = NetworkModel(out / FULL_PRECISION, out / package.TOKENIZER)
    readers: dict[str, Reader] = {
        "without training": LateInteractionReader(held_out.library.embedder, words),
        "this reader": reader,
        "in full precision": TrainedReader(
            "in full precision", precise, words, reader.ranking, reader.calibration
        ),
    }
    scores = {
        name: judge(reader, judged_on, step(f"Judging {name}")) for name, reader in readers.items()
    }
    (out / package.CARD).write_text(describe(scores), encoding="utf-8")
    return scores


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
