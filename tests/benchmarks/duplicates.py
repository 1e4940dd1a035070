"""How well stories that were edited are known again, and what that costs.

    python -m tests.benchmarks.duplicates FOLDER [COUNT]

Each of COUNT articles of FOLDER is stored beside variants of itself. "linked": the share of the
variant's sentences of eight words or more whose passage is linked with one of the original.
"cited": the share for which the original's sentence is found to say the same. In "updated" every
number is another and every "is", "was" or "will" denied; there only the sentences concerned count,
and cited must be 0. The cost is set beside that of embedding the same passages.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from index.answering.agreement import find_also
from index.core.documents import Passage
from index.core.scope import Scope
from index.core.settings import IndexSettings
from index.library import Library
from index.reader import Reading
from index.store.database import writing
from index.store.duplicates import forget_duplicates, link_duplicates, read_texts
from index.store.schema import bands
from index.text.paraphrase import words_of
from tests.support.embedder import HashEmbedder

COUNT = 200
MIN_WORDS = 8
EMBEDDED = 200
NUMBER = re.compile(r"\d+")
TURN = re.compile(r"\b(is|was|will)\b")
ADDED = ("officials", "the", "also", "said", "new")

Paragraphs = list[str]


def headline(paragraphs: Paragraphs) -> Paragraphs:
    """Another headline, and a dateline."""
    return ["Other words stand above it", f"LONDON (Reuters) - {paragraphs[1]}", *paragraphs[2:]]


def cut(paragraphs: Paragraphs) -> Paragraphs:
    """Without the last third."""
    return paragraphs[: max(3, len(paragraphs) * 2 // 3)]


def regrouped(paragraphs: Paragraphs) -> Paragraphs:
    """The same sentences in other paragraphs."""
    sentences = [s for p in paragraphs[1:] for s in re.split(r"(?<=[.!?])\s+", p)]
    grouped = [paragraphs[0]]
    while sentences:
        size = random.choice((1, 2, 3))
        grouped.append(" ".join(sentences[:size]))
        sentences = sentences[size:]
    return grouped


def edited(paragraphs: Paragraphs) -> Paragraphs:
    """One word in fifty replaced, and one in fifty left out."""
    changed = []
    for paragraph in paragraphs:
        words = paragraph.split()
        for at in range(len(words)):
            chance = random.random()
            if chance < 0.04:
                words[at] = random.choice(ADDED) if chance < 0.02 else ""
        changed.append(" ".join(filter(None, words)))
    return changed


def updated(paragraphs: Paragraphs) -> Paragraphs:
    """Other numbers, and denials."""
    return [
        TURN.sub(r"\1 not", NUMBER.sub(lambda found: str(int(found[0]) + 7), paragraph))
        for paragraph in paragraphs
    ]


VARIANTS: dict[str, Callable[[Paragraphs], Paragraphs]] = {
    "headline": headline,
    "cut": cut,
    "regrouped": regrouped,
    "edited": edited,
    "all of these": lambda paragraphs: edited(regrouped(cut(headline(paragraphs)))),
    "updated": updated,
}


def read_articles(folder: Path) -> Iterator[Paragraphs]:
    """Yield the paragraphs of the articles of some length."""
    for path in sorted(folder.rglob("*.txt")):
        text = path.read_text(encoding="utf-8", errors="replace")
        paragraphs = [block.strip() for block in text.split("\n\n") if block.strip()]
        if len(paragraphs) >= 6:
            yield paragraphs


def judge(library: Library, name: str) -> tuple[int, int, int]:
    """Return how many sentences of a variant there are, are linked and are cited."""
    store = library.store
    ids = store.passages.ids_within(Scope(source=f"{name}.txt")).tolist()
    total = linked = cited = 0
    for passage in store.passages.read(ids):
        original = passage.document.path.replace(f"{name}.txt", "original.txt")
        for reading in readings(passage):
            text = passage.cut(reading.span)
            if name == "updated" and not (NUMBER.search(text) or TURN.search(text)):
                continue
            found = store.passages.duplicates(passage.document.id, reading.span, Scope())
            siblings = [p for p in store.passages.read(found) if p.document.path == original]
            total += 1
            linked += bool(siblings)
            cited += bool(find_also(reading, siblings))
    return total, linked, cited


def readings(passage: Passage) -> Iterator[Reading]:
    """Yield the longer sentences of a passage."""
    for at, sentence in enumerate(passage.sentences, start=passage.first):
        if len(words_of(passage.cut(sentence.span))) >= MIN_WORDS:
            yield Reading(passage, at, at, sentence.span, 1.0)


def measure_cost(library: Library) -> tuple[int, float, float, float]:
    """Return passages, ms a passage to link and to embed, and bands a passage."""
    store = library.store
    ids = [int(at) for found in store.passages.ids().values() for at in found]
    with writing(store._engine) as connection:
        texts = read_texts(connection, ids)
        forget_duplicates(connection)
        start = perf_counter()
        for at in range(0, len(ids), 64):
            link_duplicates(connection, {i: texts[i] for i in ids[at : at + 64]})
        linking_s = perf_counter() - start
        rows = connection.execute(select(func.count()).select_from(bands)).scalar_one()
    sample = [texts[i] for i in ids[:EMBEDDED]]
    embedder = Library(IndexSettings(data=Path(tempfile.mkdtemp()))).embedder
    embedder.embed_passages(sample[:8])
    start = perf_counter()
    embedder.embed_passages(sample)
    embedding_ms = (perf_counter() - start) * 1000 / len(sample)
    return len(ids), linking_s * 1000 / len(ids), embedding_ms, rows / len(ids)


def main(folder: Path, count: int) -> None:
    """Store the articles and their variants, and print the two tables."""
    random.seed(1)
    articles = list(read_articles(folder))
    random.shuffle(articles)
    with tempfile.TemporaryDirectory() as made:
        shelf, data = Path(made) / "shelf", Path(made) / "data"
        for at, paragraphs in enumerate(articles[:count]):
            place = shelf / f"{at:04}"
            place.mkdir(parents=True)
            for name, change in {"original": lambda p: p, **VARIANTS}.items():
                (place / f"{name}.txt").write_text("\n\n".join(change(paragraphs)))
        library = Library(IndexSettings(data=data), HashEmbedder(max_tokens=256))
        library.sync(shelf)
        table = Table("variant", "sentences", "linked", "cited", title=f"{count} articles")
        for name in VARIANTS:
            total, linked, cited = judge(library, name)
            table.add_row(name, f"{total:,}", f"{linked / total:.1%}", f"{cited / total:.1%}")
        passages, linking_ms, embedding_ms, rows = measure_cost(library)
        library.close()
    Console().print(table)
    Console().print(
        f"{passages:,} passages: {linking_ms:.2f} ms each to link ({rows:.0f} bands), "
        f"{embedding_ms:.1f} ms to embed"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else COUNT)
