"""The language of a document, where its text shows one."""

import sqlalchemy as sa
from alembic import op

from index.text.language import of_document

revision = "0006"
down_revision = "0005"

_BATCH = 100
_CHARS = 4000


def upgrade() -> None:
    documents = sa.table("documents", *map(sa.column, ("id", "language", "text")))
    connection = op.get_bind()
    ids = connection.execute(sa.select(documents.c.id).order_by(documents.c.id)).scalars().all()
    start = sa.func.substr(documents.c.text, 1, _CHARS)
    for at in range(0, len(ids), _BATCH):
        chosen = documents.c.id.in_(ids[at : at + _BATCH])
        query = sa.select(documents.c.id, documents.c.language, start.label("start")).where(chosen)
        for row in connection.execute(query).all():
            if (language := of_document(row.start, row.language)) != row.language:
                changing = sa.update(documents).where(documents.c.id == row.id)
                connection.execute(changing.values(language=language))
