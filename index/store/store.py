"""The one truth: documents, sentences, passages and vectors in a SQL database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Select, delete, exists, func, insert, select, update

from index.core.documents import Document, NewDocument, Progress, Vector
from index.core.errors import DocumentError, ModelError
from index.core.files import FileStat, StoredFile
from index.core.scope import LibraryStatus
from index.store.attributions import Attributions
from index.store.certificates import Certificates, erase_words, move_certificates
from index.store.context import Outline, read_outline
from index.store.database import MIGRATIONS, Tables, execute, fetch, open_database, writing
from index.store.databases import dialects
from index.store.databases.dialects import in_order, is_file
from index.store.databases.postgresql import ServerLock
from index.store.documents import (
    document_query,
    put_document,
    read_document,
    read_stored_file,
    stored_file_query,
)
from index.store.duplicates import forget_duplicates, link_duplicates, read_texts
from index.store.integrity import Fault, find_store_faults
from index.store.lock import WriteLock
from index.store.passages import PassageReader
from index.store.queries import FLOAT32, batches, collection_id_of, select_among, select_passages
from index.store.revisions import ModelChange, Revisions, advance, note_removal
from index.store.schema import collections, documents, embeddings, facts, passages
from index.store.unread import Unread

_FOLDER = "folder:"
_BEYOND_IDS = 1 << 31
TABLES = Tables(
    MIGRATIONS, documents.name, "onrecord_index", "move it away and index again", in_turn=True
)


class Store:
    """Reads and writes the index. Each write is one transaction: all of it or nothing."""

    def __init__(self, path: Path, url: URL | None = None, model: str | None = None) -> None:
        """Open the index at `path`, or on the server at `url`, creating it if there is none.

        `model` is the embedding model that will be used.

        Raises:
            StoreError: not an index, or one of a schema that this version cannot read.
            ModelError: the index was made with another model.
        """
        self.url = url
        self._engine = open_database(path, url, TABLES)
        try:
            self.check_model(model)
        except BaseException:
            self._engine.dispose()
            raise
        self.passages = PassageReader(self._engine)
        self.attributions = Attributions(self._engine)
        self.certificates = Certificates(self._engine)
        self.revisions = Revisions(self._engine)
        self.unread = Unread(self._engine)
        self.model_change = ModelChange(self._engine)

    @property
    def engine(self) -> Engine:
        return self._engine

    def close(self) -> None:
        """Release the file."""
        self._engine.dispose()

    def lock(self, path: Path, name: str = "writing") -> AbstractContextManager[None]:
        """Return a lock between all that write: a file at `path`, or one that the server keeps."""
        return WriteLock(path) if is_file(self._engine) else ServerLock(self._engine, name)

    # Facts about the whole index

    def check_model(self, name: str | None) -> None:
        """Insist on the embedding model that made the index, if any has yet.

        Raises:
            ModelError: the index was made with another model.
        """
        made_with = self.model()
        if made_with != name and None not in {made_with, name}:
            raise ModelError(
                f"the index was made with {made_with}, not with {name}; set ONRECORD_MODEL back, "
                "change the index with `onrecord index rebuild --model`, or use another --data "
                "folder for the new model"
            )

    def model(self) -> str | None:
        """Return the name of the embedding model that made the index; None while it is empty."""
        return self._fact("model")

    def claim_model(self, name: str, dimension: int) -> None:
        """Record the embedding model on its first use.

        Raises:
            ModelError: the index was made with another model.
        """
        self.check_model(name)
        with writing(self._engine) as connection:
            if connection.execute(_fact_query("model")).scalar() is None:
                rows = {"model": name, "dimension": str(dimension)}.items()
                connection.execute(insert(facts), [{"name": at, "value": of} for at, of in rows])

    def remember_folder(self, collection: str, folder: Path) -> None:
        """Record the folder that a collection follows."""
        row = {"name": f"{_FOLDER}{collection}", "value": str(folder.resolve())}
        adding = dialects.insert(self._engine, facts)
        execute(
            self._engine, adding.on_conflict_do_update(index_elements=[facts.c.name], set_=row), row
        )

    def folders(self) -> dict[str, Path]:
        """Return the folder on this machine that each collection was last synced with."""
        found = fetch(self._engine, select(facts).where(facts.c.name.startswith(_FOLDER)))
        return {row.name.removeprefix(_FOLDER): Path(row.value) for row in found}

    def find_faults(self, progress: Progress | None = None) -> list[Fault]:
        return find_store_faults(self._engine, progress)

    def dimension(self) -> int | None:
        """Return the length of the vectors; None while there are none."""
        dimension = self._fact("dimension")
        return None if dimension is None else int(dimension)

    def revision(self) -> int:
        """Return a number that grows with every change of the passages."""
        return self.revisions.read().number

    # Documents

    def files(self, collection: str) -> dict[str, StoredFile]:
        """Return the documents of a collection by path; empty for one that does not exist."""
        query = stored_file_query().join(collections).where(collections.c.name == collection)
        return {row.path: read_stored_file(row) for row in fetch(self._engine, query)}

    def touch(
        self, document_id: int, path: str, stat: FileStat, fetched: datetime | None = None
    ) -> None:
        """Record that a document was touched, renamed or fetched again while its content stayed."""
        touched = update(documents).where(documents.c.id == document_id)
        execute(self._engine, touched.values(path=path, fetched=fetched, **asdict(stat)))

    def put(
        self, collection: str, new: Sequence[NewDocument], vectors: Mapping[str, Vector]
    ) -> None:
        """Store documents in a collection, each in place of the one of the same path.

        `vectors` holds, by hash, those of their embedded texts that are not stored yet.
        """
        with writing(self._engine) as connection:
            known = _known_embeddings(connection, vectors)
            for batch in batches(vectors.keys() - known):
                rows = [
                    {"sha256": sha256, "vector": vectors[sha256].astype(FLOAT32).tobytes()}
                    for sha256 in batch
                ]
                connection.execute(insert(embeddings), rows)
            collection_id = collection_id_of(connection, collection)
            texts = [put_document(connection, collection_id, document) for document in new]
            link_duplicates(connection, {at: text for of in texts for at, text in of.items()})
            advance(connection)

    def move(self, document_id: int, collection: str, path: str) -> None:
        """Put a document into a collection, created if it does not exist, under a path.

        Its passages get new ids: to the search index, an id belongs to one collection for good.
        """
        of_document = passages.c.document_id == document_id
        columns = [column for column in passages.c if column is not passages.c.id]
        with writing(self._engine) as connection:
            collection_id = collection_id_of(connection, collection)
            moved = update(documents).where(documents.c.id == document_id)
            move_certificates(connection, document_id, collection, path)
            connection.execute(moved.values(collection_id=collection_id, path=path))
            query = select(*columns).where(of_document).order_by(passages.c.id)
            rows = [dict(row) for row in connection.execute(query).mappings()]
            note_removal(connection, documents.c.id == document_id)
            connection.execute(delete(passages).where(of_document))
            connection.execute(insert(passages), rows)
            ids = connection.execute(select(passages.c.id).where(of_document)).scalars().all()
            link_duplicates(connection, read_texts(connection, ids))
            advance(connection)

    def remove(self, document_ids: Collection[int]) -> None:
        """Remove documents with all that belongs to them, but for vectors (see `prune`)."""
        with writing(self._engine) as connection:
            for batch in batches(document_ids):
                erase_words(connection, batch)
                note_removal(connection, documents.c.id.in_(batch))
                connection.execute(delete(documents).where(documents.c.id.in_(batch)))
            advance(connection)

    def prune(self) -> None:
        """Drop the vectors that no passage uses, and certificates beyond those that are kept."""
        self.certificates.prune()
        used = select(passages.c.embedding_sha256)
        execute(self._engine, delete(embeddings).where(embeddings.c.sha256.not_in(used)))

    def find_duplicates(self) -> None:
        """Find anew the passages that are almost the same."""
        with writing(self._engine) as connection:
            forget_duplicates(connection)
        rows = fetch(self._engine, select(passages.c.id).order_by(passages.c.id))
        for batch in batches(row.id for row in rows):
            with writing(self._engine) as connection:
                link_duplicates(connection, read_texts(connection, batch))

    def known_embeddings(self, hashes: Collection[str]) -> set[str]:
        """Return those of the hashes of embedded texts that have a vector."""
        with self._engine.connect() as connection:
            return _known_embeddings(connection, hashes)

    def collections(self) -> frozenset[str]:
        """Return the collections that hold a document."""
        # Asked for every update: one look for each collection, not for each document.
        holds_one = exists().where(documents.c.collection_id == collections.c.id)
        query = select(collections.c.name).where(holds_one)
        return frozenset(row.name for row in fetch(self._engine, query))

    def documents(self, names: Sequence[str] | None = None) -> list[Document]:
        """Return the documents of the named collections (None: of all), ordered by path."""
        query = document_query().order_by(in_order(documents.c.path), documents.c.id)
        if names is not None:
            query = query.where(collections.c.name.in_(names))
        return [read_document(row) for row in fetch(self._engine, query)]

    def document(self, document_id: int) -> Document:
        """Return one document.

        Raises:
            DocumentError: there is no such document.
        """
        return read_document(self._one(document_query(), document_id))

    def text(self, document_id: int) -> str:
        """Return the canonical text of a document.

        Raises:
            DocumentError: there is no such document.
        """
        return str(self._one(select(documents.c.text), document_id).text)

    def outline(self, document_id: int) -> Outline:
        """Return the text of a document with its paragraphs and pages.

        Raises:
            DocumentError: there is no such document.
        """
        return read_outline(self._engine, document_id, self.text(document_id))

    def status(self, names: Sequence[str]) -> LibraryStatus:
        """Return the sizes of the named collections."""
        of_documents = select(func.count(), func.max(documents.c.published)).join_from(
            documents, collections
        )
        of_passages, named = select_passages(func.count()), collections.c.name.in_(names)
        with self._engine.connect() as connection:
            count, newest = connection.execute(of_documents.where(named)).one()
            of_all = connection.execute(of_passages.where(named)).scalar_one()
        return LibraryStatus(count, of_all, newest)

    def languages(self, names: Sequence[str]) -> dict[str | None, int]:
        """Return the number of documents of the named collections by language; None: unknown."""
        query = select(documents.c.language, func.count().label("number")).join(collections)
        named = query.where(collections.c.name.in_(names)).group_by(documents.c.language)
        return {row.language: row.number for row in fetch(self._engine, named)}

    def _one(self, query: Select[Any], document_id: int) -> Any:
        known = abs(document_id) < _BEYOND_IDS
        rows = fetch(self._engine, query.where(documents.c.id == document_id)) if known else ()
        if not rows:
            raise DocumentError(f"document {document_id}", "not in the index; see `index list`")
        return rows[0]

    def _fact(self, name: str) -> str | None:
        return next((row.value for row in fetch(self._engine, _fact_query(name))), None)


def _fact_query(name: str) -> Select[Any]:
    return select(facts.c.value).where(facts.c.name == name)


def _known_embeddings(connection: Connection, hashes: Iterable[str]) -> set[str]:
    sha256 = embeddings.c.sha256
    return {row.sha256 for row in select_among(connection, select(sha256), sha256, hashes)}
