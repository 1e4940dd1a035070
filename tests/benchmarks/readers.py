"""Judge the reader that ships beside others, by kinds of questions and sorts of silence.

python -m tests.benchmarks.readers CORPUS QUESTIONS --fit CORPUS QUESTIONS
    [--reader DIR]... [--cross-encoder FILE] [--limit 150] [--data DIR] [--json FILE]

Both corpora are indexed first (in DIR, or a temporary folder). All readers get the same passages,
in one run; orders and confidences are fitted to the questions after --fit, which should be about
other documents. --limit is the number of questions of a kind. --reader names readers that
`onrecord reader train` made; --cross-encoder, an ONNX file, runs on the best sentences of the one
that ships.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression

from bot.cli import step_bars
from index.core.documents import Step, Vector
from index.core.settings import DEFAULT_COLLECTION, DEFAULT_READER, IndexSettings
from index.evaluation.cases import Case, every_case, observe
from index.evaluation.fitting import fit_reader
from index.evaluation.kinds import report_kinds, summarize_kinds
from index.evaluation.questions import GoldQuestion, is_covered, read_questions
from index.library import Library
from index.models import Embedder
from index.reader import Question, Reader, Reading, ReadPassages, Retrieved
from index.reader.calibration import Calibration
from index.reader.loading import open_reader
from index.reader.trained import TrainedReader
from index.reader.word_overlap import Words
from index.training.teacher import OnnxTeacher


class Vectors:
    """Sentences as unit vectors, each embedded once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vector] = {}

    def of(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return them in order: shape (number of texts, dimension)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known |= zip(new, self._embedder.embed_passages(new), strict=True)
        return np.array([self._known[text] for text in texts])


class SentenceVectors:
    """Orders sentences by the cosine of their vector and the question's, joined with BM25 or not.

    The confidence is the best cosine until it is fitted.
    """

    name = "sentence vectors"

    def __init__(self, vectors: Vectors, words: Words, bm25: float) -> None:
        self.calibration = Calibration(
            features=("cosine", "bm25"), weights=(1.0, 0.0), bias=0.0, min_confidence=0.5
        )
        self._vectors = vectors
        self._words = words
        self._bm25 = bm25

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        """Return the sentences of all passages, best first."""
        sentences = {
            (item.passage.document.id, item.passage.first + at): (item.passage, sentence.span)
            for item in retrieved
            for at, sentence in enumerate(item.passage.sentences)
        }
        texts = [passage.cut(span) for passage, span in sentences.values()]
        if not texts:
            return ReadPassages((), np.zeros(2))
        cosine = self._vectors.of(texts) @ question.vector
        bm25 = np.array(self._words.bm25(question.text, texts))
        score = (cosine + self._bm25 * bm25) / (1 + self._bm25)
        order = np.argsort(-score, kind="stable")
        found = list(sentences.items())
        readings = [
            Reading(passage, ordinal, ordinal, span, float(np.clip(score[at], 0, 1)))
            for at in order
            for (_, ordinal), (passage, span) in [found[at]]
        ]
        return ReadPassages(readings, np.array([cosine[order[0]], bm25[order[0]]]))


BEST = 12


class RerankedReader:
    """Orders the best sentences of a reader by its log-odds and the cross-encoder's logit."""

    name = "with the cross-encoder"

    def __init__(self, reader: Reader, cross_encoder: OnnxTeacher) -> None:
        features = (*reader.calibration.features, "cross_encoder", "best_cross_encoder")
        self.calibration = Calibration(
            features=features, weights=(0.0,) * len(features), bias=0.0, min_confidence=0.5
        )
        self._reader = reader
        self._cross_encoder = cross_encoder
        self._known: dict[tuple[str, str], float] = {}
        self._weights = np.array([1.0, 1.0, 0.0])

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        read = self._reader.read(question, retrieved)
        best, rest = list(read.readings[:BEST]), read.readings[BEST:]
        if not best:
            return ReadPassages((), np.zeros(len(self.calibration.features)))
        features = self._features(question, best)
        odds = features @ self._weights
        order = np.argsort(-odds, kind="stable")
        readings = [replace(best[at], score=float(1 / (1 + np.exp(-odds[at])))) for at in order]
        logits = features[:, 1]
        evidence = np.array([*read.evidence, logits[order[0]], logits.max()])
        return ReadPassages([*readings, *rest], evidence)

    def fit(self, cases: Sequence[Case]) -> None:
        """Fit the weights of log-odds and logit; kinds of questions weigh the same."""
        rows, right, kinds = [], [], []
        for case in cases:
            if case.sort == "answerable":
                best = self._reader.read(case.question, case.retrieved).readings[:BEST]
                rows += self._features(case.question, best).tolist() if best else []
                for found in best:
                    path = found.passage.document.path
                    right.append(is_covered(case.answers, path, found.span))
                    kinds.append(case.kind)
        weights = [1 / kinds.count(kind) for kind in kinds]
        weights = np.array(weights) / np.mean(weights)
        model = LogisticRegression(fit_intercept=False).fit(np.array(rows), right, weights)
        self._weights = model.coef_[0]

    def _features(self, question: Question, readings: Sequence[Reading]) -> NDArray[np.float64]:
        """Log-odds, logit and 1 for each reading: shape (readings, 3)."""
        pairs = [(question.text, reading.text) for reading in readings]
        new = [pair for pair in pairs if pair not in self._known]
        if new:
            self._known |= zip(new, self._cross_encoder.score(new).tolist(), strict=True)
        scores = np.clip([reading.score for reading in readings], 1e-6, 1 - 1e-6)
        logits = [self._known[pair] for pair in pairs]
        return np.stack([np.log(scores / (1 - scores)), logits, np.ones(len(pairs))], axis=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--fit", type=Path, nargs=2, required=True)
    parser.add_argument("--reader", type=Path, action="append", default=[])
    parser.add_argument("--cross-encoder", type=Path)
    parser.add_argument("--limit", type=int, default=150)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, step_bars() as step:
        data = given.data or Path(folder)
        library, fitted_on = load(*given.fit, data / "fit", given.limit, step)
        readers = readers_of(library, given.reader, given.cross_encoder)
        for name, reader in readers.items():
            print(f"fitting {name}")
            if isinstance(reader, RerankedReader):
                reader.fit(fitted_on)
            fit_reader(reader, fitted_on, step)
        library.close()
        library, judged_by = load(given.corpus, given.questions, data / "test", given.limit, step)
        scores = {}
        for name, reader in readers.items():
            if isinstance(reader, TrainedReader):
                reader.words = library.words
            start = perf_counter()
            observed = observe(reader, judged_by, step(f"Judging {name}"))
            each_ms = 1000 * (perf_counter() - start) / len(judged_by)
            summary = summarize_kinds(report_kinds(observed, reader.calibration))
            scores[name] = summary | {"ms": each_ms}
            print_kinds(f"{name}: {each_ms:.0f} ms a case", summary)
        library.close()
    if given.json:
        given.json.write_text(json.dumps(scores), encoding="utf-8")


def print_kinds(title: str, summary: Mapping[str, Any]) -> None:
    """Print the measures of a reader as a table, a column a kind."""
    columns = summary["kinds"] | {"mean": summary["mean_of_kinds"]}
    table = Table("measure", *columns, title=title)
    for measure in summary["mean_of_kinds"]:
        values = [column[measure] for column in columns.values()]
        table.add_row(measure, *("–" if v is None else f"{v:.3f}" for v in values))
    Console(highlight=False, width=160).print(table)


def readers_of(
    library: Library, folders: Sequence[Path], cross_encoder: Path | None
) -> dict[str, Reader]:
    """Return what is compared, by name; words count as in `library`."""
    embedder, words, nothing = library.embedder, library.words, Path("no file")
    vectors = Vectors(embedder)
    names = {"ships": DEFAULT_READER} | {folder.name: str(folder) for folder in folders}
    readers: dict[str, Reader] = {"vectors and BM25": SentenceVectors(vectors, words, 0.5)}
    readers |= {
        name: open_reader(of, embedder, words, nothing, Path()) for name, of in names.items()
    }
    if cross_encoder is not None:
        reader = RerankedReader(readers["ships"], OnnxTeacher(cross_encoder))
        readers["ships, with the cross-encoder"] = reader
    return readers


def load(
    corpus: Path, questions: Path, data: Path, limit: int, step: Step
) -> tuple[Library, list[Case]]:
    """Return the library of a corpus, and the cases of the first questions of each kind."""
    library = Library(IndexSettings(data=data, _env_file=None))
    library.sync(corpus, progress=step(f"Indexing {corpus}"))
    of_kind: dict[str, list[GoldQuestion]] = {}
    for question in read_questions(questions):
        of_kind.setdefault(question.kind, []).append(question)
    chosen = [question for found in of_kind.values() for question in found[:limit]]
    return library, every_case(library, chosen, [DEFAULT_COLLECTION], step)


if __name__ == "__main__":
    main()
