"""The folder of documents: its files, those in its archives, and what is left out."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from index.core.errors import DocumentError
from index.parsers import SUFFIXES
from index.sources.archives import ARCHIVES, Member, list_members, refuse_bomb
from index.sources.files import SIDECARS, FoundFile, find_file, refuse_control, relative_name

# Hidden files, and those that Word keeps beside a document while it is open.
_NO_DOCUMENT = (".", "~$")
_OF_THE_SYSTEM = frozenset({"__MACOSX"})

Fail = Callable[[DocumentError], None]


@dataclass(frozen=True, slots=True)
class Listing:
    """The files found, by path, and by suffix the count of those of no known format."""

    files: list[FoundFile] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)


def list_folder(
    folder: Path, fail: Fail, apart: Collection[Path] = (), formats: Collection[str] = SUFFIXES
) -> Listing:
    """Return the files of `folder`, its subfolders and its archives.

    Hidden files and the parts of saved web pages are left out. Links to folders are not followed,
    and links to files only inside `folder`: otherwise anybody who may write there could have any
    file of this machine quoted. `fail` gets an error for each file or subfolder that cannot be
    listed; the subfolders `apart` hold no documents. `formats` are the suffixes that are read.

    Raises:
        DocumentError: `folder` is no folder.
    """
    if not folder.is_dir():
        raise DocumentError(str(folder), "no such folder")
    listing = Listing()
    inside = folder.resolve()
    left_out = {path.resolve() for path in apart}

    def unreadable(error: OSError) -> None:
        fail(
            DocumentError(
                relative_name(Path(error.filename), folder), f"not listed: {error.strerror}"
            )
        )

    for parent, folders, names in os.walk(folder, onerror=unreadable):
        here = Path(parent)
        parts = _parts_of_pages(names)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in parts
            and (here / name).resolve() not in left_out
        )
        for name in names:
            location = here / name
            if name.startswith(_NO_DOCUMENT) or name.lower().endswith(SIDECARS):
                continue
            suffix = location.suffix.lower()
            if suffix not in formats and suffix not in ARCHIVES:
                listing.unknown[suffix] += 1
                continue
            try:
                _add(listing, find_file(location, folder, inside), fail, formats)
            except DocumentError as error:
                fail(error)
    listing.files.sort(key=lambda file: file.path)
    return listing


def list_found(found: FoundFile, fail: Fail, formats: Collection[str] = SUFFIXES) -> Listing:
    """Return a file, or the files in it if it is an archive; see `list_folder`.

    Their paths begin with that of the archive.

    Raises:
        DocumentError: an archive of which nothing can be read.
    """
    listing = Listing()
    _add(listing, found, fail, formats)
    return listing


def _add(listing: Listing, found: FoundFile, fail: Fail, formats: Collection[str]) -> None:
    if PurePath(found.path).suffix.lower() not in ARCHIVES:
        listing.files.append(found)
        return
    try:
        members = list_members(found.path, found.location)
    except OSError as error:
        raise DocumentError(found.path, f"cannot be read: {error.strerror or error}") from error
    names = {member.name: member for member in members}
    documents = []
    for member in _documents(members):
        path, suffix = f"{found.path}/{member.name}", PurePath(member.name).suffix.lower()
        if suffix in ARCHIVES:
            fail(DocumentError(path, "an archive in an archive, which is not read; unpack it"))
        elif suffix not in formats:
            listing.unknown[suffix] += 1
        else:
            documents.append(member)
    refuse_bomb(found.path, documents)
    if locked := sum(member.is_encrypted for member in documents):
        raise DocumentError(
            found.path, f"protected by a password ({locked:,} files in it); unpack it yourself"
        )
    for member in documents:
        file = _member(found, member, names)
        try:
            refuse_control(file.path)
            listing.files.append(file)
        except DocumentError as error:
            fail(error)


def _member(archive: FoundFile, member: Member, names: dict[str, Member]) -> FoundFile:
    """A document in an archive; the sidecar of the archive is that of each member without one."""
    beside = next(filter(None, (names.get(member.name + suffix) for suffix in SIDECARS)), None)
    size_bytes = member.size_bytes + (beside.size_bytes if beside else 0)
    return replace(
        archive,
        path=f"{archive.path}/{member.name}",
        stat=replace(archive.stat, size_bytes=size_bytes),
        sidecar=beside.key if beside else archive.sidecar,
        member=member.key,
    )


def _documents(members: Iterable[Member]) -> Iterator[Member]:
    """The members that a folder of them would have as documents."""
    paths = [(PurePath(member.name), member) for member in members]
    parts = {str(path.parent / part) for path, _ in paths for part in _parts_of_pages([path.name])}
    for path, member in paths:
        if (
            any(name.startswith(_NO_DOCUMENT) or name in _OF_THE_SYSTEM for name in path.parts)
            or path.name.lower().endswith(SIDECARS)
            or any(str(parent) in parts for parent in path.parents)
        ):
            continue
        yield member


def _parts_of_pages(names: Iterable[str]) -> set[str]:
    """The folders in which browsers save the frames, scripts and pictures of a page."""
    pages = [PurePath(name).stem for name in names if name.lower().endswith((".html", ".htm"))]
    return {f"{page}{ending}" for page in pages for ending in ("_files", "-files", ".files")}
