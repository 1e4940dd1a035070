"""Measure whether questions of several chats should be read together.

python -m tests.benchmarks.batching FOLDER QUESTIONS [--data DIR]

FOLDER is indexed first (in DIR, or a temporary folder); QUESTIONS is a questions file of `eval`.
The six best passages of four questions go through the reader question by question, and all at
once, in turns.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from index.core.scope import Scope
from index.core.settings import IndexSettings
from index.evaluation.questions import read_questions
from index.library import Library
from index.models.onnx import OnnxSession
from index.reader.loading import SHIPPED
from index.reader.spans import EncodedPair, PairEncoder, header_of

GROUP, PASSAGES, QUESTIONS, ROUNDS = 4, 6, 24, 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library = Library(IndexSettings(data=given.data or Path(folder), _env_file=None))
        library.sync(given.folder)
        asked = read_questions(given.questions)[:QUESTIONS]
        encoder = PairEncoder(SHIPPED / "tokenizer.json")
        work = [pairs_of(library, encoder, question.text) for question in asked]
        library.close()
    session = OnnxSession(SHIPPED / "network.onnx")
    apart, together = [], []
    for at in [*range(0, len(work), GROUP)] * ROUNDS:
        group = work[at : at + GROUP]
        apart.append(seconds(session, group))
        together.append(seconds(session, [[pair for pairs in group for pair in pairs]]))
    ratio = statistics.median(b / a for a, b in zip(apart, together, strict=True))
    print(f"{GROUP} questions apart {statistics.median(apart) * 1000:.0f} ms")
    print(f"{GROUP} questions together {statistics.median(together) * 1000:.0f} ms")
    print(f"together / apart {ratio:.2f}")


def pairs_of(library: Library, encoder: PairEncoder, text: str) -> list[EncodedPair]:
    question = library.question(text, Scope())
    passages = [item.passage for item in library.retrieve(question, Scope(), PASSAGES)]
    return [encoder.encode(text, header_of(passage), passage.text) for passage in passages]


def seconds(session: OnnxSession, batches: list[list[EncodedPair]]) -> float:
    begun = time.perf_counter()
    for pairs in batches:
        session.run([pair.ids for pair in pairs], [pair.types for pair in pairs])
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
