"""Passages a second of our embedder beside sentence-transformers' `encode`, in turns.

    python -m tests.benchmarks.indexing FOLDER [COUNT]

Both embed the same passages of the folder's text files, with the same weights and as many threads
as the machine has. Beside it stands the share of the peak that a product of large matrices of 8
bits reaches in the same run. The last lines are the time until the passages are stored, all steps
but parsing included, which other processes do meanwhile, with and without who says what.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TypeVar

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from onnxruntime import InferenceSession, SessionOptions
from sentence_transformers import SentenceTransformer

from index.core.documents import Sentence, Span
from index.core.settings import IndexSettings
from index.library import Library
from index.models.minilm import bundled_model
from tests.support.silent import without_speakers

COUNT, TURNS = 64, 3
LAYERS, WIDTH, INNER = 6, 384, 1536
SPOKEN = "“All is quiet,” the mayor said."
T = TypeVar("T")


def main(folder: Path, count: int = COUNT) -> None:
    """Embed `count` passages with both, TURNS times, and print medians and ratios."""
    with tempfile.TemporaryDirectory() as data:
        library = Library(IndexSettings(data=Path(data)))
        library.embedder.embed_question("Is everything loaded?")
        files = sorted(folder.glob("*.txt"))[: count // 2]
        library.add(files)
        ids = [int(at) for of in library.store.passages.ids().values() for at in of][:count]
        texts = [passage.text for passage in library.store.passages.read(ids)]
        original = SentenceTransformer(str(bundled_model()), device="cpu")
        turns = [
            (timed(library.embedder.embed_passages, texts), timed(original.encode, texts))
            for _ in range(TURNS)
        ]
        products = sum(map(products_of, library.embedder.count_tokens(texts)))
        peak = matrix_peak()
        library.close()
    for at, name in enumerate(("wall", "processor")):
        ours, theirs = ([turn[who][at] for turn in turns] for who in (0, 1))
        ratio = median(b / a for a, b in zip(ours, theirs, strict=True))
        print(
            f"{name}: {len(texts) / median(ours):.1f} passages/s, encode "
            f"{len(texts) / median(theirs):.1f}, ratio {ratio:.2f}"
        )
    reached = products / median(ours)
    print(
        f"{reached / 1e9:.0f} billion products a second of the processor, "
        f"{reached / peak:.2f} of the peak of {peak / 1e9:.0f}"
    )
    stored = [(timed_storing(files), timed_storing(files, silent=True)) for _ in range(TURNS)]
    for at, name in enumerate(("wall", "processor")):
        with_speakers, without = (median(turn[who][at] for turn in stored) for who in (0, 1))
        ratio = median(one[at] / other[at] for one, other in stored)
        print(
            f"{name}: attributed, embedded and stored {len(files)} files in {with_speakers:.1f} s, "
            f"without speakers {without:.1f} s, ratio {ratio:.2f}"
        )


def timed_storing(files: Sequence[Path], *, silent: bool = False) -> tuple[float, float]:
    """Return the wall and the processor seconds of indexing files anew."""
    with tempfile.TemporaryDirectory() as data:
        library = Library(IndexSettings(data=Path(data)))
        if silent:
            library = without_speakers(library)
        library.embedder.embed_question("Is everything loaded?")
        library.attributions.tagger.find(SPOKEN, [Sentence(Span(0, len(SPOKEN)), 1)])
        seconds = timed(library.add, files)
        library.close()
    return seconds


def products_of(pieces: int) -> int:
    """Return how many products of two numbers MiniLM takes for a text."""
    pieces = min(pieces + 2, 256)
    return LAYERS * pieces * (4 * WIDTH**2 + 2 * WIDTH * INNER + 2 * pieces * WIDTH)


def matrix_peak(size: int = 1024, runs: int = 10) -> float:
    """Return the products a second of the processor of two large matrices of 8 bits, at best."""
    info, weights = helper.make_tensor_value_info, np.ones((size, size), np.int8)
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["a", "b"], ["c"])],
        "peak",
        [info("a", TensorProto.UINT8, [size, size])],
        [info("c", TensorProto.INT32, [size, size])],
        [numpy_helper.from_array(weights, "b")],
    )
    opset = helper.make_opsetid("", 17)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=10)
    options = SessionOptions()
    options.intra_op_num_threads = 1
    session = InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    feed = {"a": np.ones((size, size), np.uint8)}
    seconds = [timed(lambda _: session.run(None, feed), ())[1] for _ in range(runs)]
    return size**3 / min(seconds)


def timed(run: Callable[[Sequence[T]], object], given: Sequence[T]) -> tuple[float, float]:
    """Return the wall and the processor seconds of running a function."""
    start, cpu = perf_counter(), process_time()
    run(given)
    return perf_counter() - start, process_time() - cpu


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
