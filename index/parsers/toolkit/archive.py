"""Reads zip containers (.docx, .epub) within limits, in memory only."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from index.core.errors import DocumentError

MAX_MEMBERS = 10_000
MAX_MEMBER_BYTES = 64_000_000
MAX_TOTAL_BYTES = 512_000_000
OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
"""The first bytes of an old Office document, and of a new one with a password."""

MAX_RATIO = 200
"""Limit of unpacked size / packed size; text packs to a tenth at best."""

_ALWAYS_ALLOWED_BYTES = 10_000_000
_CHUNK_BYTES = 1 << 16
_ENCRYPTED_FLAG = 0x1


class Archive:
    """The members of a zip container by name. Nothing is ever written to disk."""

    def __init__(self, name: str, data: bytes) -> None:
        """Raises DocumentError: no zip container, encrypted, damaged, or beyond a limit."""
        self._name = name
        self._left = MAX_TOTAL_BYTES
        if data.startswith(OLE_MAGIC):
            raise DocumentError(
                name, "protected by a password, or of an old format; save it anew without one"
            )
        try:
            self._zip = ZipFile(io.BytesIO(data))
        except (BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
            raise DocumentError(
                name, "not a zip container, or a damaged one; save or download it again"
            ) from error
        infos = self._zip.infolist()
        self._check(infos, len(data))
        self._members = {info.filename: info for info in infos if _is_plain(info)}

    def __contains__(self, member: str) -> bool:
        return member in self._members

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def read(self, member: str) -> bytes:
        """Return the bytes of a member.

        Raises:
            DocumentError: missing, damaged, encrypted, or beyond a limit.
        """
        info = self._members.get(member)
        if info is None:
            raise DocumentError(
                self._name, f"damaged: its part {member!r} is missing; save it anew"
            )
        if is_encrypted(info):
            raise DocumentError(self._name, "protected by a password; save it without one")
        if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise DocumentError(
                self._name, f"its part {member!r} is packed in a way that is not read; save it anew"
            )
        try:
            return self._read(info)
        except (BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            raise DocumentError(
                self._name, f"damaged: its part {member!r} is broken; save it anew"
            ) from error

    def _read(self, info: ZipInfo) -> bytes:
        data = bytearray()
        with self._zip.open(info) as opened:
            while chunk := opened.read(_CHUNK_BYTES):
                data += chunk
                self._left -= len(chunk)
                if len(data) > MAX_MEMBER_BYTES or self._left < 0:
                    raise self._too_large(info.filename)
        return bytes(data)

    def _check(self, infos: list[ZipInfo], packed: int) -> None:
        if len(infos) > MAX_MEMBERS:
            raise DocumentError(
                self._name, f"{len(infos):,} parts, the limit is {MAX_MEMBERS:,}; split the file"
            )
        for info in infos:
            if info.file_size > MAX_MEMBER_BYTES:
                raise self._too_large(info.filename)
        total = sum(info.file_size for info in infos)
        if total > MAX_TOTAL_BYTES:
            raise DocumentError(
                self._name,
                f"unpacks to {total / 1e6:,.0f} MB, the limit is {MAX_TOTAL_BYTES / 1e6:,.0f} MB; "
                "split the file",
            )
        if total > max(_ALWAYS_ALLOWED_BYTES, packed * MAX_RATIO):
            raise DocumentError(
                self._name,
                f"unpacks to {total // packed} times its size, the limit is {MAX_RATIO} times; "
                "save it anew or split it",
            )

    def _too_large(self, member: str) -> DocumentError:
        return DocumentError(
            self._name,
            f"its part {member[:80]!r} unpacks to more than {MAX_MEMBER_BYTES / 1e6:.0f} MB, the "
            "limit; split the file",
        )


def is_encrypted(info: ZipInfo) -> bool:
    return bool(info.flag_bits & _ENCRYPTED_FLAG)


def is_file(info: ZipInfo) -> bool:
    """Whether a member is a file with a name: no folder, no symbolic link."""
    is_link = (info.external_attr >> 16) & 0o170000 == 0o120000
    # Not `info.is_dir()`, which fails for an empty name.
    return bool(info.filename) and not info.filename.endswith("/") and not is_link


def _is_plain(info: ZipInfo) -> bool:
    """Whether a member is a file inside the container: no folder, no link, no path out of it."""
    path = info.filename
    inside = not path.startswith("/") and "\\" not in path and ".." not in path.split("/")
    return inside and is_file(info)
