"""The record of uploads: who sent them, their names, and the documents they became."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Engine, delete, insert, select, union, update

from bot.storage.schema import messages, updates, uploads
from index.core.documents import Document
from index.store.database import execute, fetch, from_row


class Interrupted(Exception):  # noqa: N818  # not an error
    """The bot stops; the upload is taken again at the next start."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of uploads."""

    max_file_mb: float
    documents: int  # of one chat
    chat_mb: float  # of all documents of one chat
    download_mb: float = math.inf  # of a file that the Bot API server hands over


@dataclass(frozen=True, slots=True)
class Offer:
    """A file or page that a user sends."""

    update_id: int
    chat_id: int
    user_id: int | None
    name: str  # a clean file name, or a URL as the index knows it
    size_bytes: int = 0  # according to Telegram; 0 if unknown
    download: Callable[[], Awaitable[bytes]] | None = None  # of a file; None for a page


@dataclass(frozen=True, slots=True)
class Taken:
    """The result of an offer."""

    document: Document | None  # None if it was removed meanwhile
    known: bool = False  # it was there before
    left_out: tuple[str, ...] = ()  # why parts of it could not be read


@dataclass(frozen=True, slots=True)
class Upload:
    """A file or page that was accepted."""

    update_id: int
    chat_id: int
    user_id: int | None  # None for an anonymous administrator
    path: str  # its name in the chat's collection
    file: str | None = None  # its path in the folder of uploads; None for a page
    document_id: int | None = None  # None until it is indexed


class Uploads:
    """The uploads that were accepted and not removed again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def plan(self, upload: Upload) -> None:
        """Record an upload before anything is made of it."""
        execute(self._engine, insert(uploads), asdict(upload) | {"at": time.time()})

    def finish(self, update_id: int, document_id: int) -> None:
        """Record the document that an upload became."""
        chosen = update(uploads).where(uploads.c.update_id == update_id)
        execute(self._engine, chosen.values(document_id=document_id))

    def drop(self, update_id: int) -> None:
        """Forget an upload that became no document."""
        execute(self._engine, delete(uploads).where(uploads.c.update_id == update_id))

    def forget(self, document_id: int) -> None:
        """Forget the uploads of a document."""
        execute(self._engine, delete(uploads).where(uploads.c.document_id == document_id))

    def migrate(self, chat_id: int, new_id: int) -> None:
        """Record that a group became a supergroup."""
        chosen = update(uploads).where(uploads.c.chat_id == chat_id)
        execute(self._engine, chosen.values(chat_id=new_id))

    def find(self, update_id: int) -> Upload | None:
        """Return the upload that came with an update."""
        return next(iter(self._fetch(uploads.c.update_id == update_id)), None)

    def by_message(self, chat_id: int, message_id: int) -> int | None:
        """Return the document that came with a message, or that a message of the bot is about."""
        of_bot = select(messages.c.update_id).where(
            messages.c.chat_id == chat_id, messages.c.message_id == message_id
        )
        of_user = select(updates.c.update_id).where(
            updates.c.chat_id == chat_id, updates.c.message_id == message_id
        )
        found = self._fetch(uploads.c.update_id.in_(union(of_bot, of_user)))
        return next((upload.document_id for upload in found), None)

    def last(self, chat_id: int, within_s: float) -> tuple[int, float] | None:
        """Return the last document sent to a chat, and when; None if that is too long ago."""
        query = (
            select(uploads.c.document_id, uploads.c.at)
            .where(uploads.c.chat_id == chat_id, uploads.c.document_id.is_not(None))
            .where(uploads.c.at >= time.time() - within_s)
            .order_by(uploads.c.at.desc())
        )
        return next(
            ((row.document_id, row.at) for row in fetch(self._engine, query.limit(1))), None
        )

    def of_document(self, document_id: int) -> list[Upload]:
        """Return the uploads of a document, the earliest first; a page may have several."""
        return self._fetch(uploads.c.document_id == document_id)

    def begun(self, chat_id: int) -> set[str]:
        """Return the names in a chat that are given to uploads not indexed yet."""
        begun = (uploads.c.chat_id == chat_id) & uploads.c.document_id.is_(None)
        return {upload.path for upload in self._fetch(begun)}

    def _fetch(self, condition: ColumnElement[bool]) -> list[Upload]:
        query = select(uploads).where(condition).order_by(uploads.c.id)
        return [from_row(Upload, row) for row in fetch(self._engine, query)]
