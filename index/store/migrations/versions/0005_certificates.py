"""A certificate belongs to a collection, and the words of a removed document go with it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.rename_table("certificates", "former")
    if op.get_bind().dialect.name == "postgresql":  # where no two keys have one name
        op.execute("ALTER TABLE former RENAME CONSTRAINT pk_certificates TO pk_former")
    op.drop_index("ix_certificates_document_sha256", "former")
    op.create_table(
        "certificates",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("collection", sa.String(255), primary_key=True),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("document_sha256", sa.String(64), nullable=False, index=True),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("issued", sa.DateTime, nullable=False),
    )
    names = 'id, collection, path, title, document_sha256, start, "end", text, text_sha256, issued'
    op.execute(f"INSERT INTO certificates ({names}) SELECT {names} FROM former")  # noqa: S608
    op.drop_table("former")
    op.execute(
        "UPDATE certificates SET text = NULL, title = NULL WHERE NOT EXISTS ("
        "SELECT 1 FROM documents JOIN collections ON collections.id = documents.collection_id "
        "WHERE collections.name = certificates.collection AND (documents.path = certificates.path "
        "OR documents.sha256 = certificates.document_sha256))"
    )
