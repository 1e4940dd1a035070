"""What several bots on one database need: who has which chat, and what they count together.

The topic of an update is a column now; on a server, so is the order in which rows came.
"""

import json

import sqlalchemy as sa
from alembic import op

from bot.storage.updates import topic_of

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("updates", sa.Column("topic", sa.BigInteger))
    op.add_column("updates", sa.Column("replica", sa.String(32)))
    op.create_table(
        "replicas",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("until", sa.Float, nullable=False),
    )
    op.create_table(
        "lanes",
        sa.Column("lane", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("replica", sa.String(32)),
        sa.Column("touched", sa.Float, nullable=False),
    )
    op.create_table(
        "quotas",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("sender", sa.String(64), primary_key=True),
        sa.Column("times", sa.JSON, nullable=False),
        sa.Column("last", sa.Float, nullable=False),
    )
    op.create_table(
        "changes",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
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
