"""The folder of documents: its files, and their bytes within limits."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path, PurePath

from index.core.documents import FileStat, Metadata
from index.core.errors import DocumentError
from index.core.files import open_regular
from index.parsers import SUFFIXES
from index.parsers.toolkit.metadata import MAX_CHARS, read_metadata, read_yaml

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")

# Hidden files, and those that Word keeps beside a document while it is open.
_NO_DOCUMENT = (".", "~$")

SIDECARS = (".meta.yaml", ".meta.yml", ".meta.json")
"""Suffixes of metadata files: report.pdf.meta.yaml belongs to report.pdf."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that can be parsed; `path` is relative to its folder, with forward slashes.

    `location` had no link in it. `stat` covers the file and its `sidecar`, the metadata file
    beside it.
    """

    path: str
    location: Path
    stat: FileStat
    sidecar: Path | None = None


def list_folder(
    folder: Path, fail: Callable[[DocumentError], None], apart: Collection[Path] = ()
) -> tuple[list[FoundFile], int]:
    """Return the files of `folder` and its subfolders, by path, and the count of unknown formats.

    Hidden files and the parts of saved web pages are left out. Links to folders are not followed,
    and links to files only inside `folder`: otherwise anybody who may write there could have any
    file of this machine quoted. `fail` gets an error for each file or subfolder that cannot be
    listed; the subfolders `apart` hold no documents.

    Raises:
        DocumentError: `folder` is no folder.
    """
    if not folder.is_dir():
        raise DocumentError(str(folder), "no such folder")
    files, skipped = [], 0
    inside = folder.resolve()
    left_out = {path.resolve() for path in apart}

    def unreadable(error: OSError) -> None:
        fail(DocumentError(_shown(Path(error.filename), folder), f"not listed: {error.strerror}"))

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
            if location.suffix.lower() not in SUFFIXES:
                skipped += 1
                continue
            try:
                files.append(find_file(location, folder, inside))
            except DocumentError as error:
                fail(error)
    return sorted(files, key=lambda file: file.path), skipped


def _parts_of_pages(names: Sequence[str]) -> set[str]:
    """The folders in which browsers save the frames, scripts and pictures of a page."""
    pages = [PurePath(name).stem for name in names if name.lower().endswith((".html", ".htm"))]
    return {f"{page}{ending}" for page in pages for ending in ("_files", "-files", ".files")}


def read_sidecar(file: FoundFile) -> tuple[Metadata, bytes]:
    """Return the metadata in the sidecar of a file, and its bytes; both empty without a sidecar.

    Raises:
        DocumentError: not a mapping of YAML or JSON.
        OSError: it has gone or cannot be read.
    """
    if file.sidecar is None:
        return Metadata(), b""
    with open_regular(file.sidecar) as opened:
        data = opened.read(MAX_CHARS * 4)
    fields = read_yaml(data.decode("utf-8", errors="replace"))
    if fields is None:
        name = file.path + "".join(file.sidecar.suffixes[-2:])
        raise DocumentError(name, "not a mapping such as `title: …`; correct it or remove it")
    return read_metadata(fields), data


def read_file(file: FoundFile, max_bytes: int) -> bytes:
    """Return the bytes of a file.

    Raises:
        DocumentError: larger than `max_bytes`.
        OSError: it has gone or cannot be read.
    """
    if file.stat.size_bytes <= max_bytes:
        with open_regular(file.location) as opened:
            data = opened.read(max_bytes + 1)
        if len(data) <= max_bytes:
            return data
    raise DocumentError(
        file.path,
        f"{_megabytes(file.stat.size_bytes)} MB, the limit is {max_bytes / 1e6:g} MB; split the "
        "file or raise ONRECORD_MAX_FILE_MB",
    )


def find_file(location: Path, folder: Path | None = None, inside: Path | None = None) -> FoundFile:
    """Return a file; without a `folder` its name is its path.

    With `inside`, the folder without links, a link is refused unless it leads to a file there.

    Raises:
        DocumentError: missing, no regular file, a link out of the folder, or its name is not UTF-8
            or not printable.
    """
    name = _shown(location, folder or location.parent)
    try:
        name.encode()
        real = _without_links(location, name, inside)
        found = real.lstat()
    except UnicodeEncodeError as error:
        shown = name.encode(errors="backslashreplace").decode()
        raise DocumentError(shown, "the file name is not UTF-8; rename it") from error
    except FileNotFoundError as error:
        remedy = "remove the link" if location.is_symlink() else "see that the path is right"
        raise DocumentError(name, f"no such file; {remedy}") from error
    except OSError as error:
        raise DocumentError(name, f"cannot be looked at: {error.strerror}") from error
    if not stat.S_ISREG(found.st_mode):
        raise DocumentError(name, "not a regular file; take it out of the folder")
    if _CONTROL.search(name):
        raise DocumentError(name, "the file name has control characters; rename it")
    sidecar, beside = _find_sidecar(location, name, inside)
    size_bytes = found.st_size + beside.size_bytes
    mtime_ns = max(found.st_mtime_ns, beside.mtime_ns)
    return FoundFile(name, real, FileStat(size_bytes, mtime_ns), sidecar)


def _without_links(location: Path, name: str, inside: Path | None) -> Path:
    """The place of the file `name`, or beside it, at which there is no link now."""
    if inside is not None and not location.is_symlink():
        return (inside / name).with_name(location.name)
    real = Path(os.path.realpath(location, strict=True))
    if inside is not None and not real.is_relative_to(inside):
        reason = "a link out of the folder; copy the file here, or `index add` it"
        raise DocumentError(name, reason)
    return real


def _find_sidecar(location: Path, name: str, inside: Path | None) -> tuple[Path | None, FileStat]:
    for suffix in SIDECARS:
        with suppress(OSError):
            real = _without_links(location.with_name(location.name + suffix), name, inside)
            found = real.lstat()
            if stat.S_ISREG(found.st_mode):
                return real, FileStat(found.st_size, found.st_mtime_ns)
    return None, FileStat(0, 0)


def _megabytes(size_bytes: int) -> str:
    """A size in megabytes, rounded up to read as above the limit that it exceeds."""
    size_mb = size_bytes / 1e6
    return f"{ceil(size_mb):,}" if size_mb > 100 else f"{ceil(size_mb * 10) / 10:g}"


def _shown(location: Path, folder: Path) -> str:
    return location.relative_to(folder).as_posix()
