"""The passages that were removed lately, so that only what changed is read after a change."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "removed",
        sa.Column("passage_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("passage_id", name="pk_removed"),
    )
    op.create_index("ix_removed_number", "removed", ["number"])
