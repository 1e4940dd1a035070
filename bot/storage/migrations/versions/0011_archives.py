"""Lets one upload become several documents: those in an archive."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    with op.batch_alter_table("uploads") as table:
        table.add_column(sa.Column("part", sa.Integer, nullable=False, server_default="0"))
        table.drop_constraint("uq_uploads_update_id", type_="unique")
        table.create_unique_constraint("uq_uploads_update_id", ["update_id", "part"])
