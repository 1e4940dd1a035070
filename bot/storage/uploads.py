"""The record of uploads: who sent them, their names, and the documents they became."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePath

from sqlalchemy import ColumnElement, Engine, delete, insert, select, union, update

from bot.storage.schema import messages, updates, uploads
from index.core.documents import Document
from index.sources.archives import ARCHIVES
from index.store.database import execute, fetch, from_row, writing


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

    documents: tuple[Document, ...]  # of an archive all that are in it; () if removed meanwhile
    known: bool = False  # it was there before
    left_out: tuple[str, ...] = ()  # the parts that could not be read, and why
    archive: str = ""  # its name in the chat, if it is one


@dataclass(frozen=True, slots=True)
class Upload:
    """A file or page that was accepted, or a file in an archive that was."""

    update_id: int
    chat_id: int
    user_id: int | None  # None for an anonymous administrator
    path: str  # its name in the chat's collection
    file: str | None = None  # its path in the folder of uploads; None for a page
    document_id: int | None = None  # None until it is indexed
    part: int = 0  # its place in an archive

    @property
    def archive(self) -> str:
        """The name of the archive, or "" if it is none."""
        is_archive = self.file is not None and PurePath(self.file).suffix in ARCHIVES
        return self.path.partition("/")[0] if is_archive else ""


class Uploads:
    """The uploads that were accepted and not removed again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def plan(self, upload: Upload) -> None:
        """Record an upload before anything is made of it."""
        execute(self._engine, insert(uploads), asdict(upload) | {"at": time.time()})

    def replaced(self, upload: Upload, document_ids: Collection[int]) -> list[Upload]:
        """Return the uploads that an archive with these documents takes the place of.

        A page may have several uploads, each of which lets its sender remove it.
        """
        return self._fetch(_replaced(upload, document_ids)) if upload.archive else []

    def finish(
        self, upload: Upload, documents: Mapping[str, int], gone: Collection[int] = ()
    ) -> None:
        """Record the documents that an upload became, by path: several in an archive.

        What it takes the place of is forgotten; documents of the archive before it may be `gone`.
        """
        own = uploads.c.update_id == upload.update_id
        with writing(self._engine) as connection:
            at = connection.execute(select(uploads.c.at).where(own)).scalar() or time.time()
            connection.execute(delete(uploads).where(own))
            if upload.archive:
                before = _replaced(upload, {*documents.values(), *gone})
                connection.execute(delete(uploads).where(before))
            for part, (path, found) in enumerate(documents.items()):
                row = asdict(upload) | {"path": path, "document_id": found, "part": part}
                connection.execute(insert(uploads), row | {"at": at})

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

    def of_update(self, update_id: int) -> list[Upload]:
        """Return the upload that came with an update, or its parts."""
        return self._fetch(uploads.c.update_id == update_id)

    def by_message(self, chat_id: int, message_id: int) -> tuple[int, ...]:
        """Return the documents that came with a message, or that a message of the bot is about."""
        of_bot = select(messages.c.update_id).where(
            messages.c.chat_id == chat_id, messages.c.message_id == message_id
        )
        of_user = select(updates.c.update_id).where(
            updates.c.chat_id == chat_id, updates.c.message_id == message_id
        )
        found = self._fetch(uploads.c.update_id.in_(union(of_bot, of_user)))
        return tuple(upload.document_id for upload in found if upload.document_id is not None)

    def last(self, chat_id: int, within_s: float) -> tuple[tuple[int, ...], float] | None:
        """Return what was last sent to a chat, and when; None if that is too long ago."""
        recent = (uploads.c.chat_id == chat_id) & (uploads.c.at >= time.time() - within_s)
        query = select(uploads.c.update_id, uploads.c.at).where(recent)
        indexed = query.where(uploads.c.document_id.is_not(None)).order_by(uploads.c.at.desc())
        for row in fetch(self._engine, indexed.limit(1)):
            parts = self.of_update(row.update_id)
            return tuple(part.document_id for part in parts if part.document_id), row.at
        return None

    def of_document(self, document_id: int) -> list[Upload]:
        """Return the uploads of a document, the earliest first; a page may have several."""
        return self._fetch(uploads.c.document_id == document_id)

    def in_file(self, file: str) -> list[Upload]:
        """Return the uploads that a file holds."""
        return self._fetch(uploads.c.file == file)

    def begun(self, chat_id: int) -> set[str]:
        """Return the names in a chat that are given to uploads not indexed yet."""
        begun = (uploads.c.chat_id == chat_id) & uploads.c.document_id.is_(None)
        return {upload.path for upload in self._fetch(begun)}

    def _fetch(self, condition: ColumnElement[bool]) -> list[Upload]:
        query = select(uploads).where(condition).order_by(uploads.c.id)
        return [from_row(Upload, row) for row in fetch(self._engine, query)]


def _replaced(upload: Upload, document_ids: Collection[int]) -> ColumnElement[bool]:
    return uploads.c.document_id.in_(document_ids) & (uploads.c.update_id != upload.update_id)
