"""What was asked and answered, the buttons pressed under it, and the votes on it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "exchanges",
        sa.Column("id", sa.String(12), primary_key=True),
        sa.Column(
            "update_id",
            sa.BigInteger,
            sa.ForeignKey("updates.update_id", ondelete="CASCADE"),
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
        sa.Column(
            "update_id",
            sa.BigInteger,
            sa.ForeignKey("updates.update_id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "exchange_id",
            sa.String(12),
            sa.ForeignKey("exchanges.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("pressed_at", sa.Float, nullable=False),
    )
    op.create_table(
        "votes",
        sa.Column(
            "exchange_id",
            sa.String(12),
            sa.ForeignKey("exchanges.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("user_id", sa.BigInteger, primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
        sa.Column("voted_at", sa.Float, nullable=False),
    )
