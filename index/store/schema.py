"""The tables of the index. `migrations/` brings an older file up to this."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
)

schema = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

facts = Table(
    "facts",
    schema,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Facts about the whole index: `model`, `dimension`, `next_model` while it changes, and `folder:`
with each synced collection.
"""

revisions = Table(
    "revisions",
    schema,
    Column("number", Integer, primary_key=True, autoincrement=False),  # 0 before any change
    Column("token", String(32), nullable=False, unique=True),
)
"""The last changes of the passages."""

removed = Table(
    "removed",
    schema,
    # Passages that those who know an earlier revision still hold.
    Column("passage_id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False, index=True),  # of the first revision without it
)

collections = Table(
    "collections",
    schema,
    Column("id", Integer, primary_key=True),
    Column("name", String(255), nullable=False, unique=True),
)

documents = Table(
    "documents",
    schema,
    Column("id", Integer, primary_key=True),
    Column("collection_id", ForeignKey("collections.id", ondelete="CASCADE"), nullable=False),
    Column("path", Text, nullable=False),
    Column("origin", String(16), nullable=False),  # "sync": follows its folder, or "add"
    Column("size_bytes", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("parsers_version", Integer, nullable=False, server_default="1"),
    Column("attribution_version", Integer, nullable=False, server_default="0"),
    Column("title", Text),
    Column("published", Date),
    Column("author", Text),
    Column("publisher", Text),
    Column("language", String(35)),
    Column("url", Text),
    Column("fetched", DateTime),  # UTC
    Column("text", Text, nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("origins", JSON, nullable=False, server_default="{}"),  # of title, day and author
    Column("quotable", Float),
    Column("warnings", JSON, nullable=False, server_default="[]"),
    Column("recognized", JSON, nullable=False, server_default="[]"),  # pages
    UniqueConstraint("collection_id", "path"),
    sqlite_autoincrement=True,
)

unread = Table(
    "unread",
    schema,
    # Files that the last sync of the collection could not read.
    Column("collection_id", ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("size_bytes", BigInteger),  # of one that is not to be read again while it stays as it is
    Column("mtime_ns", BigInteger),
    sqlite_with_rowid=False,
)

sentences = Table(
    "sentences",
    schema,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("paragraph", Integer, nullable=False),
    sqlite_with_rowid=False,
)

pages = Table(
    "pages",
    schema,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    # Again if the text comes back to it: for notes below a sentence that goes on overleaf.
    Column("number", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

entries = Table(
    "entries",
    schema,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("title", Text),
    Column("published", Date),
    Column("time", Time),
    Column("speaker_start", Integer),
    Column("speaker_end", Integer),
    Column("url", Text),
    sqlite_with_rowid=False,
)

attributions = Table(
    "attributions",
    schema,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    # Each a list of [start, end].
    Column("source", JSON, nullable=False),
    Column("cue", JSON, nullable=False),
    Column("content", JSON, nullable=False),
    Column("start", Integer, nullable=False),  # of the content
    Column("end", Integer, nullable=False),
    Column("speaker", Text),  # the characters of the text from speaker_start to speaker_end
    Column("speaker_start", Integer),
    Column("speaker_end", Integer),
    Column("speech", String(16)),
    sqlite_with_rowid=False,
)

embeddings = Table(
    "embeddings",
    schema,
    Column("sha256", String(64), primary_key=True),  # of the text that was embedded
    Column("vector", LargeBinary, nullable=False),  # little-endian float32
)

staged = Table(
    "staged",
    schema,
    # Those of the model that the index is changing to.
    Column("sha256", String(64), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

passages = Table(
    "passages",
    schema,
    # Never used twice, so that a derived index is up to date exactly when it holds the same ids.
    Column("id", Integer, primary_key=True),
    Column(
        "document_id", ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("first_sentence", Integer, nullable=False),
    Column("last_sentence", Integer, nullable=False),
    Column("heading", Text, nullable=False),
    Column("published", Date, index=True),  # of its entry, or else of its document
    Column("embedding_sha256", ForeignKey("embeddings.sha256"), nullable=False, index=True),
    sqlite_autoincrement=True,
)

bands = Table(
    "bands",
    schema,
    # Passages that share one are almost the same by MinHash, or happen to look so.
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "passage_id", ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
    sqlite_with_rowid=False,
)

duplicates = Table(
    "duplicates",
    schema,
    # Each pair both ways round.
    Column("passage_id", ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True),
    Column("other_id", ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

certificates = Table(
    "certificates",
    schema,
    # They outlive their documents, but the words of one that is removed go with it.
    Column("id", String(16), primary_key=True),
    Column("collection", String(255), primary_key=True),
    Column("path", Text, nullable=False),
    Column("title", Text),
    Column("document_sha256", String(64), nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text),
    Column("text_sha256", String(64), nullable=False),
    Column("issued", DateTime, nullable=False),  # UTC
)
