"""Files into the store, a few documents at a time. What is finished stays, come what may."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.core.documents import FileStat, NewDocument, Parsed, Progress, StoredFile
from index.core.errors import DocumentError
from index.core.files import sha256_of
from index.ingest.prepare import prepare
from index.ingest.report import IndexReport
from index.models.loading import Embedder
from index.parsers import PARSERS_VERSION, Parse
from index.parsers.toolkit.metadata import overlay
from index.sources.folder import FoundFile, find_file, list_folder, read_file, read_sidecar
from index.sources.names import choose_url, is_url, normalize_url
from index.store.store import Store

if TYPE_CHECKING:
    from index.sources.web import Fetched  # slow to import, and few runs fetch

_GROUP_PASSAGES = 64

Fetch = Callable[[str], "Fetched"]
"""Returns the content of a URL, or raises DocumentError."""


class Indexer:
    """Writes the files of one collection to the store."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        *,
        parse: Parse,
        fetch: Fetch,
        max_file_bytes: int,
        collection: str,
        apart: Collection[Path] = (),
    ) -> None:
        self._store = store
        self._parse = parse
        self._fetch = fetch
        self._embedder = embedder
        self._max_file_bytes = max_file_bytes
        self._collection = collection
        self._apart = apart
        self._report = IndexReport()
        self._group: list[NewDocument] = []

    def sync(
        self, folder: Path, progress: Progress | None = None, *, allow_empty: bool = False
    ) -> IndexReport:
        """Make the collection equal to a folder, but for documents that were added one by one.

        Unchanged files cost a stat, renamed ones a read. A file that cannot be read keeps the
        document it had; one that no longer holds text loses it.

        Args:
            folder: the folder.
            progress: told how far it is, in files.
            allow_empty: remove all synced documents where the folder holds no files.

        Raises:
            DocumentError: `folder` is no folder, or holds no files while documents were synced.
        """
        listing = list_folder(folder, self._fail, self._apart)
        self._report.skipped = listing.skipped
        stored = self._store.files(self._collection)
        if not (listing.files or self._report.failed or allow_empty):
            _refuse_to_empty(folder, stored)
        here = {file.path for file in listing.files}
        unseen = [error.name for error in self._report.failed]
        gone = [
            file
            for file in stored.values()
            if file.origin == "sync" and file.path not in here and not _is_under(file.path, unseen)
        ]
        self._index(listing.files, "sync", stored, gone, progress)
        self._remove([file.document_id for file in gone])
        self._store.prune()
        return self._report

    def add(self, locations: Sequence[Path | str], progress: Progress | None = None) -> IndexReport:
        """Add files, all files of folders, and pages to the collection; `sync` leaves them be.

        A location that is a URL is fetched, also where it was before. A document whose URL cannot
        be fetched or read any more stays as it was.
        """
        files: list[FoundFile] = []
        urls = dict.fromkeys(normalize_url(url) for url in map(str, locations) if is_url(url))
        for location in (Path(location) for location in locations if not is_url(str(location))):
            try:
                if location.is_dir():
                    listing = list_folder(location, self._fail, self._apart)
                    self._report.skipped += listing.skipped
                    files += listing.files
                else:
                    files.append(find_file(location))
            except DocumentError as error:
                self._fail(error)
        stored = self._store.files(self._collection)
        count = len(files) + len(urls)
        self._index(files, "add", stored, [], _part_of(progress, 0, count))
        self._index_urls(urls, stored, _part_of(progress, len(files), count))
        return self._report

    def add_file(self, location: Path, name: str) -> IndexReport:
        """Add one file under a name of its own, whatever it is called on the disk."""
        try:
            found = replace(find_file(location), path=name)
        except DocumentError as error:
            self._fail(DocumentError(name, error.reason))
        else:
            self._index([found], "add", self._store.files(self._collection), [], None)
        return self._report

    def _index(
        self,
        files: Sequence[FoundFile],
        origin: str,
        stored: Mapping[str, StoredFile],
        gone: list[StoredFile],
        progress: Progress | None,
    ) -> None:
        """Index what is new or changed. Renamed documents are taken out of `gone`."""
        # The names that an added file may not have: of synced documents, and of this run.
        taken = {path for path, file in stored.items() if file.origin == "sync"}
        for done, file in enumerate(files):
            if progress is not None:
                progress(done, len(files))
            before = stored.get(file.path)
            if origin == "add":
                if file.path in taken:
                    taken_error = "another document has this name; rename it"
                    self._fail(DocumentError(file.path, taken_error))
                    continue
                taken.add(file.path)
            if before is not None and before.stat == file.stat and _is_current(before):
                self._report.unchanged += 1
                continue
            try:
                self._index_file(file, origin, before, gone)
            except OSError as error:
                self._fail(DocumentError(file.path, f"cannot be read: {error.strerror or error}"))
            except DocumentError as error:
                self._fail(error)
                if before is not None:
                    self._remove([before.document_id])
        self._write_group()
        if progress is not None:
            progress(len(files), len(files))

    def _index_file(
        self, file: FoundFile, origin: str, before: StoredFile | None, gone: list[StoredFile]
    ) -> None:
        data = read_file(file, self._max_file_bytes)
        metadata, beside = read_sidecar(file)
        sha256 = sha256_of(data + beside)
        if not self._is_known(file, sha256, before, gone):
            parsed = self._parse(file.path, data)
            self._tell_left_out(file.path, parsed)
            parsed = replace(parsed, metadata=overlay(metadata, parsed.metadata))
            new = prepare(
                parsed,
                self._embedder,
                path=file.path,
                origin=origin,
                stat=file.stat,
                sha256=sha256,
            )
            self._take(new, before)

    def _index_urls(
        self,
        urls: Collection[str],
        stored: Mapping[str, StoredFile],
        progress: Progress | None,
    ) -> None:
        for done, url in enumerate(urls):
            if progress is not None:
                progress(done, len(urls))
            try:
                self._index_url(url, stored.get(url))
            except DocumentError as error:
                self._fail(error)
        self._write_group()
        if progress is not None:
            progress(len(urls), len(urls))

    def _index_url(self, url: str, before: StoredFile | None) -> None:
        fetched = self._fetch(url)
        sha256 = sha256_of(fetched.data)
        stat = FileStat(len(fetched.data), int(fetched.at.timestamp() * 1e9))
        if before is not None and before.sha256 == sha256 and _is_current(before):
            self._report.unchanged += 1
            self._store.touch(before.document_id, url, stat, fetched.at)
            return
        try:
            parsed = self._parse(fetched.name, fetched.data)
        except DocumentError as error:
            raise DocumentError(url, error.reason) from error
        self._tell_left_out(url, parsed)
        address = choose_url(parsed.metadata.url, fetched.url)
        new = prepare(
            replace(parsed, metadata=replace(parsed.metadata, url=address)),
            self._embedder,
            path=url,
            origin="add",
            stat=stat,
            sha256=sha256,
            fetched=fetched.at,
        )
        self._take(new, before)

    def _is_known(
        self,
        file: FoundFile,
        sha256: str,
        before: StoredFile | None,
        gone: list[StoredFile],
    ) -> bool:
        """Whether the content is stored already, here or under a name that has gone."""
        if before is not None and before.sha256 == sha256 and _is_current(before):
            self._report.unchanged += 1
            self._store.touch(before.document_id, file.path, file.stat)
            return True
        same = next((old for old in gone if old.sha256 == sha256 and _is_current(old)), None)
        if before is not None or same is None:
            return False
        gone.remove(same)
        self._report.renamed += 1
        self._store.touch(same.document_id, file.path, file.stat)
        return True

    def _tell_left_out(self, path: str, parsed: Parsed) -> None:
        self._report.left_out += [DocumentError(path, reason) for reason in parsed.left_out]

    def _take(self, document: NewDocument, before: StoredFile | None) -> None:
        if before is None:
            self._report.added += 1
        else:
            self._report.updated += 1
        self._group.append(document)
        if sum(len(taken.chunks) for taken in self._group) >= _GROUP_PASSAGES:
            self._write_group()

    def _write_group(self) -> None:
        """Embed what is not embedded yet, and store the documents at hand in one transaction."""
        if not self._group:
            return
        self._store.claim_model(self._embedder.name, self._embedder.dimension)
        texts = {sha256_of(text): text for new in self._group for text in new.embedded}
        missing = sorted(texts.keys() - self._store.known_embeddings(texts))
        vectors = self._embedder.embed_passages([texts[key] for key in missing])
        self._store.put(self._collection, self._group, dict(zip(missing, vectors, strict=True)))
        self._report.embedded += len(missing)
        self._group = []

    def _remove(self, document_ids: Sequence[int]) -> None:
        if document_ids:
            self._store.remove(document_ids)
            self._report.removed += len(document_ids)

    def _fail(self, error: DocumentError) -> None:
        self._report.failed.append(error)


def _is_current(file: StoredFile) -> bool:
    """Whether the parsers would read the same from the same bytes again."""
    return file.parsers_version == PARSERS_VERSION


def _refuse_to_empty(folder: Path, stored: Mapping[str, StoredFile]) -> None:
    """A drive that is not connected leaves an empty folder behind."""
    if count := sum(file.origin == "sync" for file in stored.values()):
        raise DocumentError(
            str(folder),
            "no file that can be read; see that its drive is connected, or remove all that was "
            f"synced ({count:,}) with --allow-empty",
        )


def _part_of(progress: Progress | None, before: int, count: int) -> Progress | None:
    """Progress of a part that comes after the first `before` of `count`."""
    return None if progress is None else lambda done, _: progress(before + done, count)


def _is_under(path: str, unseen: Sequence[str]) -> bool:
    """Whether a file, or a folder around it, is among what could not be looked at."""
    return any(name in {".", path} or path.startswith(f"{name}/") for name in unseen)
