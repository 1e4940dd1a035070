"""Brings files and pages into the store, a few documents at a time: what is finished stays."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from index.attribution.tagger import Tagger
from index.core.documents import Metadata, NewDocument, Progress
from index.core.errors import DocumentError, NotInstalledError
from index.core.files import FileStat, StoredFile, sha256_of
from index.core.memory import release_memory
from index.core.settings import IndexSettings
from index.ingest import ANY_ROOM, IndexReport, Room
from index.ingest.pool import Ahead
from index.ingest.prepare import Prepare, new_document
from index.ingest.stored import is_current, is_same, is_under
from index.ingest.writer import Writer
from index.models import Embedder
from index.parsers import SUFFIXES
from index.parsers.ocr import IMAGES
from index.parsers.ocr.images import no_text
from index.parsers.ocr.tesseract import INSTALL, can_recognize
from index.sources.files import FoundFile, find_file, read_file, read_siblings, read_sidecar
from index.sources.folder import list_folder, list_found
from index.sources.names import choose_url, is_url, normalize_url
from index.store.store import Store

_KEPT = "; what was read of it before stays"


class _KeptError(DocumentError):
    """A file that cannot be read now, but whose document is none the worse."""


class Indexer:
    """Writes files and pages to one collection of a store, in one run.

    `embedding` gets the count of passages embedded of a group, and may raise to end the run.
    """

    def __init__(
        self,
        settings: IndexSettings,
        store: Store,
        embedder: Embedder,
        prepare: Prepare,
        collection: str,
        *,
        tagger: Tagger,
        embedding: Progress | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._collection = collection
        self._max_bytes = int(settings.max_file_mb * 1_000_000)
        self._ahead = Ahead(prepare, self._max_bytes)
        self._formats = SUFFIXES if can_recognize(settings.ocr_languages) else SUFFIXES - IMAGES
        self._no_text = no_text(settings.ocr_languages)
        self._wordless: dict[str, FileStat] = {}
        self._report = IndexReport()
        self._writer = Writer(store, embedder, tagger, collection, embedding)

    def sync(
        self, folder: Path, progress: Progress | None = None, *, allow_empty: bool = False
    ) -> IndexReport:
        """Make the collection equal to a folder, but for documents that were added one by one.

        Unchanged files cost a stat, renamed ones a read. A file that cannot be read keeps the
        document it had, and so does one that only this version or this machine cannot parse; one
        that no longer holds text loses it.

        Raises:
            DocumentError: `folder` is no folder, or it holds no files while documents were synced
                and `allow_empty` does not let them be removed.
        """
        files = self._list(folder)
        stored = self._store.files(self._collection)
        if self._formats is SUFFIXES:  # pages that waited for Tesseract are read now
            for path in self._store.unread.warned(self._collection, INSTALL):
                stored[path] = replace(stored[path], parsers_version=0)
        synced = [file for file in stored.values() if file.origin == "sync"]
        if synced and not (files or self._report.failed or allow_empty):
            # A drive that is not connected leaves an empty folder behind.
            raise DocumentError(
                str(folder),
                "no file that can be read; see that its drive is connected, or remove all that was "
                f"synced ({len(synced):,}) with --allow-empty",
            )
        here = {file.path for file in files}
        unseen = [error.name for error in self._report.failed]
        away = tuple(SUFFIXES - self._formats)  # pictures stay while Tesseract is not there
        gone = [
            file
            for file in synced
            if not (file.path in here or is_under(file.path, unseen))
            and not file.path.lower().endswith(away)
        ]
        with self._writer:
            self._index(files, "sync", stored, gone, progress or (lambda *_: None))
        self._remove([file.document_id for file in gone])
        self._store.prune()
        self._report.wordless = len(self._wordless)
        failed = self._report.failed
        self._store.unread.put(self._collection, failed, self._no_text, self._wordless)
        self._store.remember_folder(self._collection, folder)
        return self._report

    def add(self, locations: Sequence[Path | str], progress: Progress | None = None) -> IndexReport:
        """Add files, all files of folders, and pages to the collection; `sync` leaves them be.

        A URL is fetched even if it was fetched before. A document whose URL cannot be fetched or
        read any more stays as it was.
        """
        files: list[FoundFile] = []
        urls = dict.fromkeys(normalize_url(url) for url in map(str, locations) if is_url(url))
        for location in (Path(location) for location in locations if not is_url(str(location))):
            try:
                files += self._list(location, is_folder=location.is_dir())
            except DocumentError as error:
                self._fail(error)
        stored = self._store.files(self._collection)
        report, count = progress or (lambda *_: None), len(files) + len(urls)
        with self._writer:
            self._index(files, "add", stored, [], lambda done, _: report(done, count))
            self._index_urls(urls, stored, lambda done, _: report(len(files) + done, count))
        return self._report

    def add_file(self, location: Path, name: str, room: Room = ANY_ROOM) -> IndexReport:
        """Add one file, below no link, under a name of its own instead of that on the disk.

        Of an archive each file becomes a document, as far as there is `room`; those of the archive
        that had the name before, and are not in it any more, are removed.
        """
        try:
            folder = location.parent
            found = replace(find_file(location, folder, inside=folder), path=name)
            listing = list_found(found, self._fail, self._formats)
        except DocumentError as error:
            self._fail(DocumentError(name, error.reason))
            return self._report
        self._report.unknown.update(listing.unknown)
        files = room.fill(listing.files)
        self._report.no_room = len(listing.files) - len(files)
        stored = self._store.files(self._collection)
        here = {name, *(file.path for file in files)}
        gone = [
            file for path, file in stored.items() if path not in here and is_under(path, [name])
        ]
        with self._writer:
            self._index(files, "add", stored, gone, self._writer.of_several(len(files)))
        self._remove([file.document_id for file in gone])
        return self._report

    def _list(self, location: Path, *, is_folder: bool = True) -> Sequence[FoundFile]:
        if is_folder:
            apart = self._settings.own_folders
            listing = list_folder(location, self._fail, apart, self._formats)
        else:
            listing = list_found(find_file(location), self._fail, self._formats)
        self._report.unknown.update(listing.unknown)
        return listing.files

    def _index(
        self,
        files: Sequence[FoundFile],
        origin: str,
        stored: Mapping[str, StoredFile],
        gone: list[StoredFile],
        progress: Progress,
    ) -> None:
        """Index new and changed files. Renamed documents are taken out of `gone`."""
        # The names that an added file may not have: of synced documents, and of this run.
        taken = {path for path, file in stored.items() if file.origin == "sync"}
        wordless = self._store.unread.files_for(self._collection, self._no_text)
        self._ahead.expect(files, stored)
        for done, file in enumerate(files):
            progress(done, len(files))
            before = stored.get(file.path)
            if origin == "add":
                if file.path in taken:
                    reason = "another document has this name; rename it"
                    self._fail(DocumentError(file.path, reason))
                    continue
                taken.add(file.path)
            if before is not None and before.stat == file.stat and is_current(before):
                self._report.unchanged += 1
                continue
            if origin == "sync" and wordless.get(file.path) == file.stat:
                self._wordless[file.path] = file.stat
                continue
            try:
                self._index_file(file, origin, before, gone)
            except OSError as error:
                self._fail(DocumentError(file.path, f"cannot be read: {error.strerror or error}"))
            except DocumentError as error:
                if origin == "sync" and error.reason == self._no_text:
                    self._wordless[file.path] = file.stat
                else:
                    self._fail(error)
                if before is not None and not isinstance(error, _KeptError):
                    self._remove([before.document_id])
        self._report.embedded += self._writer.finish()
        self._ahead.end()
        release_memory()
        progress(len(files), len(files))

    def _index_file(
        self, file: FoundFile, origin: str, before: StoredFile | None, gone: list[StoredFile]
    ) -> None:
        data = read_file(file, self._max_bytes)
        metadata, beside = read_sidecar(file)
        sha256 = sha256_of(data + beside)
        if not self._is_known(file, sha256, before, gone):
            try:
                siblings = read_siblings(file, data, self._max_bytes)
                prepared = self._ahead.prepare(file.path, data, metadata, siblings)
            except DocumentError as error:
                # The same bytes were read before, or could not be looked at: see that it stays.
                same = before is not None and before.sha256 == sha256
                is_kept = same or (before and isinstance(error, NotInstalledError))
                if is_kept and error.reason != self._no_text:
                    raise _KeptError(error.name, error.reason + _KEPT) from error
                raise
            del data  # up to 20 MB that storing need not hold
            self._take(
                new_document(
                    prepared, path=file.path, origin=origin, stat=file.stat, sha256=sha256
                ),
                before,
            )

    def _index_urls(
        self, urls: Collection[str], stored: Mapping[str, StoredFile], progress: Progress
    ) -> None:
        for done, url in enumerate(urls):
            progress(done, len(urls))
            try:
                self._index_url(url, stored.get(url))
            except DocumentError as error:
                self._fail(error)
        self._report.embedded += self._writer.finish()
        progress(len(urls), len(urls))

    def _index_url(self, url: str, before: StoredFile | None) -> None:
        from index.sources.web import FetchLimits, fetch  # noqa: PLC0415  # slow to import

        limits = self._settings.fetch_seconds, self._settings.fetch_private
        page = fetch(url, FetchLimits(self._max_bytes, *limits))
        sha256 = sha256_of(page.data)
        stat = FileStat(len(page.data), int(page.at.timestamp() * 1e9))
        if before is not None and is_same(before, sha256):
            self._report.unchanged += 1
            self._store.touch(before.document_id, url, stat, page.at)
            return
        try:
            prepared = self._ahead.prepare(page.name, page.data, Metadata())
        except DocumentError as error:
            raise DocumentError(url, error.reason) from error
        metadata = prepared.parsed.metadata
        metadata = replace(metadata, url=choose_url(metadata.url, page.url))
        prepared = replace(prepared, parsed=replace(prepared.parsed, metadata=metadata))
        self._take(
            new_document(
                prepared, path=url, origin="add", stat=stat, sha256=sha256, fetched=page.at
            ),
            before,
        )

    def _is_known(
        self, file: FoundFile, sha256: str, before: StoredFile | None, gone: list[StoredFile]
    ) -> bool:
        """Whether the content is stored already, here or under a name that has gone."""
        if before is not None and is_same(before, sha256):
            self._report.unchanged += 1
            self._store.touch(before.document_id, file.path, file.stat)
            return True
        renamed = next((old for old in gone if is_same(old, sha256)), None)
        if before is not None or renamed is None:
            return False
        gone.remove(renamed)
        self._report.renamed += 1
        self._store.touch(renamed.document_id, file.path, file.stat)
        return True

    def _take(self, new: NewDocument, before: StoredFile | None) -> None:
        self._report.left_out += [DocumentError(new.path, why) for why in new.parsed.left_out]
        self._report.added += before is None
        self._report.updated += before is not None
        self._writer.write(new)

    def _remove(self, document_ids: Sequence[int]) -> None:
        if document_ids:
            self._store.remove(document_ids)
            self._report.removed += len(document_ids)

    def _fail(self, error: DocumentError) -> None:
        self._report.failed.append(error)
