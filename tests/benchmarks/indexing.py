"""Passages a second of our embedder beside sentence-transformers' `encode`, in turns.

    python -m tests.benchmarks.indexing FOLDER [COUNT]

Both embed the same passages of the folder's text files, with the same weights and as many threads
as the machine has. The last line is the time until they are stored, all steps included.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from sentence_transformers import SentenceTransformer

from index.core.settings import IndexSettings
from index.library import Library
from index.models.minilm import bundled_model

COUNT, TURNS = 64, 3


def main(folder: Path, count: int = COUNT) -> None:
    """Embed `count` passages with both, TURNS times, and print medians and ratios."""
    with tempfile.TemporaryDirectory() as data:
        library = Library(IndexSettings(data=Path(data)))
        library.embedder.embed_question("Is everything loaded?")
        files = sorted(folder.glob("*.txt"))[: count // 2]
        start, cpu = perf_counter(), process_time()
        report = library.add(files)
        stored = perf_counter() - start, process_time() - cpu
        ids = [int(at) for of in library.store.passages.ids().values() for at in of][:count]
        texts = [passage.text for passage in library.store.passages.read(ids)]
        original = SentenceTransformer(str(bundled_model()), device="cpu")
        turns = [
            (timed(library.embedder.embed_passages, texts), timed(original.encode, texts))
            for _ in range(TURNS)
        ]
        library.close()
    for at, name in enumerate(("wall", "processor")):
        ours, theirs = ([turn[who][at] for turn in turns] for who in (0, 1))
        ratio = median(b / a for a, b in zip(ours, theirs, strict=True))
        print(
            f"{name}: {len(texts) / median(ours):.1f} passages/s, encode "
            f"{len(texts) / median(theirs):.1f}, ratio {ratio:.2f}"
        )
    rates = ", ".join(f"{report.embedded / seconds:.1f}" for seconds in stored)
    print(f"parsed, attributed, embedded and stored, wall and processor: {rates} passages/s")


def timed(embed: Callable[[Sequence[str]], object], texts: Sequence[str]) -> tuple[float, float]:
    """Return the wall and the processor seconds of embedding all texts."""
    start, cpu = perf_counter(), process_time()
    embed(texts)
    return perf_counter() - start, process_time() - cpu


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
