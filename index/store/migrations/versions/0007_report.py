"""What an operator should know of each document, and of the files that could not be read."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for column in (
        sa.Column("origins", sa.JSON, nullable=False, server_default="{}"),
        sa.Column("quotable", sa.Float),
        sa.Column("warnings", sa.JSON, nullable=False, server_default="[]"),
        sa.Column("recognized", sa.JSON, nullable=False, server_default="[]"),
    ):
        op.add_column("documents", column)
    op.create_table(
        "unread",
        sa.Column(
            "collection_id",
            sa.Integer,
            sa.ForeignKey("collections.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger),
        sa.Column("mtime_ns", sa.BigInteger),
        sqlite_with_rowid=False,
    )
