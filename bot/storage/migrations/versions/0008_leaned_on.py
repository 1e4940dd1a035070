"""Adds the question that the next one may lean on."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    column = sa.Column("leaned_on", sa.Text, nullable=False, server_default="")
    op.add_column("exchanges", column)
