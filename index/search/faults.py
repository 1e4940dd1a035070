"""Checks of the embedded search index against the store; they change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.core.settings import IndexSettings
from index.search.dense import DenseIndex
from index.search.lexical import read_ids
from index.search.scopes import Members, join
from index.search.search_index import is_of, vectors_file, words_folder
from index.search.words import folder_of
from index.store.integrity import REBUILD, Fault
from index.store.passages import PassageReader
from index.store.store import Store


def find_file_faults(store: Store, settings: IndexSettings, model: str) -> list[Fault]:
    """Return the faults of both halves of the search index; changes nothing.

    None at all, or those of another store, are no fault: the next question makes them anew.
    """
    folder, dimension = settings.derived_folder, store.dimension()
    if dimension is None or not is_of(store, folder):
        return []
    members = store.passages.ids()
    wanted = join(members.values())
    return [
        *_vector_faults(store.passages, wanted, vectors_file(folder), dimension, model),
        *_word_faults(members, words_folder(folder, settings.language)),
    ]


def _vector_faults(
    passages: PassageReader, wanted: NDArray[np.int64], path: Path, dimension: int, model: str
) -> Iterator[Fault]:
    """Faults of the FAISS file: its checksum, its ids, or a vector in it."""
    try:
        index = DenseIndex.read(path, dimension, model)
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


def _word_faults(members: Members, folder: Path) -> Iterator[Fault]:
    """The first fault of the Tantivy folders: checksums, ids, or one without a collection."""
    wanted = {folder_of(folder, name): ids for name, ids in members.items()}
    for path in sorted(wanted.keys() | set(folder.glob("*"))):
        of_collection = wanted.get(path, np.empty(0, np.int64))
        try:
            fault = _difference(read_ids(path), of_collection)
        except (OSError, ValueError) as error:
            yield from _unreadable(folder, error, of_collection)
            return
        if fault:
            yield Fault(folder.name, fault, REBUILD)
            return


def _difference(held: NDArray[np.int64], wanted: NDArray[np.int64]) -> str:
    """How the ids held differ from those wanted; "" if they do not."""
    missing, extra = len(np.setdiff1d(wanted, held)), len(np.setdiff1d(held, wanted))
    twice = len(held) - len(np.unique(held))
    counts = {"missing": missing, "of no document": extra, "held twice": twice}
    found = [f"{count:,} {what}" for what, count in counts.items() if count]
    return f"not up to date, passages: {', '.join(found)}" if found else ""


def _unreadable(path: Path, error: Exception, wanted: NDArray[np.int64]) -> Iterator[Fault]:
    if isinstance(error, FileNotFoundError) and not len(wanted):
        return
    fault = "missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error}"
    yield Fault(path.name, fault, REBUILD)
