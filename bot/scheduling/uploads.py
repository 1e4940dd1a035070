"""The upload queue: downloads, checks and indexes documents, one at a time.

An upload may be taken again after a crash at any moment: its name and its place on the disk are
recorded before anything is made of it, so that nothing is there twice.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.conversation.conversation import collection_of
from bot.i18n.language import _
from bot.scheduling.line import Line
from bot.scheduling.planning import Files, check_file, plan, room_for, within
from bot.storage.uploads import Interrupted, Limits, Offer, Taken, Upload, Uploads
from bot.texts import uploads as texts
from index.core.documents import Document
from index.core.errors import DocumentError, InterruptionError
from index.core.files import open_regular, replacing, sha256_of_file
from index.ingest import ANY_ROOM, IndexReport

if TYPE_CHECKING:  # The models are slow to import.
    from index.library import Library

T = TypeVar("T")
Announce = Callable[[str], None]
NICENESS = 10
PAUSE_S = 0.02
MAX_PAUSE_S = 2.0


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

    async def give_up(self, update_id: int) -> bool:
        """Forget an upload and its file unless it is indexed; return whether it is forgotten."""
        for upload in self.uploads.of_update(update_id):
            files = self.library.files(collection_of(upload.chat_id))
            if upload.document_id is not None or (upload.file and upload.path in files):
                return False
            await self.run(partial(self._drop, upload))
        return True

    def migrate(self, chat_id: int, new_id: int) -> None:
        """Move the documents of a group to the supergroup that it became."""
        for document in self.library.documents((collection_of(chat_id),)):
            self.library.move(document.id, collection_of(new_id))
        self.uploads.migrate(chat_id, new_id)

    async def run(self, function: Callable[[], T]) -> T:
        """Run a function on the indexing thread, after the document in progress."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, function)

    def remove(self, document_id: int) -> tuple[str, int]:
        """Remove a document and its file; return its name, and how many documents went.

        With one of an archive go those that came with it, but for what was shared meanwhile.

        Raises:
            DocumentError: there is no such document.
        """
        document, sent = self.library.document(document_id), self.uploads.of_document(document_id)
        here = {found.id for found in self.library.documents((document.collection,))}
        parts = [part for upload in sent for part in self.uploads.of_update(upload.update_id)]
        beside = [
            part
            for part in parts
            if part.document_id in here and collection_of(part.chat_id) == document.collection
        ]
        going = {*sent, *beside}
        gone = {document_id, *(part.document_id for part in beside if part.document_id)}
        for part_id in gone:
            self.library.remove(part_id)
        self._delete(going)
        for part_id in gone:
            self.uploads.forget(part_id)
        archive = next((upload.archive for upload in sent if upload.archive), "")
        return archive or document.path, len(gone)

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
        parts = self.uploads.of_update(offer.update_id)
        collection = collection_of(offer.chat_id)
        before = self.library.files(collection)
        upload = parts[0] if parts else plan(offer, before, self.uploads, self.limits)
        if upload.document_id is not None:
            ids = [part.document_id for part in parts]
            return Taken(self._documents(collection, ids), archive=upload.archive)
        try:
            location = await self._fetch(offer, upload, announce)
            if isinstance(location, Path) and (same := self._same(collection, upload, location)):
                await self.run(partial(self._drop, upload))
                return Taken(self._documents(collection, [same]), known=True)
            announce(_(texts.UPLOAD_READING))
            later = from_thread(announce)
            report = await self.run(lambda: self._index(location, upload, collection, later))
            return self._finish(upload, collection, before, report)
        except (DocumentError, OSError):
            await self.run(partial(self._drop, upload))
            raise

    def _finish(self, upload: Upload, collection: str, before: Files, report: IndexReport) -> Taken:
        """Record what an upload became; what an archive takes the place of goes.

        Raises:
            DocumentError: an archive of which nothing can be read.
        """
        files, name = self.library.files(collection), upload.archive
        found = within(files, name) if name else {upload.path: files[upload.path].document_id}
        gone = set(within(before, name).values()) - set(found.values())
        self._delete(self.uploads.replaced(upload, {*found.values(), *gone}))
        self.uploads.finish(upload, found, gone)
        if not found:
            raise DocumentError(name, texts.nothing_in_archive(report, name))
        documents = self._documents(collection, found.values())
        if name:
            is_same = not (report.added or report.updated or report.renamed or gone)
            return Taken(documents, is_same, texts.left_out_of_archive(report, name), name)
        stays = upload.path in before and before[upload.path].document_id in found.values()
        left_out = tuple(error.reason for error in report.left_out)
        return Taken(documents, stays and not upload.file, left_out)

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
    ) -> IndexReport:
        """Index an upload.

        Raises:
            DocumentError: nothing of it can be read.
        """

        def progress(done: int, total: int) -> None:
            self._pause()
            if self.closing.is_set():
                raise Interrupted
            announce(texts.upload_indexing(done, total))

        files = self.library.files(collection)
        room = room_for(upload, files, self.limits) if upload.archive else ANY_ROOM
        try:
            report = self.library.add_document(location, collection, progress, upload.path, room)
        except InterruptionError as error:
            raise Interrupted from error
        failed = [e for e in report.failed if not upload.archive or e.name == upload.path]
        if failed:
            raise failed[0]
        return report

    def _pause(self) -> None:
        """Let questions go first, for at most MAX_PAUSE_S."""
        until = time.monotonic() + MAX_PAUSE_S
        while self.busy() and not self.closing.is_set() and time.monotonic() < until:
            time.sleep(PAUSE_S)

    def _documents(self, collection: str, ids: Collection[int | None]) -> tuple[Document, ...]:
        return tuple(found for found in self.library.documents((collection,)) if found.id in ids)

    def _drop(self, upload: Upload) -> None:
        """Forget an upload and its file, with what is indexed of it alone."""
        files = self.library.files(collection_of(upload.chat_id))
        for document_id in within(files, upload.archive).values():
            if not self.uploads.of_document(document_id):
                self.library.remove(document_id)
        self._delete([upload])
        self.uploads.drop(upload.update_id)

    def _delete(self, going: Collection[Upload]) -> None:
        """Delete the files of uploads that go, unless others are in them, too."""
        for file in {upload.file for upload in going if upload.file is not None}:
            if set(self.uploads.in_file(file)) <= set(going):
                (self.folder / file).unlink(missing_ok=True)


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
