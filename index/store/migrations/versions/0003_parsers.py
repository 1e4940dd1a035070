"""Which version of the parsers read a document."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    version = sa.Column("parsers_version", sa.Integer, nullable=False, server_default="1")
    op.add_column("documents", version)
