"""Builds a reader's folder from questions with known answers: trains, shrinks, fits, judges."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import torch

from index.core.documents import Step
from index.core.errors import FittingError
from index.core.settings import DEFAULT_COLLECTION
from index.evaluation.cases import every_case
from index.evaluation.evaluate import Scores, judge
from index.evaluation.fitting import fit_reader
from index.evaluation.questions import GoldQuestion
from index.library import Library
from index.models.minilm import bundled_model
from index.models.onnx_export import export, quantize
from index.reader import Reader
from index.reader.late_interaction import LateInteractionReader
from index.reader.loading import CARD, NETWORK, TOKENIZER, NetworkModel, write_manifest
from index.reader.spans import PairEncoder
from index.reader.trained import TrainedReader
from index.training.batches import ReadingNetwork
from index.training.examples import collect
from index.training.teacher import OnnxTeacher, teach
from index.training.train import Judgement, Recipe, train

CHECKPOINT, FULL_PRECISION = "checkpoint.pt", "full-precision.onnx"
_HELD_OUT = 0.1
_MAX_QUESTIONS = 1_000

_ALL = (DEFAULT_COLLECTION,)


@dataclass(frozen=True, slots=True)
class Source:
    """Questions about the documents of a library."""

    library: Library
    questions: Sequence[GoldQuestion]


def hold_out(source: Source, share: float, seed: int) -> tuple[Source, Source]:
    """Split a source by documents: the first part, then the held-out `share`.

    Questions without an answer belong to the first.
    """
    documents = sorted({a.document for q in source.questions for a in q.answers})
    count = max(1, round(len(documents) * share))
    held = set(np.random.default_rng(seed).permutation(documents)[:count].tolist())
    parts: tuple[list[GoldQuestion], list[GoldQuestion]] = [], []
    for question in source.questions:
        parts[any(a.document in held for a in question.answers)].append(question)
    return Source(source.library, parts[0]), Source(source.library, parts[1])


def build(  # noqa: PLR0917
    training: Source,
    held_out: Source | None,
    recipe: Recipe,
    out: Path,
    step: Step,
    start: Path | None = None,
    teacher: Path | None = None,
    average: tuple[Path, float] | None = None,
) -> dict[str, Scores]:
    """Train a reader, write it to the folder `out`, and return its scores beside those of others.

    Half of `held_out`, about other documents than `training`, is to fit on and half to judge by;
    without it, a tenth of the documents to learn from is held out. `start` is the folder of a
    reader to train further, or the `transformers` folder of an encoder, with its
    `tokenizer.json`; MiniLM by default. `teacher` is the ONNX file of a cross-encoder. `average` is
    the folder of another reader, and the share of its weights in those to start from.

    Raises:
        FittingError: there are too few questions.
        ModelError: the start or the teacher cannot be loaded.
    """
    start_name = start.name if start else "sentence-transformers/all-MiniLM-L6-v2"
    start = start or bundled_model()
    if held_out is None:
        training, held_out = hold_out(training, _HELD_OUT, recipe.seed)
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(start / TOKENIZER, out / TOKENIZER)
    encoder = PairEncoder(out / TOKENIZER)
    examples = collect(training.library, training.questions, _ALL, step("Finding examples"))
    if not examples:
        raise FittingError("no passage of the corpus holds an answer; do the questions fit it?")
    if teacher is not None:
        examples = teach(examples, OnnxTeacher(teacher), recipe.taught, step("Asking the teacher"))
    judged = collect(held_out.library, _sample(held_out.questions), _ALL)
    torch.manual_seed(recipe.seed)
    is_reader = (start / NETWORK).is_file()
    network = (ReadingNetwork.from_reader if is_reader else ReadingNetwork.from_encoder)(start)
    if average is not None:
        network.move_towards(*average)
    curve = train(network, encoder, (examples, judged), recipe, out / CHECKPOINT, step("Training"))
    export(network, out / FULL_PRECISION)
    quantize(out / FULL_PRECISION, out / NETWORK)
    scores = _fit_and_judge(held_out, out, step)
    facts = {"learned from": f"{len(examples):,} questions", "started from": start_name}
    (out / CARD).write_text(model_card(facts, recipe, curve, scores), encoding="utf-8")
    return scores


def _fit_and_judge(held_out: Source, out: Path, step: Step) -> dict[str, Scores]:
    """Fit the network in a folder, write its manifest, and judge it beside other readers."""
    library, words = held_out.library, held_out.library.words
    fitted_on, judged_on = (
        every_case(library, _sample(part.questions), _ALL, step)
        for part in hold_out(held_out, 0.5, 0)
    )
    model = NetworkModel(out / NETWORK, out / TOKENIZER)
    reader = TrainedReader("this reader", model, words)
    fit_reader(reader, fitted_on, step)
    write_manifest(out, reader.ranking, reader.calibration)
    precise = NetworkModel(out / FULL_PRECISION, out / TOKENIZER)
    readers: dict[str, Reader] = {
        "without training": LateInteractionReader(library.embedder, words),
        "this reader": reader,
        "in full precision": TrainedReader(
            "in full precision", precise, words, reader.ranking, reader.calibration
        ),
    }
    return {
        name: judge(reader, judged_on, step(f"Judging {name}")) for name, reader in readers.items()
    }


def _sample(questions: Sequence[GoldQuestion]) -> list[GoldQuestion]:
    """Some of the questions, of all kinds as the file has them."""
    chosen = np.random.default_rng(0).permutation(len(questions))[:_MAX_QUESTIONS]
    return [questions[at] for at in chosen]


_NAMES = {
    "quote_1": "quote@1",
    "quote_3": "quote@3",
    "answer_f1": "short-answer F1",
    "auroc_silent": "AUROC, documents silent on the point",
    "auroc_absent": "AUROC, no document on the subject",
    "auroc_near_miss": "AUROC, documents about another of its kind",
    "answered": "answered when answerable",
    "abstained_silent": "abstained when silent",
    "abstained_absent": "abstained when absent",
    "abstained_near_miss": "abstained when about another of its kind",
    "calibration_error": "expected calibration error",
    "mean_quote_chars": "characters of a quote",
}


def model_card(
    facts: Mapping[str, str],
    recipe: Recipe,
    curve: Sequence[Judgement],
    scores: Mapping[str, Scores],
) -> str:
    """Return the model card as Markdown; `scores` are of readers judged in the same run."""
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
    lines += _table(["measure", *scores], score_rows(scores))
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


def score_rows(scores: Mapping[str, Scores]) -> list[list[str]]:
    """Return a row per measure: its name, and the scores of each reader as text."""
    return [
        [_NAMES[field.name], *(_shown(getattr(of, field.name)) for of in scores.values())]
        for field in fields(Scores)
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}" if value <= 1 else f"{value:.0f}"
