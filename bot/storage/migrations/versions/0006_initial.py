"""All tables of `bot.db`, as they were before the first release.

The number is that of the last of six steps, so that databases made meanwhile are known.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = None


def parent(column: str) -> sa.ForeignKey:
    return sa.ForeignKey(column, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "updates",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("update_id", sa.BigInteger, nullable=False, unique=True),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("chat_id", sa.BigInteger),
        sa.Column("user_id", sa.BigInteger),
        sa.Column("mailbox", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("received_at", sa.Float, nullable=False),
        sa.Column("status", sa.String(16), nullable=False, index=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("finished_at", sa.Float),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_updates_mailbox", "updates", ["mailbox", "message_id"])
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "update_id",
            sa.BigInteger,
            parent("updates.update_id"),
            nullable=False,
            index=True,
        ),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("mailbox", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("is_notice", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("after_id", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("sent_at", sa.Float),
        sa.Column("error", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_messages_mailbox", "messages", ["mailbox", "message_id"])
    op.create_table(
        "exchanges",
        sa.Column("id", sa.String(12), primary_key=True),
        sa.Column(
            "update_id",
            sa.BigInteger,
            parent("updates.update_id"),
            nullable=False,
            unique=True,
        ),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("answered", sa.Boolean, nullable=False),
        sa.Column("quotes", sa.Text, nullable=False),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("further", sa.Boolean, nullable=False),
        sa.Column("asked_at", sa.Float, nullable=False),
    )
    op.create_index("ix_exchanges_asker", "exchanges", ["chat_id", "user_id", "asked_at"])
    op.create_table(
        "presses",
        sa.Column("update_id", sa.BigInteger, parent("updates.update_id"), primary_key=True),
        sa.Column("exchange_id", sa.String(12), parent("exchanges.id"), nullable=False, index=True),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("pressed_at", sa.Float, nullable=False),
    )
    op.create_table(
        "votes",
        sa.Column("exchange_id", sa.String(12), parent("exchanges.id"), primary_key=True),
        sa.Column("user_id", sa.BigInteger, primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
        sa.Column("voted_at", sa.Float, nullable=False),
    )
    op.create_table(
        "linked_questions",
        sa.Column("key", sa.String(12), primary_key=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("kept_at", sa.Float, nullable=False),
    )
    op.create_table(
        "tallies",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.create_table(
        "grants",
        sa.Column("target", sa.BigInteger, primary_key=True),
        sa.Column("grant", sa.String(16), primary_key=True),
        sa.Column("actor", sa.BigInteger, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("actor", sa.BigInteger, nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("target", sa.BigInteger, nullable=False),
        sa.Column("detail", sa.String(64), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "chats",
        sa.Column("chat_id", sa.BigInteger, primary_key=True),
        sa.Column("quiet_since", sa.Float),
        sa.Column("left_since", sa.Float),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("update_id", sa.BigInteger, nullable=False, unique=True),
        sa.Column("chat_id", sa.BigInteger, nullable=False, index=True),
        sa.Column("user_id", sa.BigInteger),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("file", sa.Text),
        sa.Column("document_id", sa.Integer, index=True),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "languages",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("language", sa.String(8), nullable=False),
    )
    op.create_table(
        "introductions",
        sa.Column("bot_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
    )
