"""Fits the confidence of the late-interaction reader, and says how often its threshold errs.

    python -m tests.benchmarks.fit_confidence DATA QUESTIONS ABSENT

DATA is an index (`onrecord index sync CORPUS --data DATA`); QUESTIONS a questions file about its
documents; ABSENT one whose questions they do not answer. Each answerable question is asked twice:
as it is, and with the paragraphs that answer taken away, as in documents that touch a subject and
are silent on the point. Prints what to put into index/reader/late_interaction.py.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

from index.answer import READ_PASSAGES, compose
from index.library import Library
from index.metrics import expected_calibration_error
from index.questions import Gold, GoldQuestion, read_questions
from index.reader import Question, Retrieved
from index.reader.late_interaction import EVIDENCE, LateInteractionReader
from index.settings import DEFAULT_COLLECTION, IndexSettings


class Sample(NamedTuple):
    """One question asked: the evidence, whether the first quote answered, and of which kind."""

    evidence: np.ndarray
    right: bool
    kind: str


def main(data: Path, questions: Path, absent: Path) -> None:
    """Ask, fit, and print."""
    library = Library(IndexSettings(data=data))
    library.warm_up()
    samples = []
    for gold in [*read_questions(questions), *read_questions(absent)]:
        samples += ask(library, gold)
        if len(samples) % 50 < 2:
            print(len(samples), file=sys.stderr)
    report(samples)


def ask(library: Library, gold: GoldQuestion) -> list[Sample]:
    """Ask a question with all passages, and, if they answer, without those that do."""
    question = Question(gold.text, library.embedder.embed_question(gold.text))
    found = library.retrieve(question, [DEFAULT_COLLECTION], 2 * READ_PASSAGES)
    kinds = {"present" if gold.answers else "absent": found[:READ_PASSAGES]}
    if gold.answers:
        silent = [item for item in found if not any(holds(item, a) for a in gold.answers)]
        kinds["silent"] = silent[:READ_PASSAGES]
    reader = LateInteractionReader(library.embedder, library.analyzer, library.count_passages)
    samples = []
    for kind, retrieved in kinds.items():
        if ranked := reader.rank(question, retrieved):
            first = compose([scored.to_reading() for scored in ranked], retrieved)[0]
            right = any(
                a.document == first.document.path and first.span.covers(a.span)
                for a in gold.answers
            )
            samples.append(Sample(reader.evidence(question, ranked[0]), right, kind))
    return samples


def holds(item: Retrieved, answer: Gold) -> bool:
    """Whether a passage has a sentence of a paragraph that answers."""
    passage = item.passage
    answering = {s.paragraph for s in passage.sentences if s.span.overlaps(answer.span)}
    return passage.document.path == answer.document and bool(answering)


def report(samples: Sequence[Sample]) -> None:
    """Fit on all, judge by cross-validation, print both."""
    evidence = np.array([sample.evidence for sample in samples])
    right = np.array([sample.right for sample in samples])
    kinds = np.array([sample.kind for sample in samples])
    # Answerable and unanswerable questions weigh the same, whatever their numbers.
    weights = np.where(kinds == "present", 1.0, 0.5)
    model = LogisticRegression(C=10, max_iter=1000)
    fitted = cross_val_predict(
        model, evidence, right, cv=10, method="predict_proba", params={"sample_weight": weights}
    )[:, 1]
    model.fit(evidence, right, sample_weight=weights)
    print("weights", dict(zip(EVIDENCE, model.coef_[0].round(2).tolist(), strict=True)))
    print("bias", round(float(model.intercept_[0]), 2))
    present = kinds == "present"
    print("expected calibration error", expected_calibration_error(fitted.tolist(), right.tolist()))
    for kind in ("absent", "silent"):
        chosen = present | (kinds == kind)
        print(f"AUROC present / {kind}", roc_auc_score(present[chosen], fitted[chosen]))
    print("threshold  answered when present / when right   abstained when silent / when absent")
    for threshold in np.arange(0.1, 0.65, 0.05):
        answered = fitted >= threshold
        shares = [
            answered[present].mean(),
            answered[right].mean(),
            1 - answered[kinds == "silent"].mean(),
            1 - answered[kinds == "absent"].mean(),
        ]
        print(f"{threshold:9.2f}", *(f"{share:.3f}" for share in shares))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
