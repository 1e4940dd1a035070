"""Lets a text come back to a page: for notes below a sentence that goes on overleaf."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.rename_table("pages", "earlier_pages")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE earlier_pages RENAME CONSTRAINT pk_pages TO pk_earlier_pages")
    op.create_table(
        "pages",
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("document_id", "start", "number", name="pk_pages"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO pages (document_id, start, number) "
        "SELECT document_id, start, number FROM earlier_pages"
    )
    op.drop_table("earlier_pages")
