"""The record of what users sent in: from whom, under which name, and as which document."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import Engine, delete, insert, select, update

from bot.storage.schema import uploads
from index.core.documents import Document
from index.store.database import writing


class Interrupted(Exception):  # noqa: N818  # not an error
    """The bot stops; the upload is taken again at the next start."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be sent in.

    Attributes:
        max_file_mb: of one file.
        documents: how many a chat may have.
        chat_mb: how much they may take up together.
    """

    max_file_mb: float
    documents: int
    chat_mb: float


@dataclass(frozen=True, slots=True)
class Offer:
    """A file or page that somebody sends.

    Attributes:
        name: a clean file name, or a URL as the index knows it.
        size_bytes: as Telegram tells it; 0 where nobody knows.
        download: returns the bytes of a file; None for a page.
    """

    update_id: int
    chat_id: int
    user_id: int | None
    name: str
    size_bytes: int = 0
    download: Callable[[], Awaitable[bytes]] | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What an offer became.

    Attributes:
        document: None where it was removed meanwhile.
        known: whether it was there before.
        left_out: what of it could not be read, and why.
    """

    document: Document | None
    known: bool = False
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file or page that was accepted.

    Attributes:
        update_id: the update it came with.
        user_id: who sent it; None for an anonymous administrator.
        path: its name in the chat's collection.
        file: where it lies in the folder of uploads; None for a page.
        document_id: None until it is indexed.
    """

    update_id: int
    chat_id: int
    user_id: int | None
    path: str
    file: str | None = None
    document_id: int | None = None


_COLUMNS = tuple(uploads.c[name] for name in Upload.__slots__)


class Uploads:
    """What was accepted and not removed again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def plan(self, upload: Upload) -> None:
        """Record an upload before anything is made of it."""
        row = {name: getattr(upload, name) for name in Upload.__slots__}
        with writing(self._engine) as connection:
            connection.execute(insert(uploads), row | {"at": time.time()})

    def finish(self, update_id: int, document_id: int) -> None:
        """Record which document an upload became."""
        with writing(self._engine) as connection:
            connection.execute(
                update(uploads)
                .where(uploads.c.update_id == update_id)
                .values(document_id=document_id)
            )

    def drop(self, update_id: int) -> None:
        """Forget an upload of which nothing came."""
        with writing(self._engine) as connection:
            connection.execute(delete(uploads).where(uploads.c.update_id == update_id))

    def forget(self, document_id: int) -> None:
        """Forget the uploads of a document."""
        with writing(self._engine) as connection:
            connection.execute(delete(uploads).where(uploads.c.document_id == document_id))

    def migrate(self, chat_id: int, new_id: int) -> None:
        """Record that a group became a supergroup."""
        with writing(self._engine) as connection:
            connection.execute(
                update(uploads).where(uploads.c.chat_id == chat_id).values(chat_id=new_id)
            )

    def find(self, update_id: int) -> Upload | None:
        """Return what came with an update."""
        query = select(*_COLUMNS).where(uploads.c.update_id == update_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Upload(*row)

    def of_document(self, document_id: int) -> list[Upload]:
        """Return the uploads of a document, the earliest first; a page may have several."""
        query = select(*_COLUMNS).where(uploads.c.document_id == document_id).order_by(uploads.c.id)
        with self._engine.connect() as connection:
            return [Upload(*row) for row in connection.execute(query)]

    def begun(self, chat_id: int) -> set[str]:
        """Return the names in a chat that are given to uploads not indexed yet."""
        query = select(uploads.c.path).where(
            uploads.c.chat_id == chat_id, uploads.c.document_id.is_(None)
        )
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())
