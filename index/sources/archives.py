"""Archives of documents (.zip): their members, read one at a time and never written to disk."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from contextlib import ExitStack
from functools import lru_cache
from os import SEEK_END
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from weakref import finalize
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from index.core.errors import DocumentError
from index.core.files import open_regular
from index.parsers.toolkit.archive import (
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_TOTAL_BYTES,
    is_encrypted,
    is_file,
)

ARCHIVES = frozenset({".zip"})
"""Suffixes of archives, whose members are documents."""

_ALWAYS_ALLOWED_BYTES = 10_000_000
_MAX_DIRECTORY_BYTES = 300 * MAX_MEMBERS  # of their names and places
_END, _END_64, _LOCATOR = b"PK\5\6", b"PK\6\6", b"PK\6\7"
_END_BYTES, _LOCATOR_BYTES, _MAX_COMMENT_BYTES = 22, 20, 65_535
_DAMAGED = (BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError)
_UTF_8_FLAG = 0x800
# Capitals and small letters, in the code page of Russian Windows: three in a row are no accents.
_CYRILLIC = re.compile(rb"[\x80-\xaf\xe0-\xf1]{3}")


def archive_of(path: str) -> str:
    """Return the archive at the top that the file at `path` is in, or ""."""
    top, _, rest = path.partition("/")
    return top if rest and PurePosixPath(top).suffix.lower() in ARCHIVES else ""


class Member(NamedTuple):
    """A file in an archive.

    Attributes:
        name: its path as people see it, with forward slashes.
        key: its path as the archive has it.
    """

    name: str
    key: str
    size_bytes: int
    packed_bytes: int
    is_encrypted: bool


def list_members(name: str, location: Path) -> list[Member]:
    """Return the files in an archive by path; links are left out, of equal paths the last stays.

    Raises:
        DocumentError: no archive, a damaged one, or one with too many members.
        OSError: it has gone or cannot be read.
    """
    try:
        if (size_bytes := _directory_bytes(location)) > _MAX_DIRECTORY_BYTES:
            raise DocumentError(
                name,
                f"its list of files takes {size_bytes / 1e6:,.0f} MB, the limit is "
                f"{_MAX_DIRECTORY_BYTES / 1e6:,.0f} MB; split it",
            )
        infos = _open(location, *_state(location)).infolist()
    except _DAMAGED as error:
        raise DocumentError(name, "not a zip archive, or a damaged one; make it anew") from error
    if len(infos) > MAX_MEMBERS:
        raise DocumentError(
            name, f"{len(infos):,} files in it, the limit is {MAX_MEMBERS:,}; split it"
        )
    found = {
        shown: Member(shown, info.filename, info.file_size, info.compress_size, is_encrypted(info))
        for info in infos
        if is_file(info) and (shown := _shown_name(info))
    }
    return [found[shown] for shown in sorted(found)]


def refuse_bomb(name: str, members: Iterable[Member]) -> None:
    """Reject an archive whose members unpack to more than a limit, or than is plausible.

    Raises:
        DocumentError: see there.
    """
    sizes = [(member.size_bytes, member.packed_bytes) for member in members]
    total, packed = sum(size for size, _ in sizes), sum(size for _, size in sizes)
    if total > MAX_TOTAL_BYTES:
        raise DocumentError(
            name,
            f"unpacks to {total / 1e6:,.0f} MB, the limit is {MAX_TOTAL_BYTES / 1e6:,.0f} MB; "
            "split it",
        )
    if total > max(_ALWAYS_ALLOWED_BYTES, packed * MAX_RATIO):
        raise DocumentError(
            name,
            f"unpacks to more than {MAX_RATIO} times its size, the limit; unpack it yourself",
        )


def read_member(name: str, location: Path, key: str, max_bytes: int) -> bytes:
    """Return the bytes of a member, at most `max_bytes` and one more.

    Raises:
        DocumentError: missing, damaged, or packed in a way that is not read.
        OSError: the archive has gone or cannot be read.
    """
    try:
        archive = _open(location, *_state(location))
        info = archive.getinfo(key)
        if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise DocumentError(name, "packed in a way that is not read; unpack its archive")
        with archive.open(info) as opened:
            return opened.read(max_bytes + 1)
    except _DAMAGED as error:
        raise DocumentError(name, "damaged in its archive; make that anew") from error


@lru_cache(maxsize=1)  # its members are read one after the other
def _open(location: Path, _mtime_ns: int, _size_bytes: int) -> ZipFile:
    with ExitStack() as stack:
        archive = ZipFile(stack.enter_context(open_regular(location)))
        finalize(archive, stack.pop_all().close)
    return archive


def _directory_bytes(location: Path) -> int:
    """The size of the list of members, all of which `ZipFile` reads; 0 if there is none."""
    with open_regular(location) as opened:
        size = opened.seek(0, SEEK_END)
        opened.seek(max(0, size - _END_BYTES - _MAX_COMMENT_BYTES - _LOCATOR_BYTES))
        tail = opened.read()
        if (at := tail.rfind(_END)) < 0:
            return 0
        size_bytes = int.from_bytes(tail[at + 12 : at + 16], "little")
        before = tail[max(0, at - _LOCATOR_BYTES) : at]
        if before.startswith(_LOCATOR):  # of an archive of more than 4 GB, or one that says so
            opened.seek(int.from_bytes(before[8:16], "little"))
            if (end := opened.read(56)).startswith(_END_64):
                size_bytes = max(size_bytes, int.from_bytes(end[40:48], "little"))
    return size_bytes


def _state(location: Path) -> tuple[int, int]:
    found = location.lstat()
    return found.st_mtime_ns, found.st_size


def _shown_name(info: ZipInfo) -> str:
    """The path of a member; many programs write it in an encoding that they do not declare."""
    name = info.orig_filename.partition("\0")[0]
    if not info.flag_bits & _UTF_8_FLAG and not name.isascii():
        data = name.encode("cp437")  # as zipfile took it
        try:
            name = data.decode("utf-8")
        except UnicodeDecodeError:
            name = data.decode("cp866") if _CYRILLIC.search(data) else name
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return "/".join(part for part in parts if part not in {"/", "//", ".."})
