"""Reads regular files alone, writes so that a crash leaves the old or the new one, and hashes."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

_FOLDER_FLAGS = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
# A pipe is opened at once, too, so that it can be recognized.
_FILE_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | _NO_FOLLOW


@dataclass(frozen=True, slots=True)
class FileStat:
    """The stat of a file, which shows cheaply whether it changed since it was indexed."""

    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored document as a file of its folder. `origin` is "sync" or "add"."""

    document_id: int
    path: str
    origin: str
    stat: FileStat
    sha256: str
    parsers_version: int


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file for reading; `path` is absolute, and no part of it may be a link.

    Whatever takes the place of the file, or of a folder above it, at any moment: it is neither
    followed nor waited for. (Windows opens through links.)

    Raises:
        OSError: missing, not readable, or no such file; its `strerror` has the reason.
    """
    try:
        descriptor = _open_without_links(path)
    except OSError as error:
        reason = error.strerror
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            reason = "a link is in its place, or in that of a folder above it"
        raise OSError(error.errno, reason, str(path)) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return os.fdopen(descriptor, "rb")


def _open_without_links(path: Path) -> int:
    if os.open not in os.supports_dir_fd:
        return os.open(path, _FILE_FLAGS)
    folder = os.open(path.anchor, _FOLDER_FLAGS)
    try:
        for part in path.parts[1:-1]:
            inner = os.open(part, _FOLDER_FLAGS | _NO_FOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(path.name, _FILE_FLAGS, dir_fd=folder)
    finally:
        os.close(folder)


def make_private(folder: Path) -> None:
    """Make a folder, and those above it, for their owner alone; those that exist stay as they are.

    Path.mkdir gives its mode to the last folder only.
    """
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder.parent)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary file beside `path` to write, which then replaces `path` atomically.

    Only its owner may read it.
    """
    make_private(path.parent)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        yield temporary
        os.fsync(descriptor)
        temporary.replace(path)
        sync_folder(path.parent)
    finally:
        os.close(descriptor)
        temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Let the names of the files in a folder outlive a power cut, if the system can do so."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sha256_of(data: bytes | str) -> str:
    """Return the SHA-256 of bytes, or of a text as UTF-8, in hexadecimal."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def sha256_of_file(path: Path | BufferedReader) -> str:
    """Return the SHA-256 of a file, or of what is left of an open one."""
    with path.open("rb") if isinstance(path, Path) else path as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
