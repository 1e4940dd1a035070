"""Compare BM25 search with stemming in SQLite FTS5, tantivy and bm25s, on the same passages.

Usage: python tests/benchmarks/lexical_engines.py CORPUS QUESTIONS [--sizes 10000 500000]

CORPUS is a folder of UTF-8 .txt files; QUESTIONS a .jsonl file with a "question" on each line.
Passages of about 150 words are cut from the corpus; when it has too few, more are made of its
sentences, shuffled: words stay as common as they were, but topics scatter. Each engine builds in
one process and answers in another, one at a time; one that is not installed is skipped. Linux.

- words: median / 95th percentile of the time for the best 50 passages with any of the words.
- add+remove: ten passages out, ten in, commit, until a search sees them; median of 20 rounds.
- open: import, open and first answer in a new process, the files still in the system's cache.
- MB peak: the resident set; it counts the pages of index files that are mapped into memory.
- same top 10: mean share of the first engine's ten best passages, by content words, found here.
"""

import argparse
import json
import platform
import random
import re
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from importlib import import_module
from itertools import islice
from multiprocessing import cpu_count, get_context
from pathlib import Path
from statistics import mean, median, quantiles
from typing import TypeVar

from rich import box
from rich.console import Console
from rich.table import Table

LIMIT, QUESTIONS, BATCH, ROUNDS = 50, 200, 10, 20
WORD = re.compile(r"[^\W_]+")
STOP_WORDS = """a an and are as at be by can could did do does for from had has have he his how in
is it its many much of on or that the their this to was were what when where which who why with"""
Answers = tuple[list[str], list[set[int]]]
Passages = Iterable[tuple[int, str]]
T = TypeVar("T")


class Fts5:
    def __init__(self, folder: Path, tokenizer: str) -> None:
        self.db = sqlite3.connect(folder / "fts5.db")
        self.db.execute("PRAGMA journal_mode = WAL")
        columns = f"text, content='', tokenize='{tokenizer} remove_diacritics 0'"
        self.db.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS p USING fts5({columns})")

    def build(self, passages: Passages) -> None:
        self.replace([], passages)
        self.db.close()

    def search(self, terms: list[str]) -> list[int]:
        match = " OR ".join(f'"{term}"' for term in terms)
        query = "SELECT rowid FROM p WHERE p MATCH ? ORDER BY rank LIMIT ?"
        return [key for (key,) in self.db.execute(query, (match, LIMIT))]

    def replace(self, gone: Passages, new: Passages) -> None:
        # Before SQLite 3.43, deleting from a contentless table takes the deleted text.
        self.db.executemany("INSERT INTO p(p, rowid, text) VALUES ('delete', ?, ?)", gone)
        self.db.executemany("INSERT INTO p(rowid, text) VALUES (?, ?)", new)
        self.db.commit()


class Tantivy:
    def __init__(self, folder: Path, tokenizer: str) -> None:
        tantivy = import_module("tantivy")

        fields = tantivy.SchemaBuilder().add_unsigned_field("id", indexed=True, fast=True)
        fields.add_text_field("text", tokenizer_name=tokenizer, index_option="freq")
        self.index = tantivy.Index(schema := fields.build(), path=str(folder))
        self.index.config_reader("manual")
        self.document = partial(tantivy.Document.from_dict, schema=schema)
        self.having = partial(tantivy.Query.term_set_query, schema, "id")

    def build(self, passages: Passages) -> None:
        self.replace([], passages)
        self.writer.wait_merging_threads()

    def search(self, terms: list[str]) -> list[int]:
        query = self.index.parse_query(" ".join(terms), ["text"])
        searcher = self.index.searcher()
        hits = searcher.search(query, limit=LIMIT, count=False).hits
        keys = searcher.fast_field_values("id", [address for _, address in hits])
        return [int(key) for key in keys if key is not None]

    def replace(self, gone: Passages, new: Passages) -> None:
        if not hasattr(self, "writer"):
            self.writer = self.index.writer(heap_size=64_000_000, num_threads=1)
        keys = [key for key, _ in gone]  # by query: by term, unsigned numbers never match
        self.writer.delete_documents_by_query(self.having(field_values=keys))
        for key, text in new:
            self.writer.add_document(self.document({"id": key, "text": text}))
        self.writer.commit()
        self.index.reload()


class Bm25s:
    def __init__(self, folder: Path) -> None:
        bm25s = import_module("bm25s")

        self.folder = folder
        new = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        self.index = bm25s.BM25.load(folder, mmap=True) if any(folder.iterdir()) else new

    def build(self, passages: Passages) -> None:
        ids: dict[str, int] = {}
        rows = [[ids.setdefault(t, len(ids)) for t in text.split()] for _, text in passages]
        self.index.index((rows, ids), show_progress=False)
        self.index.save(self.folder)

    def search(self, terms: list[str]) -> list[int]:
        found, _ = self.index.retrieve([terms], k=LIMIT, show_progress=False)
        return [int(key) for key in found[0]]


@cache
def stem_words() -> Callable[[list[str]], list[str]]:
    return import_module("Stemmer").Stemmer("english").stemWords  # type: ignore[no-any-return]


def stemmed(text: str) -> str:
    return " ".join(stem_words()(WORD.findall(text.lower())))


Setup = tuple[Callable[[Path], Fts5 | Tantivy | Bm25s], Callable[[str], str]]
SETUPS: dict[str, Setup] = {
    "bm25s, PyStemmer": (Bm25s, stemmed),
    "FTS5, porter": (partial(Fts5, tokenizer="porter unicode61"), str),
    "FTS5, PyStemmer": (partial(Fts5, tokenizer="unicode61"), stemmed),
    "tantivy, en_stem": (partial(Tantivy, tokenizer="en_stem"), str),
    "tantivy, PyStemmer": (partial(Tantivy, tokenizer="whitespace"), stemmed),
}


def write_passages(corpus: Path, size: int, path: Path) -> int:
    """Write `size` passages, one on each line; return how many are real text."""
    rng = random.Random(13)
    passages, sentences = list[str](), list[str]()
    for file in sorted(corpus.glob("*.txt")):
        text = file.read_bytes().decode("utf-8")
        sentences += re.split(r"(?<=[.!?])\s+|\n+", text)
        words = text.split()
        step = len(words) // max(1, round(len(words) / 150)) + 1
        passages += [" ".join(words[n : n + step]) for n in range(0, len(words), step)]
    rng.shuffle(passages)
    with path.open("w", encoding="utf-8") as out:
        out.writelines(f"{passage}\n" for passage in passages[:size])
        for _ in range(size - len(passages)):
            out.write(" ".join(rng.choices(sentences, k=8)) + "\n")
    return min(size, len(passages))


def read_passages(path: Path, prepare: Callable[[str], str]) -> Iterator[tuple[int, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from ((n, prepare(f"{line} zq{n // BATCH}zq")) for n, line in enumerate(lines))


def timed(work: Callable[[], T]) -> tuple[float, T]:
    start, result = time.perf_counter(), work()
    return (time.perf_counter() - start) * 1000, result


def build(setup: Setup, folder: Path, source: Path) -> list[str]:
    start_engine, prepare = setup
    build_ms, _ = timed(lambda: start_engine(folder).build(read_passages(source, prepare)))
    disk_mb = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [f"{build_ms / 1000:,.1f}", f"{disk_mb:,.0f}", f"{peak_mb:,.0f}"]


def answer(setup: Setup, folder: Path, source: Path, questions: list[list[str]]) -> Answers:
    start_engine, prepare = setup
    terms = [list(dict.fromkeys(prepare(" ".join(words)).split())) for words in questions]
    ignored = {*STOP_WORDS.split(), *prepare(STOP_WORDS).split()}
    content = [[term for term in row if term not in ignored] or row for row in terms]
    open_ms, _ = timed(lambda: start_engine(folder).search(content[0]))
    engine = start_engine(folder)
    found = [timed(partial(engine.search, row)) for row in content]
    all_ms = [timed(partial(engine.search, row))[0] for row in terms]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    updated = "rebuild"
    if not isinstance(engine, Bm25s):
        passages = read_passages(source, prepare)
        rounds = [partial(update, engine, list(islice(passages, BATCH))) for _ in range(ROUNDS)]
        updated = f"{median(timed(work)[0] for work in rounds):,.0f}"
    times = ([ms for ms, _ in found], all_ms)
    words = [f"{median(ms):.1f} / {quantiles(ms, n=20)[-1]:.1f}" for ms in times]
    cells = [f"{peak_mb:,.0f}", f"{open_ms:,.0f}", *words, updated]
    return cells, [set(keys[:10]) for _, keys in found]


def update(engine: Fts5 | Tantivy, batch: list[tuple[int, str]]) -> None:
    """Give a batch new keys; check that a search for its own word finds those and no other."""
    new = {key + 1_000_000_000: text for key, text in batch}
    engine.replace(batch, new.items())
    if set(found := engine.search([f"zq{batch[0][0] // BATCH}zq"])) != set(new):
        raise RuntimeError(f"found {found}, not the new passages {list(new)}")


def in_new_process(work: Callable[..., T], *arguments: object) -> T:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def measure(size: int, corpus: Path, questions: list[list[str]], scratch: Path) -> Table:
    source = scratch / "passages.txt"
    real = in_new_process(write_passages, corpus, size, source)
    headings = ["engine", "build s", "MB disk", "MB peak build", "MB peak search", "open ms"]
    headings += ["content words ms", "all words ms", "add+remove ms", "same top 10"]
    table = Table(*headings, title=f"{size:,} passages, {real:,} of real text", box=box.MARKDOWN)
    first: list[set[int]] = []
    for name, setup in SETUPS.items():
        with tempfile.TemporaryDirectory(dir=scratch) as folder:
            try:
                built = in_new_process(build, setup, Path(folder), source)
            except ModuleNotFoundError as error:
                table.add_row(name, f"skipped: {error}")
                continue
            cells, best = in_new_process(answer, setup, Path(folder), source, questions)
        first = first or best
        same = mean(len(a & b) / len(b) for a, b in zip(best, first, strict=True) if b)
        table.add_row(name, *built, *cells, f"{same:.2f}")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 500_000])
    options = parser.parse_args()
    lines = options.questions.read_text(encoding="utf-8").splitlines()[:QUESTIONS]
    questions = [WORD.findall(json.loads(line)["question"].lower()) for line in lines]
    console = Console(width=180)
    console.print(f"{platform.machine()}, {cpu_count()} cores, {len(questions)} questions")
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as scratch:
            console.print(measure(size, options.corpus, questions, Path(scratch)))


if __name__ == "__main__":
    main()
