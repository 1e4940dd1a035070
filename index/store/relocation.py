"""A document into another collection."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from index.store.duplicates import link_duplicates, read_texts
from index.store.schema import documents, passages


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
