"""What a server needs that a file does not: names of any length, and rows counted as they came."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    with op.batch_alter_table("facts") as facts:
        facts.alter_column("name", type_=sa.Text, existing_type=sa.String(64), nullable=False)
    if op.get_bind().dialect.name == "postgresql":  # SQLite has such a column of its own
        op.execute(
            "ALTER TABLE certificates ADD COLUMN rowid BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE"
        )
