"""Whether the derived index holds what the store holds, nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.search.lexical import read_ids
from index.search.search_index import vectors_file, words_folder
from index.search.vectors import VectorIndex
from index.store.integrity import REBUILD, Fault
from index.store.passages import PassageReader


def find_derived_faults(
    passages: PassageReader, folder: Path, language: str, dimension: int, model: str
) -> Iterator[Fault]:
    """Yield what is wrong with either half of the derived index in `folder`."""
    yield from find_vector_faults(passages, vectors_file(folder), dimension, model)
    yield from find_word_faults(passages, words_folder(folder, language))


def find_vector_faults(
    passages: PassageReader, path: Path, dimension: int, model: str
) -> Iterator[Fault]:
    """Yield what is wrong with the FAISS file: its checksum, its ids, or a vector in it."""
    wanted = _ids(passages)
    try:
        index = VectorIndex.read(path, dimension, model)
    except (OSError, ValueError, RuntimeError) as error:
        yield from _unreadable(path, error, wanted)
        return
    if fault := _difference(index.ids, wanted):
        yield Fault(path.name, fault, REBUILD)
        return
    different = 0
    for batch in passages.searchable(wanted.tolist()):
        held = index.rows([passage.id for passage in batch])
        stored = np.asarray([passage.vector for passage in batch], np.float32)
        different += int((held != stored).any(axis=1).sum())
    if different:
        yield Fault(path.name, f"{different:,} vectors are not those of the documents", REBUILD)


def find_word_faults(passages: PassageReader, folder: Path) -> Iterator[Fault]:
    """Yield what is wrong with the Tantivy folder: its checksums or its ids."""
    wanted = _ids(passages)
    try:
        held = read_ids(folder)
    except (OSError, ValueError) as error:
        yield from _unreadable(folder, error, wanted)
        return
    if fault := _difference(held, wanted):
        yield Fault(folder.name, fault, REBUILD)


def _ids(passages: PassageReader) -> NDArray[np.int64]:
    return np.concatenate([np.empty(0, np.int64), *passages.ids().values()])


def _difference(held: NDArray[np.int64], wanted: NDArray[np.int64]) -> str:
    """What the ids held lack or have beyond those wanted; "" where they are the same."""
    missing, extra = len(np.setdiff1d(wanted, held)), len(np.setdiff1d(held, wanted))
    twice = len(held) - len(np.unique(held))
    counts = {"missing": missing, "of no document": extra, "held twice": twice}
    told = [f"{count:,} {what}" for what, count in counts.items() if count]
    return f"not up to date, passages: {', '.join(told)}" if told else ""


def _unreadable(path: Path, error: Exception, wanted: NDArray[np.int64]) -> Iterator[Fault]:
    """A half that cannot be read, unless there is nothing that it should hold."""
    if isinstance(error, FileNotFoundError) and not len(wanted):
        return
    fault = "missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error}"
    yield Fault(path.name, fault, REBUILD)
