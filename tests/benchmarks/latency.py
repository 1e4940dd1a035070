"""How long an answer takes inside a running process and from a cold one, and where the time goes.

    python -m tests.benchmarks.latency [CORPUS QUESTIONS [COUNT [DATA]]]

Without arguments the documents that ship are asked their own example questions, again and again.
DATA is a folder for the index, which is kept, and used if there is one. Seconds of the processor,
of all threads, stand beside those of the clock, as they hardly depend on what else runs. The last
row of the table is the side-by-side: the model reading one passage alone, in the same run, so that
figures of two machines can be compared as ratios.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from time import perf_counter, process_time

from rich.console import Console
from rich.table import Table

from bot.cli import progress_bar
from index.core.settings import SEEDS, IndexSettings
from index.evaluation.metrics import percentiles
from index.evaluation.questions import read_questions
from index.library import Library

COUNT = 100
REPEATS = 20


COLD_RUNS = 3


def main(corpus: Path, questions: Path | None, count: int, data: Path | None) -> None:
    """Index, ask `count` questions one after another, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        settings = IndexSettings(data=data or Path(folder))
        library = Library(settings)
        if library.store.revision() == 0:
            with progress_bar("Indexing") as progress:
                library.sync(corpus, progress=progress)
        library.warm_up()
        asked = [gold.text for gold in read_questions(questions)] if questions else []
        texts = list(islice(cycle(asked or library.examples()), count))
        answers, processor_ms = [], []
        with progress_bar("Asking") as progress:
            for done, text in enumerate(texts, start=1):
                start = process_time()
                answers.append(library.ask(text))
                processor_ms.append((process_time() - start) * 1000)
                progress(done, count)
        passages = library.status().passages
        reading_ms = measure_one_passage(library)
        library.close()
        memory_mb = getrusage(RUSAGE_SELF).ru_maxrss / 1024
        ask_cold(settings.data, texts[0], Path(folder))
        cold = [ask_cold(settings.data, text, Path(folder)) for text in texts[:COLD_RUNS]]

    steps: dict[str, list[float]] = {}
    for answer in answers:
        for step, elapsed_ms in answer.steps_ms:
            steps.setdefault(step, []).append(elapsed_ms)
    totals = [answer.elapsed_ms for answer in answers]
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    table = Table(
        "step", "p50 ms", "p95 ms", "share", title=f"{count} questions, {passages:,} passages"
    )
    rows = [*steps.items(), ("total", totals), ("processor, total", processor_ms)]
    for step, times in [*rows, ("one passage", reading_ms)]:
        p50, p95 = percentiles(times)
        share = f"{sum(times) / sum(totals):.0%}" if step in steps else ""
        table.add_row(step, f"{p50:.1f}", f"{p95:.1f}", share)
    Console().print(machine, table)
    clock, processor = (median(times) for times in zip(*cold, strict=True))
    print(
        f"{memory_mb:.0f} MB at most; a cold `onrecord ask` takes {clock:.2f} s, {processor:.2f} s "
        f"of the processor (medians of {COLD_RUNS})"
    )


def ask_cold(data: Path, question: str, compiled: Path) -> tuple[float, float]:
    """Return the seconds of the clock and of the processor that a process takes for an answer.

    The first one leaves its modules in a folder, `compiled`, as an installation does.
    """
    kept = {name: of for name, of in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept["PYTHONPYCACHEPREFIX"] = str(compiled / "compiled")
    before = getrusage(RUSAGE_CHILDREN)
    start = perf_counter()
    command = [sys.executable, "-m", "bot", "ask", question, "--data", str(data)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=kept)
    seconds, after = perf_counter() - start, getrusage(RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
        Path(given[3]) if len(given) > 3 else None,
    )
