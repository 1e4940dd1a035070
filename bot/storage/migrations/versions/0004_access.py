"""Who may do what, who said so, and where the bot is quiet."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
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
