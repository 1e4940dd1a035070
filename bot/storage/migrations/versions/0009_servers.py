"""The topic of each update, and on a server the order in which rows came, which SQLite counts."""

import json

import sqlalchemy as sa
from alembic import op

from bot.storage.updates import topic_of

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("updates", sa.Column("topic", sa.BigInteger))
    updates = sa.table("updates", *map(sa.column, ("id", "kind", "payload", "topic")))
    query = sa.select(updates).where(updates.c.payload.contains("is_topic_message"))
    for row in op.get_bind().execute(query).all():
        changing = sa.update(updates).where(updates.c.id == row.id)
        op.execute(changing.values(topic=topic_of(json.loads(row.payload), row.kind)))
    if op.get_bind().dialect.name == "postgresql":
        for table in ("linked_questions", "audit"):
            op.execute(
                f"ALTER TABLE {table} ADD COLUMN rowid BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE"
            )
