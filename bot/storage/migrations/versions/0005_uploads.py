"""Files and pages that users sent in."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
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
