"""Judge the reader that ships beside one without training and beside plain sentence vectors.

python -m tests.benchmarks.readers CORPUS QUESTIONS [--fit QUESTIONS] [--limit 400] [--data DIR]

CORPUS is indexed first (in DIR, or a temporary folder). All readers get the same passages, in one
run. Orders and confidences are those that ship; with --fit, all confidences and the order of the
reader that ships are fitted to those questions.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from bot.cli import progress_bar, step_bars
from bot.cli.train import score_table
from index.core.documents import Vector
from index.core.settings import DEFAULT_COLLECTION, DEFAULT_READER, IndexSettings
from index.evaluation.cases import Case, cases_of
from index.evaluation.evaluate import judge
from index.evaluation.fitting import fit_reader
from index.evaluation.questions import read_questions
from index.library import Library
from index.models import Embedder
from index.reader import Question, Reader, Reading, ReadPassages, Retrieved
from index.reader.calibration import Calibration
from index.reader.loading import UNTRAINED, open_reader
from index.reader.word_overlap import Words


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--fit", type=Path)
    parser.add_argument("--limit", type=int, default=400)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library = Library(IndexSettings(data=given.data or Path(folder), _env_file=None))
        with progress_bar("Indexing") as progress:
            library.sync(given.corpus, progress=progress)
        readers = readers_of(library)
        with step_bars() as step:
            if given.fit:
                fitted_on = sample(library, given.fit, given.limit)
                for reader in readers.values():
                    fit_reader(reader, fitted_on, step)
            judged_by = sample(library, given.questions, given.limit)
            scores = {
                name: judge(reader, judged_by, step(f"Judging {name}"))
                for name, reader in readers.items()
            }
        library.close()
    Console(highlight=False).print(score_table(scores))


def readers_of(library: Library) -> dict[str, Reader]:
    """Return what is compared, by name."""
    embedder, words = library.embedder, library.words
    vectors, nothing = Vectors(embedder), Path("no file")
    return {
        "sentence vectors": SentenceVectors(vectors, words, 0.0),
        "vectors and BM25": SentenceVectors(vectors, words, 0.5),
        "without training": open_reader(UNTRAINED, embedder, words, nothing),
        "the one that ships": open_reader(DEFAULT_READER, embedder, words, nothing),
    }


def sample(library: Library, file: Path, limit: int) -> list[Case]:
    """Return the cases of some of the questions of a file, always the same."""
    questions = read_questions(file)
    chosen = random.Random(0).sample(questions, min(limit, len(questions)))
    return list(cases_of(library, chosen, [DEFAULT_COLLECTION]))


if __name__ == "__main__":
    main()
