"""Whose words they are and where they stand, which are almost the same, and what was quoted."""

import sqlalchemy as sa
from alembic import op

from index.core.files import sha256_of

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for column in (
        sa.Column("publisher", sa.Text),
        sa.Column("language", sa.String(35)),
        sa.Column("url", sa.Text),
        sa.Column("fetched", sa.DateTime),
        sa.Column("text_sha256", sa.String(64), nullable=False, server_default=""),
    ):
        op.add_column("documents", column)
    _hash_texts(op.get_bind())
    op.add_column("passages", sa.Column("published", sa.Date))
    op.create_index("ix_passages_published", "passages", ["published"])
    op.execute(
        "UPDATE passages SET published = "
        "(SELECT published FROM documents WHERE documents.id = passages.document_id)"
    )
    op.create_table(
        "pages",
        _owner("document_id", "documents"),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("start", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entries",
        _owner("document_id", "documents"),
        sa.Column("start", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("title", sa.Text),
        sa.Column("published", sa.Date),
        sa.Column("time", sa.Time),
        sa.Column("speaker_start", sa.Integer),
        sa.Column("speaker_end", sa.Integer),
        sa.Column("url", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bands",
        sa.Column("hash", sa.BigInteger, primary_key=True, autoincrement=False),
        _owner("passage_id", "passages"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_bands_passage_id", "bands", ["passage_id"])
    op.create_table(
        "duplicates",
        _owner("passage_id", "passages"),
        _owner("other_id", "passages"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_duplicates_other_id", "duplicates", ["other_id"])
    op.create_table(
        "certificates",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("collection", sa.String(255), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("document_sha256", sa.String(64), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("issued", sa.DateTime, nullable=False),
    )
    op.create_index("ix_certificates_document_sha256", "certificates", ["document_sha256"])


def _hash_texts(connection: sa.Connection) -> None:
    """One document at a time: all of their texts may be more than memory holds."""
    documents = sa.table("documents", sa.column("id"), sa.column("text"), sa.column("text_sha256"))
    for document_id in connection.execute(sa.select(documents.c.id)).scalars().all():
        one = documents.c.id == document_id
        text = connection.execute(sa.select(documents.c.text).where(one)).scalar_one()
        hashed = sa.update(documents).where(one).values(text_sha256=sha256_of(text))
        connection.execute(hashed)


def _owner(name: str, table: str) -> sa.Column[int]:
    """Return a part of the primary key: the row goes with the one it names."""
    owner = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, sa.Integer, owner, primary_key=True)
