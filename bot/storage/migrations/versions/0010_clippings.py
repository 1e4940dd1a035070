"""Adds the quotes that chats keep."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "clippings",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger),
        sa.Column("certificate", sa.String(12), nullable=False),
        sa.Column("collection", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("document_sha256", sa.String(64), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("kept_at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clippings"),
        sa.UniqueConstraint("chat_id", "certificate", name="uq_clippings_chat_id"),
        sqlite_autoincrement=True,
    )
