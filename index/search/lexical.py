"""The words of one collection: BM25 over stemmed terms, in a Tantivy folder."""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.core.answers import Searchable
from index.core.files import make_private, replacing, sha256_of_file
from index.text.terms import Analyzer, idf

logger = logging.getLogger(__name__)

_WRITER_HEAP_BYTES = 64_000_000
_SEAL = "checksums.json"
_SEGMENT = re.compile(r"[0-9a-f]{32}\.")
_MUST, _SHOULD = tantivy.Occur.Must, tantivy.Occur.Should


class Term(NamedTuple):
    """A word of a question: how far a passage's word may be from it, and what one counts."""

    edits: int  # wrong letters, 0 to 2
    idf: float


class WordIndex:
    """Passages by the terms they hold. Tantivy's BM25: k1 = 1.2, b = 0.75.

    Commits are atomic and are seen by other processes after `reload`.
    """

    def __init__(self, folder: Path, analyzer: Analyzer) -> None:
        """Open the folder; one that is missing or damaged is begun anew, empty."""
        self._folder = folder
        self._analyzer = analyzer
        self._schema = _schema()
        self._index = self._open()
        self._state = _read_state(folder)
        self._slots = _count_slots(self._state)

    def ids(self) -> NDArray[np.int64]:
        """Return the ids of all passages: shape (n,), in no particular order. It takes long."""
        return _ids(self._index)

    def held(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of some ids that are held: shape (n,), in no particular order."""
        if not len(ids):
            return ids
        among = tantivy.Query.term_set_query(self._schema, "id", ids.tolist())
        return _found(self._index.searcher(), among, len(ids))

    def reload(self) -> None:
        """See what other processes have committed; none may do so meanwhile."""
        state = _read_state(self._folder)
        if state != self._state:
            self._index.reload()
            self._state = state
            self._slots = _count_slots(state)

    def update(self, add: Iterable[Searchable], remove: Collection[int]) -> None:
        """Add and remove passages in one commit; a passage that is held already is replaced.

        Only one process may do this at a time.
        """
        writer = self._index.writer(_WRITER_HEAP_BYTES, 1)
        # A killed commit may have left a file of deletions under the name that this one will use.
        writer.garbage_collect_files()
        for passage_id in remove:
            writer.delete_documents_by_term("id", passage_id)
        for passage in add:
            writer.delete_documents_by_term("id", passage.id)
            document = tantivy.Document()
            document.add_integer("id", passage.id)
            terms = self._analyzer.terms(passage.words, passage.language)
            document.add_text("terms", " ".join(terms))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self.reload()
        self._seal()

    def search(
        self, terms: Mapping[str, Term], k: int, among: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """Return up to `k` (id, BM25), best first; only of `among`, if given.

        The idf of a term is the one given, and lengths are compared with the mean of this index.
        """
        searcher = self._index.searcher()
        query = tantivy.Query.boolean_query(
            [(_SHOULD, self._weigh(term, wanted, searcher)) for term, wanted in terms.items()]
        )
        if among is not None:
            within = tantivy.Query.term_set_query(self._schema, "id", among.tolist())
            unscored = tantivy.Query.const_score_query(within, 0.0)
            query = tantivy.Query.boolean_query([(_MUST, query), (_MUST, unscored)])
        hits = searcher.search(query, limit=k, count=False).hits
        ids = searcher.fast_field_values("id", [address for _, address in hits])
        return [
            (int(passage_id), float(score))
            for passage_id, (score, _) in zip(ids, hits, strict=True)
            if passage_id is not None
        ]

    def count(self, term: str, edits: int = 0) -> int:
        """Return how many passages hold a term of `Analyzer.terms`, or one near it."""
        # Tantivy's own document frequency counts what is deleted and not merged away yet.
        return _count(self._index.searcher(), self._match(term, edits))

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def _weigh(self, term: str, wanted: Term, searcher: tantivy.Searcher) -> tantivy.Query:
        """The query for a term. Near ones score as BM25 does for one in a text of mean length."""
        own = 1.0 if wanted.edits else idf(searcher.doc_freq("terms", term), self._slots)
        return tantivy.Query.boost_query(self._match(term, wanted.edits), wanted.idf / own)

    def _match(self, term: str, edits: int) -> tantivy.Query:
        if edits:
            return tantivy.Query.fuzzy_term_query(self._schema, "terms", term, distance=edits)
        return tantivy.Query.term_query(self._schema, "terms", term)

    def _open(self) -> tantivy.Index:
        if self._folder.exists():
            try:
                return _open_intact(self._folder)
            except (ValueError, OSError) as error:
                logger.warning("%s: %s; rebuilding from the store", self._folder, error)
            shutil.rmtree(self._folder)
        make_private(self._folder)
        return _configure(tantivy.Index(self._schema, path=str(self._folder)))

    def _seal(self) -> None:
        """Record the checksums of the segment files, which never change under their names.

        Tantivy notices a file that is cut short, but not one with other bytes in its middle. It
        makes files that others may read.
        """
        for file in self._folder.iterdir():
            file.chmod(0o600)
        known = _read_seal(self._folder)
        names = sorted(path.name for path in self._folder.iterdir() if _SEGMENT.match(path.name))
        checksums = {name: known.get(name) or sha256_of_file(self._folder / name) for name in names}
        with replacing(self._folder / _SEAL) as temporary:
            temporary.write_text(json.dumps(checksums), encoding="utf-8")


def read_ids(folder: Path) -> NDArray[np.int64]:
    """Return the ids of all passages in the folder of a word index: shape (n,), changing nothing.

    Raises:
        FileNotFoundError: there is none.
        ValueError, OSError: it is damaged.
    """
    return _ids(_open_intact(folder))


def _open_intact(folder: Path) -> tantivy.Index:
    if not _is_intact(folder):
        raise ValueError("damaged")
    return _configure(tantivy.Index.open(str(folder)))


def _configure(index: tantivy.Index) -> tantivy.Index:
    index.config_reader("manual")
    index.reload()
    return index


def _read_state(folder: Path) -> str:
    """What Tantivy last committed, which differs after each commit."""
    return (folder / "meta.json").read_text(encoding="utf-8")


def _count_slots(state: str) -> int:
    """How many passages Tantivy's statistics speak of: also those deleted, until it merges."""
    return sum(segment["max_doc"] for segment in json.loads(state)["segments"])


def _count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    found = searcher.search(query, limit=1, count=True)
    return int(found.count or 0)  # type: ignore[attr-defined]


def _ids(index: tantivy.Index) -> NDArray[np.int64]:
    searcher = index.searcher()
    return _found(searcher, tantivy.Query.all_query(), max(1, searcher.num_docs))


def _found(searcher: tantivy.Searcher, query: tantivy.Query, most: int) -> NDArray[np.int64]:
    hits = searcher.search(query, limit=most, count=False).hits
    values = searcher.fast_field_values("id", [address for _, address in hits])
    return np.asarray(values, np.int64)


def _is_intact(folder: Path) -> bool:
    in_use = (folder / "meta.json").read_text(encoding="utf-8").replace("-", "")
    for name, checksum in _read_seal(folder).items():
        segment, _, kind = name.partition(".")
        if (folder / name).exists():
            if sha256_of_file(folder / name) != checksum:
                return False
        elif segment in in_use and not kind.endswith("del"):
            return False
    return True


def _read_seal(folder: Path) -> dict[str, str]:
    try:
        seal = json.loads((folder / _SEAL).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return seal if isinstance(seal, dict) else {}


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # Signed: on an unsigned field, deleting by an integer term silently deletes nothing.
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    return builder.build()
