"""A token for each revision, by which a search index proves that it was made from this store."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    revisions = op.create_table(
        "revisions",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("token", sa.String(32), nullable=False, unique=True),
    )
    facts = sa.table("facts", sa.column("name"), sa.column("value"))
    counted = facts.c.name == "revision"
    number = op.get_bind().execute(sa.select(facts.c.value).where(counted)).scalar()
    op.bulk_insert(revisions, [{"number": int(number or 0), "token": secrets.token_hex(16)}])
    op.execute(sa.delete(facts).where(counted))
