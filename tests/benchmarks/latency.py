"""How long an answer takes inside a running process, and where the time goes.

    python -m tests.benchmarks.latency [CORPUS QUESTIONS [COUNT]]

Without arguments the documents that ship are asked their own example questions, again and again.
The last row is the side-by-side: the model reading one passage alone, in the same run, so that
figures of two machines can be compared as ratios.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from bot.cli import progress_bar
from index.core.settings import SEEDS, IndexSettings
from index.evaluation.metrics import percentiles
from index.evaluation.questions import read_questions
from index.library import Library

COUNT = 100
REPEATS = 20


def main(corpus: Path, questions: Path | None, count: int) -> None:
    """Index, ask `count` questions one after another, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        library = Library(IndexSettings(data=Path(folder)))
        with progress_bar("Indexing") as progress:
            library.sync(corpus, progress=progress)
        library.warm_up()
        asked = [gold.text for gold in read_questions(questions)] if questions else []
        texts = list(islice(cycle(asked or library.examples()), count))
        answers = []
        with progress_bar("Asking") as progress:
            for done, text in enumerate(texts, start=1):
                answers.append(library.ask(text))
                progress(done, count)
        passages = library.status().passages
        reading_ms = measure_one_passage(library)
        library.close()

    steps: dict[str, list[float]] = {}
    for answer in answers:
        for step, elapsed_ms in answer.steps_ms:
            steps.setdefault(step, []).append(elapsed_ms)
    totals = [answer.elapsed_ms for answer in answers]
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    table = Table(
        "step", "p50 ms", "p95 ms", "share", title=f"{count} questions, {passages:,} passages"
    )
    for step, times in [*steps.items(), ("total", totals), ("one passage", reading_ms)]:
        p50, p95 = percentiles(times)
        share = f"{sum(times) / sum(totals):.0%}" if step != "one passage" else ""
        table.add_row(step, f"{p50:.1f}", f"{p95:.1f}", share)
    Console().print(machine, table)


def measure_one_passage(library: Library) -> list[float]:
    """Return the milliseconds that the model takes for a passage of full length, some times."""
    text = "word " * library.embedder.max_tokens
    times = []
    for _ in range(REPEATS):
        start = perf_counter()
        library.embedder.embed_passages([text])
        times.append((perf_counter() - start) * 1000)
    return times


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        Path(given[0]) if given else SEEDS,
        Path(given[1]) if len(given) > 1 else None,
        int(given[2]) if len(given) > 2 else COUNT,
    )
