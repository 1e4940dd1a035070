"""The dense half of a large search index, over made-up vectors with the spectrum of real ones.

    python -m tests.benchmarks.large DATA [COUNT] [FOLDER]

DATA is the folder of an index whose vectors are imitated: topics, documents around them, passages
around those, each with the covariance found there. The vectors lie in FOLDER while it runs, and
what a search finds is compared with the nearest of all that lie there. Times are those of the
processor, one thread, so that other work counts little; memory is that which belongs to the process
alone, without mapped files.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sqlalchemy import select

from index.core.documents import Vector
from index.search.dense import DenseIndex
from index.store.queries import FLOAT32
from index.store.schema import embeddings, passages
from index.store.store import Store

COUNT, QUESTIONS, K, BATCH, PER_DOCUMENT = 1_000_000, 200, 100, 10_000, 8
REAL_TOPICS, TOPICS = 150, 3000
NEARNESS = 0.65
"""The cosine of a question with the passage that it is about."""


class Imitation:
    """Makes vectors like those of an index."""

    def __init__(self, data: Path) -> None:
        store = Store(data / "index.db")
        query = select(passages.c.document_id, embeddings.c.vector).join(
            embeddings, passages.c.embedding_sha256 == embeddings.c.sha256
        )
        with store.engine.connect() as connection:
            rows = connection.execute(query).all()
        store.close()
        vectors = np.stack([np.frombuffer(row.vector, FLOAT32) for row in rows])
        _, owners, counts = np.unique(
            [row.document_id for row in rows], return_inverse=True, return_counts=True
        )
        documents = np.zeros((len(counts), vectors.shape[1]), np.float32)
        np.add.at(documents, owners, vectors)
        documents /= counts[:, np.newaxis]
        within = (vectors - documents[owners])[counts[owners] > 1]
        covariance = within.T @ within / (len(within) - (counts > 1).sum())
        topics = KMeans(REAL_TOPICS, n_init=1, random_state=0).fit(documents)
        around = documents - topics.cluster_centers_[topics.labels_]
        self._passage, self._document = root(covariance), root(np.cov(around.T))
        generator = np.random.default_rng(1)
        spread = root(np.cov(topics.cluster_centers_.T))
        mean = topics.cluster_centers_.mean(axis=0)
        self._topics = mean + normal(generator, TOPICS) @ spread
        share = np.arange(1, TOPICS + 1) ** -0.7
        self._share = share / share.sum()

    def vectors(self, count: int) -> Iterator[Vector]:
        """Yield unit vectors in batches, the same ones each time."""
        for at in range(0, count, BATCH):
            generator = np.random.default_rng(at)
            number = BATCH // PER_DOCUMENT
            documents = self._topics[generator.choice(TOPICS, number, p=self._share)]
            documents = documents + normal(generator, number) @ self._document
            made = np.repeat(documents, PER_DOCUMENT, axis=0)
            made = made + normal(generator, BATCH) @ self._passage
            yield unit(made)[: count - at]

    def questions(self, near: Vector) -> Vector:
        """Return a vector near each of these."""
        noise = unit(normal(np.random.default_rng(2), len(near)) @ (self._passage + self._document))
        return unit(NEARNESS * near + np.sqrt(1 - NEARNESS**2) * noise)


def normal(generator: np.random.Generator, count: int) -> Vector:
    return generator.standard_normal((count, 384), np.float32)


def unit(vectors: NDArray[np.float32]) -> Vector:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def root(covariance: NDArray[np.float64]) -> Vector:
    """Return the matrix that gives independent normal numbers this covariance."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))).T, np.float32)


def nearest(
    batches: Iterator[Vector], questions: Vector, allowed: Sequence[NDArray[np.int64] | None]
) -> list[NDArray[np.int64]]:
    """Return the ids of the K nearest vectors of each question, for each set of allowed ids.

    The ids of the vectors count from 0.
    """
    ids = [np.empty((len(questions), 0), np.int64) for _ in allowed]
    scores = [np.empty((len(questions), 0), np.float32) for _ in allowed]
    start = 0
    for batch in batches:
        cosines = questions @ batch.T
        here = np.arange(start, start + len(batch))
        start += len(batch)
        for at, among in enumerate(allowed):
            kept = here
            if among is not None:  # it ascends
                kept = among[slice(*np.searchsorted(among, (here[0], start)))]
            every = np.concatenate([scores[at], cosines[:, kept - here[0]]], axis=1)
            of = [ids[at], np.broadcast_to(kept, (len(questions), len(kept)))]
            cut = min(K, every.shape[1]) - 1
            best = np.argpartition(-every, cut, axis=1)[:, : cut + 1] if cut >= 0 else ids[at]
            scores[at] = np.take_along_axis(every, best, axis=1)
            ids[at] = np.take_along_axis(np.concatenate(of, axis=1), best, axis=1)
    orders = [np.argsort(-of, axis=1) for of in scores]
    return [np.take_along_axis(of, order, axis=1) for of, order in zip(ids, orders, strict=True)]


def saved(index: DenseIndex, count: int) -> Iterator[Vector]:
    """Yield the vectors of an index whose ids count from 0, in batches."""
    for at in range(0, count, BATCH):
        yield index.rows(range(at, min(at + BATCH, count)))


def memory() -> dict[str, float]:
    """Return megabytes of the process: its own, at most, and with mapped files."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    fields = dict(line.split(":", 1) for line in text.splitlines())
    return {name: int(fields[name].split()[0]) / 1024 for name in ("RssAnon", "VmHWM", "VmRSS")}


def timed(what: str, start: float, count: int = 1) -> None:
    seconds = process_time() - start
    each = f", {seconds / count * 1e6:.0f} µs each" if count > 1 else ""
    print(f"{what}: {seconds:.1f} s{each}", flush=True)


def main(data: Path, count: int, folder: Path) -> None:
    """Build, search, change and print."""
    imitation, path = Imitation(data), folder / "vectors.faiss"
    index, at, added = DenseIndex(path, 384, "imitation"), 0, 0.0
    for batch in imitation.vectors(count):
        start = process_time()
        index.add(range(at, at + len(batch)), batch)
        added += process_time() - start
        at += len(batch)
    timed(f"add {count:,}", process_time() - added, count)
    start = process_time()
    index.merge()
    index.save(sweep=True)
    timed("build", start, count)
    print("memory, MB:", memory())
    files = [file for file in folder.rglob("*") if file.is_file()]
    print("disk, bytes a vector:", {f.name: round(f.stat().st_size / count, 1) for f in files})
    start = process_time()
    index = DenseIndex(path, 384, "imitation")
    timed("open", start)
    ask(index, imitation, count)

    new = next(imitation.vectors(count + BATCH))[:1000]
    start = process_time()
    index.add(range(count, count + len(new)), unit(new + 0.1 * new[::-1]))
    index.remove(range(0, count, count // 1000))
    timed("add 1,000 and remove 1,000", start)
    start = process_time()
    index.merge()
    index.save(sweep=True)
    timed("save them", start)
    print("memory, MB:", memory())


def ask(index: DenseIndex, imitation: Imitation, count: int) -> None:
    """Search within scopes of several kinds."""
    generator = np.random.default_rng(3)
    about = generator.choice(count, QUESTIONS, replace=False)
    questions = imitation.questions(np.concatenate([index.rows([one]) for one in about]))
    scopes = {
        "all": None,
        "9 of 10": np.sort(generator.choice(count, count * 9 // 10, replace=False)),
        "1 of 10": np.sort(generator.choice(count, count // 10, replace=False)),
        "those of a part": np.arange(count // 3, count // 3 + count // 20),
        "5,000": np.sort(generator.choice(count, 5000, replace=False)),
    }
    start = process_time()
    expected = nearest(saved(index, count), questions, list(scopes.values()))
    timed("compare all", start)
    for (name, among), best in zip(scopes.items(), expected, strict=True):
        report(name, index, questions, among, best)


def report(
    name: str,
    index: DenseIndex,
    questions: Vector,
    among: NDArray[np.int64] | None,
    best: NDArray[np.int64],
) -> None:
    """Print recall and times of the questions within a scope."""
    start = process_time()
    index.search(questions[0], K, among)
    first, times, recalls = process_time() - start, [], []
    for question, wanted in zip(questions, best, strict=True):
        start = process_time()
        found = [at for at, _ in index.search(question, K, among)]
        times.append((process_time() - start) * 1000)
        recalls.append([len({*wanted[:k]} & {*found[:k]}) / len(wanted[:k]) for k in (10, K)])
    of_ten, of_all = np.mean(recalls, axis=0)
    median, high = np.percentile(times, [50, 95])
    print(
        f"{name}: recall@10 {of_ten:.3f}, recall@{K} {of_all:.3f}, p50 {median:.1f} ms, "
        f"p95 {high:.1f} ms, the first {first * 1000:.0f} ms",
        flush=True,
    )


if __name__ == "__main__":
    given = sys.argv[1:]
    size = int(given[1]) if len(given) > 1 else COUNT
    with tempfile.TemporaryDirectory(dir=given[2] if len(given) > 2 else None) as temporary:
        main(Path(given[0]), size, Path(temporary))
