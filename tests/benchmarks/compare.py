"""Onrecord beside txtai, Haystack and LangChain, on the same sentences and questions.

    make compare [CORPUS=FOLDER QUESTIONS=FILE]

A third of the documents with answers is left out: their questions should get no answer. Each
program runs in a process of its own, ours among them; times are of the processor, so that other
work on the machine counts little. Without a corpus it is the article that ships.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from index.core.documents import Span
from index.core.settings import SEEDS, IndexSettings
from index.evaluation.metrics import auroc, percentiles, share
from index.evaluation.questions import Gold, GoldQuestion, is_covered, read_questions
from index.library import Library

RIVALS = ("txtai", "haystack", "langchain")
PYTHON = Path(".compare/bin/python")
SEED_QUESTIONS = (
    ("Which countries border the areas that the Taliban has overrun?", "bordering five countries"),
    ("Which border crossing with Iran did the Taliban take?", "Islam Qala border crossing"),
    ("How many districts did the Taliban capture?", "more than 100 districts"),
    ("How many Taliban were killed near Qala-e-Naw?", "69 Taliban had been killed"),
)
UNANSWERED = ("Who won the cup final?", "What does a kilogram of rice cost?", "Who wrote Hamlet?")


def main(corpus: Path, questions: Path | None, count: int = 200) -> None:
    """Index and ask with all four, and print the table."""
    asked = read_questions(questions)[:count] if questions else list(seed_questions())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = sorted(corpus.glob("*.txt"))
        answering = sorted({gold.document for question in asked for gold in question.answers})
        absent = set(answering[::3]) if questions else set()
        (folder / "corpus").mkdir()
        for file in files:
            if file.name not in absent:
                shutil.copy(file, folder / "corpus")
        texts, places = write_inputs(folder, asked)
        rows = {"onrecord": run(folder, [sys.executable, "-m", __spec__.name, "--ours", name])}
        for rival in RIVALS:
            script = Path(__file__).parent / "rivals" / "search.py"
            rows[rival] = run(folder, [str(PYTHON), str(script), rival])
        disk = sum(file.stat().st_size for file in (folder / "data").rglob("*") if file.is_file())
        rows["onrecord"]["disk_mb"] = disk / 1e6
    table = Table(title=f"{len(asked)} questions, {len(texts):,} sentences")
    columns = ("", "quote@1", "quote@3", "AUROC", "sentences/s", "p50 ms", "p95 ms", "MB", "cold s")
    for column in columns:
        table.add_column(column, justify="right" if column else "left")
    for program, figures in rows.items():
        table.add_row(program, *judge(figures, asked, absent, places, len(texts)))
    Console(width=110).print(table)
    print(f"Onrecord's index with its texts: {rows['onrecord']['disk_mb']:.1f} MB on disk")


def seed_questions() -> list[GoldQuestion]:
    """Return questions about the article that ships, some of which it does not answer."""
    (file,) = SEEDS.glob("*.txt")
    text = file.read_text(encoding="utf-8")
    found = [
        GoldQuestion(
            question, (Gold(file.name, Span(at := text.index(part), at + len(part)), part),)
        )
        for question, part in SEED_QUESTIONS
    ]
    return [*found, *(GoldQuestion(question, ()) for question in UNANSWERED)]


def write_inputs(
    folder: Path, asked: list[GoldQuestion]
) -> tuple[list[str], list[tuple[str, Span]]]:
    """Write the sentences, as our own splitter cuts them, and the questions; return the first."""
    library = Library(IndexSettings(data=folder / "data"))
    library.embedder.embed_question("Is everything loaded?")
    begin = time.process_time() + children_s()
    library.sync(folder / "corpus")
    texts, places = [], []
    for document in library.documents():
        source = library.store.attributions.source(document.id)
        if source is not None:
            text, sentences = source
            texts += [sentence.span.cut(text) for sentence in sentences]
            places += [(document.path, sentence.span) for sentence in sentences]
    library.close()
    spent = {"index_cpu_s": time.process_time() + children_s() - begin}
    (folder / "spent.json").write_text(json.dumps(spent), encoding="utf-8")
    (folder / "sentences.json").write_text(json.dumps(texts), encoding="utf-8")
    questions = json.dumps([question.text for question in asked])
    (folder / "questions.json").write_text(questions, encoding="utf-8")
    return texts, places


def children_s() -> float:
    """Return the processor seconds of the processes that ended, such as the one that parses."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(folder: Path, command: list[str]) -> dict[str, Any]:
    """Run one program on the inputs and return what it wrote."""
    given = [str(folder / name) for name in ("sentences.json", "questions.json", "out.json")]
    subprocess.run([*command, *given], check=True)
    figures: dict[str, Any] = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    return figures


def ask_ours(folder: Path, questions: Path, out: Path) -> None:
    """Ask our own library, in a process of its own."""
    asked = json.loads(questions.read_text(encoding="utf-8"))
    library = Library(IndexSettings(data=folder / "data"))
    library.ask(asked[0])
    figures = json.loads((folder / "spent.json").read_text(encoding="utf-8"))
    figures["cold_cpu_s"] = time.process_time()  # since the process began
    found, confidences, times = [], [], []
    for question in asked:
        cpu = time.process_time()
        answer = library.ask(question)
        times.append((time.process_time() - cpu) * 1000)
        quotes = (*answer.quotes, *answer.closest)
        found.append([(q.document.path, q.span.start, q.span.end) for q in quotes])
        confidences.append(answer.confidence)
    library.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures |= {"quotes": found, "confidences": confidences, "cpu_ms": times, "memory_mb": memory}
    out.write_text(json.dumps(figures), encoding="utf-8")


def judge(
    figures: dict[str, Any],
    asked: list[GoldQuestion],
    absent: set[str],
    places: list[tuple[str, Span]],
    count: int,
) -> list[str]:
    """Return the cells of one program's row."""
    if "quotes" in figures:
        quotes = [[(path, Span(*ends)) for path, *ends in of] for of in figures["quotes"]]
        scores = figures["confidences"]
    else:
        quotes = [[places[at] for at, _ in of] for of in figures["found"]]
        scores = [max((score for _, score in of), default=-1e9) for of in figures["found"]]
    is_answered = [
        bool(one.answers) and not {gold.document for gold in one.answers} & absent for one in asked
    ]
    within = [
        [is_covered(one.answers, *place) for place in of]
        for one, of, here in zip(asked, quotes, is_answered, strict=True)
        if here
    ]
    shares = [share(any(of[:k]) for of in within) or 0.0 for k in (1, 3)]
    p50, p95 = percentiles(figures["cpu_ms"])
    cells = [f"{value:.3f}" for value in (*shares, auroc(scores, is_answered) or 0.0)]
    rate = f"{count / figures['index_cpu_s']:.0f}"
    memory, cold = f"{figures['memory_mb']:.0f}", f"{figures['cold_cpu_s']:.1f}"
    return [*cells, rate, f"{p50:.1f}", f"{p95:.1f}", memory, cold]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ours"]:
        ask_ours(Path(sys.argv[2]), Path(sys.argv[4]), Path(sys.argv[5]))
    else:
        given = [arg for arg in sys.argv[1:] if arg]
        path = Path(given[0]) if given else SEEDS
        main(path, Path(given[1]) if len(given) > 1 else None, *map(int, given[2:]))
