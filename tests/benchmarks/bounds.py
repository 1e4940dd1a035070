"""How much time and memory the largest accepted upload of each format takes.

    python -m tests.benchmarks.bounds [--formats .txt .csv]

A file of prose, of 60,000 paragraphs or 20 MB, is indexed with the limits as they ship; if it is
refused, the refusal is printed and one half as long is tried. Each runs in a process with the
models loaded, as the bot has them, but the passages are not embedded: that takes its time, about 10
ms a passage, and no further memory. Peaks are of the whole run, also of the process that reads.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
from reportlab.pdfgen.canvas import Canvas
from rich.console import Console
from rich.table import Table

from index.core.documents import Vector
from index.core.settings import IndexSettings
from index.library import Library
from index.models.minilm import MiniLM
from tests.support import ROOT
from tests.support.drawing import WORDS
from tests.support.samples import samples

PARAGRAPHS = 60_000
MAX_BYTES = 20_000_000
LINES_OF_A_PAGE = 45


class Unembedded(MiniLM):
    """The model, but for the vectors of many passages, which are drawn by chance."""

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        if len(texts) == 1:
            return super().embed_passages(texts)
        chance = np.random.default_rng(len(texts[0]))
        vectors = chance.normal(size=(len(texts), self.dimension))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def prose(paragraphs: int) -> list[str]:
    """Return paragraphs of three sentences, of about 250 characters each."""
    chance = random.Random(paragraphs)
    sentences = (
        f"{' '.join(chance.choices(WORDS, k=10)).capitalize()} {at}."
        for at in range(3 * paragraphs)
    )
    return [" ".join(three) for three in zip(sentences, sentences, sentences, strict=True)]


def write(suffix: str, paragraphs: int) -> bytes:
    if suffix != ".pdf":
        return samples(prose(paragraphs), (suffix,))[suffix]
    made = io.BytesIO()
    canvas = Canvas(made)
    for at, line in enumerate(prose(paragraphs)):
        canvas.drawString(20, 800 - 16 * (at % LINES_OF_A_PAGE), line[:110])
        if at % LINES_OF_A_PAGE == LINES_OF_A_PAGE - 1:
            canvas.showPage()
    canvas.save()
    return made.getvalue()


def measure(file: Path) -> None:
    """Index a file and print what that took, as JSON."""
    with tempfile.TemporaryDirectory() as data:
        settings = IndexSettings(_env_file=None, data=Path(data), home=ROOT / ".onrecord")
        library = Library(settings, Unembedded(settings.models_folder))
        library.index_seeds()
        library.warm_up()
        found: dict[str, object] = {"mb": file.stat().st_size / 1e6, "before_mb": peak_mb()}
        begun = perf_counter()
        report = library.add_document(file, "library", lambda *_: None, file.name)
        found["seconds"] = perf_counter() - begun
        if report.failed:
            found["refused"] = report.failed[0].reason
        found["passages"] = report.embedded
        library.close()
    found |= {"own_mb": peak_mb(), "reader_mb": peak_mb(resource.RUSAGE_CHILDREN)}
    print(json.dumps(found))


def peak_mb(who: int = resource.RUSAGE_SELF) -> float:
    """Return the most memory that was resident at a time; Linux counts it in kilobytes."""
    return resource.getrusage(who).ru_maxrss / 1000


def main(formats: Sequence[str]) -> None:
    console = Console()
    title = f"largest accepted uploads; {os.cpu_count()} cores, {platform.machine()}"
    columns = "format", "MB", "passages", "seconds", "MB before", "peak MB", "reader's peak MB"
    table = Table(*columns, title=title)
    for suffix in formats:
        paragraphs = PARAGRAPHS
        while True:
            data = write(suffix, paragraphs)
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder, f"a{suffix}")
                file.write_bytes(data)
                command = [sys.executable, "-m", "tests.benchmarks.bounds", "--measure", str(file)]
                done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
            found = json.loads(done.stdout)
            if len(data) <= MAX_BYTES and "refused" not in found:
                break
            console.print(
                f"{suffix}, {len(data) / 1e6:.1f} MB: {found.get('refused', 'too large')}"
            )
            paragraphs //= 2
        values = (
            found[name] for name in ("passages", "seconds", "before_mb", "own_mb", "reader_mb")
        )
        table.add_row(suffix, f"{found['mb']:.1f}", *(f"{value:,.0f}" for value in values))
    console.print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--formats", nargs="+", default=sorted(samples()))
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        measure(given.measure)
    else:
        main(given.formats)
