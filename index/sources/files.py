"""One file of documents: its name and stat, its bytes within limits, and its metadata beside it."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path, PurePath, PurePosixPath

from index.core.documents import Metadata
from index.core.errors import DocumentError
from index.core.files import FileStat, open_regular
from index.parsers.toolkit.metadata import MAX_CHARS, read_metadata, read_yaml
from index.parsers.toolkit.siblings import siblings_of
from index.sources.archives import read_member

_MAX_NAME_CHARS, _SHOWN_CHARS = 4096, 80
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")

SIDECARS = (".meta.yaml", ".meta.yml", ".meta.json")
"""Suffixes of metadata files: report.pdf.meta.yaml belongs to report.pdf."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that can be parsed; `path` is relative to its folder, with forward slashes.

    Attributes:
        location: its place, or that of its archive; there was no link in it.
        stat: covers it and its `sidecar`, the metadata file beside it.
        member: of a file in the archive at `location`, its path there; its sidecar may be a path
            there, too.
    """

    path: str
    location: Path
    stat: FileStat
    sidecar: Path | str | None = None
    member: str | None = None


def find_file(location: Path, folder: Path | None = None, inside: Path | None = None) -> FoundFile:
    """Return a file; without a `folder` its name is its path.

    With `inside`, the folder without links, a link is refused unless it leads to a file there.

    Raises:
        DocumentError: missing, no regular file, a link out of the folder, or its name is not UTF-8
            or not printable.
    """
    name = relative_name(location, folder or location.parent)
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
    refuse_control(name)
    sidecar, beside = _find_sidecar(location, name, inside)
    size_bytes = found.st_size + beside.size_bytes
    mtime_ns = max(found.st_mtime_ns, beside.mtime_ns)
    return FoundFile(name, real, FileStat(size_bytes, mtime_ns), sidecar)


def refuse_control(name: str) -> None:
    """Reject a name that a terminal would obey, or that no file on a disk could have."""
    if len(name) > _MAX_NAME_CHARS:
        raise DocumentError(
            f"{name[:_SHOWN_CHARS]}…",
            f"its name has {len(name):,} characters, the limit is {_MAX_NAME_CHARS:,}; rename it",
        )
    if _CONTROL.search(name):
        raise DocumentError(name, "the file name has control characters; rename it")


def read_file(file: FoundFile, max_bytes: int) -> bytes:
    """Return the bytes of a file.

    Raises:
        DocumentError: larger than `max_bytes`, or damaged in its archive.
        OSError: it has gone or cannot be read.
    """
    if file.stat.size_bytes <= max_bytes:
        if file.member is not None:
            data = read_member(file.path, file.location, file.member, max_bytes)
        else:
            with open_regular(file.location) as opened:
                data = opened.read(max_bytes + 1)
        if len(data) <= max_bytes:
            return data
    raise DocumentError(
        file.path,
        f"{_megabytes(file.stat.size_bytes)} MB, the limit is {max_bytes / 1e6:g} MB; split the "
        "file or raise ONRECORD_MAX_FILE_MB",
    )


def read_sidecar(file: FoundFile) -> tuple[Metadata, bytes]:
    """Return the metadata in the sidecar of a file, and its bytes; both empty without a sidecar.

    Raises:
        DocumentError: not a mapping of YAML or JSON, or damaged in its archive.
        OSError: it has gone or cannot be read.
    """
    if file.sidecar is None:
        return Metadata(), b""
    if isinstance(file.sidecar, str):
        data = read_member(file.path, file.location, file.sidecar, MAX_CHARS * 4)
        suffix = file.sidecar
    else:
        with open_regular(file.sidecar) as opened:
            data = opened.read(MAX_CHARS * 4)
        suffix = file.sidecar.name
    fields = read_yaml(data.decode("utf-8", errors="replace"))
    if fields is None:
        name = file.path + "".join(PurePath(suffix).suffixes[-2:])
        raise DocumentError(name, "not a mapping such as `title: …`; correct it or remove it")
    return read_metadata(fields).read_in("sidecar file"), data


def read_siblings(file: FoundFile, data: bytes, max_bytes: int) -> dict[str, bytes]:
    """Return those files beside one that its bytes refer to, as far as they can be read.

    Together they have at most `max_bytes`.
    """
    found: dict[str, bytes] = {}
    for name in siblings_of(file.path, data):
        with suppress(DocumentError, OSError):
            if file.member is not None:
                key = str(PurePosixPath(file.member).with_name(name))
                read = read_member(file.path, file.location, key, max_bytes)
            else:
                with open_regular(file.location.with_name(name)) as opened:
                    read = opened.read(max_bytes + 1)
            max_bytes -= len(read)
            if max_bytes < 0:
                break
            found[name] = read
    return found


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


def relative_name(location: Path, folder: Path) -> str:
    return location.relative_to(folder).as_posix()
