"""The one truth: documents, sentences, passages and vectors in a SQL database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, select, update

from index.core.answers import Answer, Quote
from index.core.documents import (
    Document,
    FileStat,
    LibraryStatus,
    NewDocument,
    Progress,
    StoredFile,
    Vector,
)
from index.core.errors import DocumentError, ModelError
from index.store.certificates import Certificates, insert_certificates
from index.store.context import read_context
from index.store.database import MIGRATIONS, open_database, writing
from index.store.documents import put_document
from index.store.duplicates import forget_duplicates, link_duplicates, read_texts
from index.store.integrity import Fault, find_store_faults
from index.store.passages import PassageReader
from index.store.queries import (
    FLOAT32,
    batches,
    document_query,
    read_document,
    read_stored_file,
    stored_file_query,
)
from index.store.schema import collections, documents, embeddings, facts, passages

_REMEDY = "move it away and index again"


class Store:
    """Reads and writes the index. Each write is one transaction: all of it or nothing.

    Attributes:
        passages: what can be read of the passages.
        certificates: of the quotes that were sent.
    """

    def __init__(self, path: Path) -> None:
        """Open the index at `path`, creating it where there is none.

        Raises:
            StoreError: not an index, or one of a newer version.
        """
        self._engine = open_database(path, MIGRATIONS, _REMEDY)
        self.passages = PassageReader(self._engine)
        self.certificates = Certificates(self._engine)

    def close(self) -> None:
        """Release the file."""
        self._engine.dispose()

    # What holds for the whole index

    def check_model(self, name: str) -> None:
        """Insist on the embedding model that made the index, if any has yet.

        Raises:
            ModelError: the index was made with another model.
        """
        with self._engine.connect() as connection:
            made_with = _read_fact(connection, "model")
        if made_with not in {None, name}:
            raise ModelError(
                f"the index was made with {made_with}, not with {name}; set ONRECORD_MODEL back, "
                "or use another --data folder for the new model"
            )

    def claim_model(self, name: str, dimension: int) -> None:
        """Record the embedding model on its first use.

        Raises:
            ModelError: the index was made with another model.
        """
        self.check_model(name)
        with writing(self._engine) as connection:
            if _read_fact(connection, "model") is None:
                made_with = {"model": name, "dimension": str(dimension)}
                rows = [{"name": key, "value": value} for key, value in made_with.items()]
                connection.execute(insert(facts), rows)

    def find_faults(self, progress: Progress | None = None) -> list[Fault]:
        """Return what is wrong with the database; changes nothing."""
        return find_store_faults(self._engine, progress)

    def dimension(self) -> int | None:
        """Return the length of the vectors; None while there are none."""
        with self._engine.connect() as connection:
            dimension = _read_fact(connection, "dimension")
        return None if dimension is None else int(dimension)

    def revision(self) -> int:
        """Return a number that grows with every change of the passages."""
        with self._engine.connect() as connection:
            return int(_read_fact(connection, "revision") or 0)

    # Documents

    def files(self, collection: str) -> dict[str, StoredFile]:
        """Return the documents of a collection by path; empty for one that does not exist."""
        query = stored_file_query().join(collections).where(collections.c.name == collection)
        with self._engine.connect() as connection:
            return {row.path: read_stored_file(row) for row in connection.execute(query)}

    def touch(
        self, document_id: int, path: str, stat: FileStat, fetched: datetime | None = None
    ) -> None:
        """Record that a document was touched, renamed or fetched again while its content stayed."""
        with writing(self._engine) as connection:
            connection.execute(
                update(documents)
                .where(documents.c.id == document_id)
                .values(
                    path=path, size_bytes=stat.size_bytes, mtime_ns=stat.mtime_ns, fetched=fetched
                )
            )

    def put(
        self, collection: str, new: Sequence[NewDocument], vectors: Mapping[str, Vector]
    ) -> None:
        """Store documents in one transaction, each replacing the one of the same path.

        Args:
            collection: created where it does not exist.
            new: the documents.
            vectors: those of their embedded texts that are not stored yet, by hash.
        """
        with writing(self._engine) as connection:
            known = _known_embeddings(connection, vectors)
            if rows := [
                {"sha256": sha256, "vector": vector.astype(FLOAT32).tobytes()}
                for sha256, vector in vectors.items()
                if sha256 not in known
            ]:
                connection.execute(insert(embeddings), rows)
            collection_id = _collection_id(connection, collection)
            texts = {
                document.path: put_document(connection, collection_id, document) for document in new
            }
            link_duplicates(connection, {i: t for of in texts.values() for i, t in of.items()})
            _advance(connection)

    def move(self, document_id: int, collection: str, path: str) -> None:
        """Put a document into a collection, created where it does not exist, under a path."""
        with writing(self._engine) as connection:
            relocate(connection, document_id, _collection_id(connection, collection), path)
            _advance(connection)

    def remove(self, document_ids: Collection[int]) -> None:
        """Remove documents with all that belongs to them, but for vectors (see `prune`)."""
        with writing(self._engine) as connection:
            for batch in batches(document_ids):
                connection.execute(delete(documents).where(documents.c.id.in_(batch)))
            _advance(connection)

    def prune(self) -> None:
        """Drop the vectors that no passage uses."""
        used = select(passages.c.embedding_sha256)
        with writing(self._engine) as connection:
            connection.execute(delete(embeddings).where(embeddings.c.sha256.not_in(used)))

    def collections(self) -> frozenset[str]:
        """Return the collections that hold a document."""
        used = select(documents.c.collection_id)
        query = select(collections.c.name).where(collections.c.id.in_(used))
        with self._engine.connect() as connection:
            return frozenset(connection.execute(query).scalars())

    def find_duplicates(self) -> None:
        """Find anew which passages are almost the same."""
        with writing(self._engine) as connection:
            forget_duplicates(connection)
        with self._engine.connect() as connection:
            ids = connection.execute(select(passages.c.id).order_by(passages.c.id)).scalars().all()
        for batch in batches(ids):
            with writing(self._engine) as connection:
                link_duplicates(connection, dict(read_texts(connection, batch)))

    def documents(self, names: Sequence[str] | None = None) -> list[Document]:
        """Return the documents of the named collections (None: of all), ordered by path."""
        query = document_query().order_by(documents.c.path, documents.c.id)
        if names is not None:
            query = query.where(collections.c.name.in_(names))
        with self._engine.connect() as connection:
            return [read_document(row) for row in connection.execute(query)]

    def document(self, document_id: int) -> Document:
        """Return one document.

        Raises:
            DocumentError: there is no such document.
        """
        with self._engine.connect() as connection:
            query = document_query().where(documents.c.id == document_id)
            found = connection.execute(query).one_or_none()
        if found is None:
            raise DocumentError(f"document {document_id}", "not in the index; see `index list`")
        return read_document(found)

    def text(self, document_id: int) -> str:
        """Return the canonical text of a document.

        Raises:
            DocumentError: there is no such document.
        """
        query = select(documents.c.text).where(documents.c.id == document_id)
        with self._engine.connect() as connection:
            text = connection.execute(query).scalar_one_or_none()
        if text is None:
            raise DocumentError(f"document {document_id}", "not in the index; see `index list`")
        return str(text)

    def context(self, quote: Quote) -> tuple[Quote, ...]:
        """Return a quote with the sentences around it; see `read_context`."""
        return read_context(self._engine, self.passages, quote)

    def status(self, names: Sequence[str]) -> LibraryStatus:
        """Return how much the named collections hold."""
        counts = (
            select(func.count(func.distinct(documents.c.id)), func.max(documents.c.published))
            .join(collections)
            .where(collections.c.name.in_(names))
        )
        of_passages = (
            select(func.count(passages.c.id))
            .select_from(passages)
            .join(documents)
            .join(collections)
            .where(collections.c.name.in_(names))
        )
        with self._engine.connect() as connection:
            count, newest = connection.execute(counts).one()
            return LibraryStatus(count, connection.execute(of_passages).scalar_one(), newest)

    def certify(self, answer: Answer) -> None:
        """Keep the quotes of an answer under their certificates."""
        if quotes := self.certificates.unknown(answer):
            with writing(self._engine) as connection:
                insert_certificates(connection, quotes)

    # Embeddings

    def known_embeddings(self, hashes: Collection[str]) -> set[str]:
        """Return which of the hashes of embedded texts have a vector."""
        with self._engine.connect() as connection:
            return _known_embeddings(connection, hashes)


def _read_fact(connection: Connection, name: str) -> str | None:
    return connection.execute(select(facts.c.value).where(facts.c.name == name)).scalar()


def _advance(connection: Connection) -> None:
    """Count one change of the passages."""
    revision = int(_read_fact(connection, "revision") or 0)
    if revision:
        changed = update(facts).where(facts.c.name == "revision").values(value=str(revision + 1))
        connection.execute(changed)
    else:
        connection.execute(insert(facts).values(name="revision", value="1"))


def _known_embeddings(connection: Connection, hashes: Iterable[str]) -> set[str]:
    return {
        sha256
        for batch in batches(hashes)
        for sha256 in connection.execute(
            select(embeddings.c.sha256).where(embeddings.c.sha256.in_(batch))
        ).scalars()
    }


def _collection_id(connection: Connection, name: str) -> int:
    found = connection.execute(select(collections.c.id).where(collections.c.name == name)).scalar()
    if found is None:
        found = connection.execute(
            insert(collections).values(name=name).returning(collections.c.id)
        ).scalar_one()
    return int(found)


def relocate(connection: Connection, document_id: int, collection_id: int, path: str) -> None:
    """Move a document within a transaction.

    Its passages get new ids: to the derived indexes, an id belongs to one collection for good.
    """
    connection.execute(
        update(documents)
        .where(documents.c.id == document_id)
        .values(collection_id=collection_id, path=path)
    )
    columns = [column for column in passages.c if column is not passages.c.id]
    query = select(*columns).where(passages.c.document_id == document_id).order_by(passages.c.id)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    connection.execute(delete(passages).where(passages.c.document_id == document_id))
    connection.execute(insert(passages), rows)
    ids = select(passages.c.id).where(passages.c.document_id == document_id)
    new = connection.execute(ids).scalars().all()
    link_duplicates(connection, dict(read_texts(connection, new)))
