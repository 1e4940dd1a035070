"""The tables of the first release; the revisions before it were never released."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "facts",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "collections",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(255), nullable=False, unique=True),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer, primary_key=True),
        _owner("collection_id", "collections"),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("published", sa.Date),
        sa.Column("author", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("publisher", sa.Text),
        sa.Column("language", sa.String(35)),
        sa.Column("url", sa.Text),
        sa.Column("fetched", sa.DateTime),
        sa.Column("text_sha256", sa.String(64), nullable=False, server_default=""),
        sa.Column("parsers_version", sa.Integer, nullable=False, server_default="1"),
        sa.UniqueConstraint("collection_id", "path"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sentences",
        _owner("document_id", "documents", primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("paragraph", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pages",
        _owner("document_id", "documents", primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("start", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entries",
        _owner("document_id", "documents", primary_key=True),
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
        "embeddings",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    embedding = sa.ForeignKey("embeddings.sha256")
    op.create_table(
        "passages",
        sa.Column("id", sa.Integer, primary_key=True),
        _owner("document_id", "documents", index=True),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("first_sentence", sa.Integer, nullable=False),
        sa.Column("last_sentence", sa.Integer, nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("embedding_sha256", sa.String(64), embedding, nullable=False, index=True),
        sa.Column("published", sa.Date, index=True),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "bands",
        sa.Column("hash", sa.BigInteger, primary_key=True, autoincrement=False),
        _owner("passage_id", "passages", primary_key=True, index=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "duplicates",
        _owner("passage_id", "passages", primary_key=True),
        _owner("other_id", "passages", primary_key=True, index=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "certificates",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("collection", sa.String(255), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("document_sha256", sa.String(64), nullable=False, index=True),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("issued", sa.DateTime, nullable=False),
    )


def _owner(
    name: str, table: str, *, primary_key: bool = False, index: bool = False
) -> sa.Column[int]:
    """Return a column that names the row's owner; the row goes with it."""
    owner = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, sa.Integer, owner, primary_key=primary_key, index=index, nullable=False)
