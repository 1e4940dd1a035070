"""Measure quotes and abstention in other languages than English, each among its own distractors.

python -m tests.benchmarks.languages SETS [--model multilingual] [--limit 100] [--data DIR]
    [--languages fr,fa,ar,ru] [--documents N] [--fit OUT] [--json FILE]

SETS holds gzipped JSON lines, a passage with its questions each. The half of a language's
documents that nothing was fitted to is indexed (in DIR, or a temporary folder), and its questions
are asked as a user would; quote@k is without abstention. --fit OUT fits order and confidence of
the multilingual reader on the other half, within a language and across, and writes OUT.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression

from bot.cli import step_bars
from index.core.documents import Span, Step, Vector
from index.core.settings import DEFAULT_COLLECTION, IndexSettings
from index.evaluation.cases import Case, cases_of, observe
from index.evaluation.fitting import fit_calibration
from index.evaluation.metrics import auroc
from index.evaluation.questions import Gold, GoldQuestion, is_covered, is_quoted
from index.library import Library
from index.models import Embedder
from index.models.multilingual import LanguageOffsets
from index.parsers import parse
from index.reader.by_language import Fit, Fits, write_fits
from index.reader.calibration import Calibration, Logistic
from index.reader.sentence_vectors import (
    CONFIDENCE_FEATURES,
    RANKING_FEATURES,
    SentenceVectorReader,
)
from index.reader.word_overlap import Words
from tests.benchmarks.kinds import Document, of_set
from tests.benchmarks.kinds import write as write_documents
from tests.support.silent import without_speakers

SETS = {
    "fr": ("piaf-*.jsonl.gz",),
    "fa": ("pquad-*.jsonl.gz",),
    "ar": ("arcd-*.jsonl.gz", "tydi-ar-*.jsonl.gz"),
    "ru": ("tydi-ru-*.jsonl.gz",),
}
SEED = 2026


def halves(folder: Path, language: str) -> tuple[list[Document], list[Document]]:
    """Return the documents of a language to learn from, and those to measure by."""
    parts: tuple[list[Document], list[Document]] = ([], [])
    for pattern in SETS[language]:
        for document in of_set(folder, pattern):
            subject = (document.title or document.text).split(":")[0]
            parts[random.Random(f"{SEED} {subject}").random() >= 0.5].append(document)
    return parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path)
    parser.add_argument("--model", default="multilingual")
    parser.add_argument("--reader", default="onrecord")
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--languages", default=",".join(SETS))
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--fit", type=Path)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, step_bars() as step:
        data = given.data or Path(scratch)
        settings = IndexSettings(_env_file=None, home=data, model=given.model, reader=given.reader)
        if given.fit:
            fit(given, settings, data, step)
            return
        found = {
            language: measure(*opened(given, language, 1, settings, data, step), given, step)
            for language in given.languages.split(",")
        }
    show(given.model, found)
    if given.json:
        given.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


def opened(
    given: argparse.Namespace,
    language: str,
    half: int,
    settings: IndexSettings,
    data: Path,
    step: Step,
) -> tuple[Library, list[GoldQuestion]]:
    """Return a library of half of the documents of a language, and their questions, shuffled."""
    folder = data / f"{language}-{half}"
    documents = [short(one) for one in halves(given.sets, language)[half][: given.documents]]
    corpus, questions = folder / "corpus", folder / "questions.json"
    if not corpus.exists():
        lines = write_documents(documents, language, corpus, scattered=True)
        random.Random(SEED).shuffle(lines)
        questions.write_text(json.dumps(lines), encoding="utf-8")
    slug = settings.model.rpartition("/")[2]
    own = settings.model_copy(update={"data": folder / slug})
    library = Library(own, None, parse)
    without_speakers(library)
    started = perf_counter()
    report = library.sync(corpus, progress=step(f"Indexing {language}"))
    seconds = perf_counter() - started
    if report.embedded:
        print(f"{language}: {report.embedded} passages, {report.embedded / seconds:.1f} a second")
    asked = [
        GoldQuestion(
            line["question"],
            tuple(
                Gold(a["document"], Span(a["start"], a["start"] + len(a["text"])), a["text"])
                for a in line["answers"]
            ),
            kind=language,
        )
        for line in json.loads(questions.read_text(encoding="utf-8"))
    ]
    return library, asked


def short(document: Document) -> Document:
    """Return a document with a title that a file may have as its name in any script."""
    if document.title:
        document.title = document.title[:60]
    return document


def measure(
    library: Library, questions: Sequence[GoldQuestion], given: argparse.Namespace, step: Step
) -> dict[str, Any]:
    """Return the measures of a library asked up to `--limit` questions of either sort."""
    answerable = [one for one in questions if one.answers][: given.limit]
    others = [one for one in questions if not one.answers][: given.limit]
    progress = step("Asking")
    first, three, answered, right, confidences, silent = [], [], [], [], [], []
    started = perf_counter()
    for done, question in enumerate([*answerable, *others]):
        progress(done, len(answerable) + len(others))
        answer = library.ask(question.text)
        quotes = answer.quotes or answer.closest
        confidences.append(answer.confidence)
        if question.answers:
            first.append(is_quoted(question.answers, quotes, 1))
            three.append(is_quoted(question.answers, quotes, 3))
            answered.append(answer.answered)
            if answer.answered:
                right.append(first[-1])
        else:
            silent.append(not answer.answered)
    seconds = perf_counter() - started
    labels = [bool(question.answers) for question in [*answerable, *others]]
    return {
        "questions": len(answerable),
        "quote_1": share(first),
        "quote_3": share(three),
        "answered": share(answered),
        "right_of_answered": share(right),
        "unanswerable": len(others),
        "abstained": share(silent),
        "auroc": auroc(confidences, labels) if others else None,
        "seconds": seconds / max(1, len(labels)),
    }


def share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None


def show(model: str, found: dict[str, dict[str, Any]]) -> None:
    table = Table("measure", *found, title=model)
    for name in next(iter(found.values())):
        cells = (of[name] for of in found.values())
        table.add_row(
            name,
            *(
                "–" if cell is None else f"{cell:.3f}" if cell < 1.1 else str(cell)
                for cell in cells
            ),
        )
    Console().print(table)


class Remembering:
    """An embedder that embeds each text once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vector] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._embedder, name)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= zip(new, self._embedder.embed_passages(new), strict=True)
        return np.array([self._known[text] for text in texts], np.float32)


def fit(given: argparse.Namespace, settings: IndexSettings, data: Path, step: Step) -> None:
    """Fit the multilingual reader within a language and across, and write what was fitted."""
    cases: list[Case] = []
    for language in given.languages.split(","):
        library, questions = opened(given, language, 0, settings, data, step)
        chosen = [one for one in questions if one.answers][: given.limit]
        chosen += [one for one in questions if not one.answers][: given.limit // 2]
        cases += cases_of(library, chosen, (DEFAULT_COLLECTION,), step("Searching"))
    embedder = Remembering(library.embedder)
    fits = {
        name: fit_lane(embedder, library.words, cases, offsets, step)
        for name, offsets in {"within": None, "across": LanguageOffsets()}.items()
    }
    write_fits(given.fit, Fits(**fits))


def fit_lane(
    embedder: Remembering,
    words: Words,
    cases: Sequence[Case],
    offsets: LanguageOffsets | None,
    step: Step,
) -> Fit:
    """Fit order and confidence; every language weighs the same."""
    nothing = Logistic(features=RANKING_FEATURES, weights=(1.0,) * len(RANKING_FEATURES), bias=0.0)
    empty = Calibration(
        features=CONFIDENCE_FEATURES,
        weights=(0.0,) * len(CONFIDENCE_FEATURES),
        bias=0.0,
        min_confidence=0.5,
    )
    reader = SentenceVectorReader(embedder, words, nothing, empty, offsets=offsets)
    rows, right, kinds = [], [], []
    for case in (case for case in cases if case.sort == "answerable"):
        for rated in reader.rate(case.question, case.retrieved):
            path = rated.reading.passage.document.path
            rows.append(rated.features)
            right.append(is_covered(case.answers, path, rated.reading.span))
            kinds.append(case.kind)
    weights = np.array([1 / kinds.count(kind) for kind in kinds])
    model = LogisticRegression(C=100.0).fit(np.array(rows), right, weights / weights.mean())
    reader.ranking = Logistic(
        features=RANKING_FEATURES,
        weights=tuple(model.coef_[0].tolist()),
        bias=float(model.intercept_[0]),
    )
    observed = observe(reader, cases, step("Fitting the confidence"))
    quoted = [one for one in observed if one.quotes]
    calibration = fit_calibration(CONFIDENCE_FEATURES, quoted)
    print(reader.ranking, calibration, sep="\n")
    return Fit(ranking=reader.ranking, calibration=calibration)


if __name__ == "__main__":
    main()
