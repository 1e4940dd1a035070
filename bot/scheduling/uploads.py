"""The upload queue: downloads, checks and indexes documents, one at a time.

An upload may be taken again after a crash at any moment: its name and its place on the disk are
recorded before anything is made of it, so that nothing is there twice.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TypeVar

from bot.conversation.conversation import collection_of
from bot.i18n.language import _
from bot.storage.uploads import Interrupted, Limits, Offer, Taken, Upload, Uploads
from bot.texts import uploads as texts
from index.core.documents import Document
from index.core.errors import DocumentError, InterruptionError
from index.core.files import open_regular, replacing, sha256_of_file
from index.parsers import parser_of
from index.sources.names import free_name

if TYPE_CHECKING:  # The models are slow to import.
    from index.library import Library

T = TypeVar("T")
Announce = Callable[[str], None]
NICENESS = 10
PAUSE_S = 0.02
MAX_PAUSE_S = 2.0


class Line:
    """First come, first served: a place counts from when it is taken, not from when it waits."""

    def __init__(self) -> None:
        self.places: deque[asyncio.Event] = deque()

    @contextmanager
    def place(self) -> Iterator[asyncio.Event]:
        """Take the last place; yield an event that is set when its turn has come."""
        place = asyncio.Event()
        self.places.append(place)
        self._call()
        try:
            yield place
        finally:
            self.places.remove(place)
            self._call()

    def before(self, place: asyncio.Event) -> int:
        """Return the number of places before one."""
        return self.places.index(place)

    def _call(self) -> None:
        if self.places:
            self.places[0].set()


@dataclass(slots=True)
class Intake:
    """Takes in documents in order, on a thread that leaves the processor to answers."""

    library: Library
    uploads: Uploads
    folder: Path  # of the files, without links
    limits: Limits
    busy: Callable[[], bool] = lambda: False  # indexing pauses while questions are in progress
    line: Line = field(default_factory=Line)
    # Only one after another can messages of the same text in one chat be distinguished.
    announcing: dict[int, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    closing: threading.Event = field(default_factory=threading.Event)
    executor: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, "intake", initializer=step_back)
    )

    async def take(
        self, offer: Offer, place: asyncio.Event, count: Callable[[int], None], announce: Announce
    ) -> Taken:
        """Take an offer once those before it are done.

        `count` is called with 1 when its turn has come, with -1 if it is interrupted in good order;
        `announce` with each step, in words that follow the name.

        Raises:
            DocumentError: it is rejected; the text gives the limit and the remedy.
            Interrupted: the bot stops.
        """
        check_file(offer, offer.size_bytes, self.limits)
        if before := self.line.before(place):
            announce(texts.upload_waits(before))
        await place.wait()
        if self.closing.is_set():
            raise Interrupted
        count(1)
        try:
            return await self._take(offer, announce)
        except (Interrupted, asyncio.CancelledError):
            count(-1)
            raise

    def give_up(self, update_id: int) -> bool:
        """Forget an upload and its file unless it is indexed; return whether it is forgotten."""
        upload = self.uploads.find(update_id)
        if upload is None:
            return True
        files = self.library.files(collection_of(upload.chat_id))
        if upload.document_id is not None or (upload.file and upload.path in files):
            return False
        self._drop(upload)
        return True

    def migrate(self, chat_id: int, new_id: int) -> None:
        """Move the documents of a group to the supergroup that it became."""
        for document in self.library.documents((collection_of(chat_id),)):
            self.library.move(document.id, collection_of(new_id))
        self.uploads.migrate(chat_id, new_id)

    async def run(self, function: Callable[[], T]) -> T:
        """Run a function on the indexing thread, after the document in progress."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, function)

    def remove(self, document_id: int) -> None:
        """Remove a document and its file.

        Raises:
            DocumentError: there is no such document.
        """
        self.library.remove(document_id)
        for upload in self.uploads.of_document(document_id):
            self._delete(upload)
        self.uploads.forget(document_id)

    def file_of(self, document: Document) -> Path | None:
        """Return the file that a document was made of, None for a page and for any other."""
        of_document = self.uploads.of_document(document.id)
        return next((self.folder / upload.file for upload in of_document if upload.file), None)

    def close(self) -> None:
        """Begin no document, and interrupt the one in progress at its next step.

        To read a file may be a long step, which ends at once.
        """
        self.closing.set()
        self.library.interrupt()
        self.executor.shutdown(wait=False, cancel_futures=True)

    async def _take(self, offer: Offer, announce: Announce) -> Taken:
        upload = self.uploads.find(offer.update_id)
        if upload is None:
            upload = self._plan(offer)
        collection = collection_of(offer.chat_id)
        if upload.document_id is not None:
            return Taken(self._document(collection, upload.document_id))
        try:
            before = self.library.files(collection).get(upload.path)
            location = await self._fetch(offer, upload, announce)
            if isinstance(location, Path) and (same := self._same(collection, upload, location)):
                self._drop(upload)
                return Taken(self._document(collection, same), known=True)
            announce(_(texts.UPLOAD_READING))
            later = from_thread(announce)
            left_out = await self.run(lambda: self._index(location, upload, collection, later))
            document_id = self.library.files(collection)[upload.path].document_id
        except (DocumentError, OSError):
            self._drop(upload)
            raise
        self.uploads.finish(offer.update_id, document_id)
        known = before is not None and before.document_id == document_id and not upload.file
        return Taken(self._document(collection, document_id), known, left_out)

    def _plan(self, offer: Offer) -> Upload:
        """Record an offer under a free name, if the chat has room for it."""
        files = self.library.files(collection_of(offer.chat_id))
        if len(files) >= self.limits.documents and offer.name not in files:
            raise DocumentError(offer.name, texts.too_many_documents(self.limits.documents))
        used = sum(file.stat.size_bytes for file in files.values())
        if used + offer.size_bytes > self.limits.chat_mb * texts.MEGABYTE:
            raise DocumentError(offer.name, texts.too_much(used, self.limits.chat_mb))
        path, file = offer.name, None
        if offer.download is not None:
            path = free_name(offer.name, files.keys() | self.uploads.begun(offer.chat_id))
            place = collection_of(offer.chat_id).replace(":", "_")
            file = f"{place}/{secrets.token_hex(8)}{PurePath(path).suffix}"
        upload = Upload(offer.update_id, offer.chat_id, offer.user_id, path, file)
        self.uploads.plan(upload)
        return upload

    async def _fetch(self, offer: Offer, upload: Upload, announce: Announce) -> Path | str:
        """Return the path or URL of the content; a file is complete or absent."""
        if offer.download is None or upload.file is None:
            return offer.name
        location = self.folder / upload.file
        if not location.exists():
            announce(_(texts.UPLOAD_FETCHING))
            data = await offer.download()
            check_file(offer, len(data), self.limits)
            await self.run(lambda: write(location, data))
        return location

    def _same(self, collection: str, upload: Upload, location: Path) -> int | None:
        """Return the document of the chat with exactly the content of a file."""
        try:
            sha256 = sha256_of_file(open_regular(location))
        except OSError as error:
            raise DocumentError(upload.path, texts.CHANGED_ON_DISK) from error
        for file in self.library.files(collection).values():
            if file.sha256 == sha256 and file.path != upload.path:
                return file.document_id
        return None

    def _index(
        self, location: Path | str, upload: Upload, collection: str, announce: Announce
    ) -> tuple[str, ...]:
        """Index an upload; return why parts of it could not be read."""

        def progress(done: int, total: int) -> None:
            self._pause()
            if self.closing.is_set():
                raise Interrupted
            announce(texts.upload_indexing(done, total))

        try:
            report = self.library.add_document(location, collection, progress, upload.path)
        except InterruptionError as error:
            raise Interrupted from error
        if report.failed:
            raise report.failed[0]
        return tuple(error.reason for error in report.left_out)

    def _pause(self) -> None:
        """Let questions go first, for at most MAX_PAUSE_S."""
        until = time.monotonic() + MAX_PAUSE_S
        while self.busy() and not self.closing.is_set() and time.monotonic() < until:
            time.sleep(PAUSE_S)

    def _document(self, collection: str, document_id: int) -> Document | None:
        documents = self.library.documents((collection,))
        return next((found for found in documents if found.id == document_id), None)

    def _drop(self, upload: Upload) -> None:
        self._delete(upload)
        self.uploads.drop(upload.update_id)

    def _delete(self, upload: Upload) -> None:
        if upload.file is not None:
            (self.folder / upload.file).unlink(missing_ok=True)


def check_file(offer: Offer, size_bytes: int, limits: Limits) -> None:
    """Check the format and the size of a file; a page is checked when it is fetched.

    Raises:
        DocumentError: it is rejected; the text gives the limit and the remedy.
    """
    if offer.download is None:
        return
    parser_of(offer.name)
    if (
        limits.download_mb <= limits.max_file_mb
        and size_bytes > limits.download_mb * texts.MEGABYTE
    ):
        raise DocumentError(offer.name, texts.TOO_LARGE_FOR_TELEGRAM)
    if size_bytes > limits.max_file_mb * texts.MEGABYTE:
        raise DocumentError(offer.name, texts.file_too_large(size_bytes, limits.max_file_mb))


def write(location: Path, data: bytes) -> None:
    with replacing(location) as temporary:
        temporary.write_bytes(data)


def from_thread(announce: Announce) -> Announce:
    """Return `announce` for another thread, in the current language; call this on the loop."""
    loop = asyncio.get_running_loop()
    context = copy_context()

    def announce_later(text: str) -> None:
        loop.call_soon_threadsafe(announce, text, context=context)

    return announce_later


def step_back() -> None:
    """Lower the priority of the calling thread and of those that it starts."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
