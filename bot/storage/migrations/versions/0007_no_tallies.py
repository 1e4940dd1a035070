"""Drops the table `tallies`; a metric counts inline cards."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.drop_table("tallies")
