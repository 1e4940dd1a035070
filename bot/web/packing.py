"""Pages whose largest part is laid out and compressed once, whoever reads it.

A page is that part between two small ones. Each is a run of whole DEFLATE blocks that refers to
nothing before it (RFC 1951), so that the packed part fits into the gzip stream (RFC 1952) of every
page: to compress a document of 1 MB takes longer than all else together. The small parts are not
compressed at all, since they hold what a stranger may choose beside what a stranger must not learn.
"""

from __future__ import annotations

import hashlib
import secrets
import struct
import zlib
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

SEAM = Markup(f"<!--{secrets.token_hex(16)}-->")  # noqa: S704  # nobody can guess it
"""Stands in a template for the large part."""
LEVEL, STORED = 6, 0
RAW = -zlib.MAX_WBITS
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
REVALIDATED = "private, no-cache"


@dataclass(frozen=True, slots=True)
class Part:
    """The large part of a page, as it is and packed."""

    raw: bytes
    packed: bytes
    digest: bytes

    @classmethod
    def of(cls, text: str) -> Part:
        raw = text.encode()
        return cls(raw, deflated(raw), hashlib.sha256(raw).digest())

    @property
    def size(self) -> int:
        return len(self.raw) + len(self.packed)


def respond(request: Request, status: int, page: str, part: Part) -> Response:
    """Return a page with the part in the place of SEAM, unless the browser has it already."""
    before, _, after = (text.encode() for text in page.partition(SEAM))
    tag = hashlib.sha256(b"\0".join((before, part.digest, after))).hexdigest()[:32]
    headers = {
        "ETag": f'W/"{tag}"',
        "Cache-Control": REVALIDATED,
        "Vary": "Accept-Encoding, Accept-Language, Authorization",
    }
    known = request.headers.get("if-none-match", "")
    if status == 200 and headers["ETag"] in (one.strip() for one in known.split(",")):
        return Response(status_code=304, headers=headers)
    if takes_gzip(request.headers.get("accept-encoding", "")):
        content = joined(before, part, after)
        headers["Content-Encoding"] = "gzip"
    else:
        content = b"".join((before, part.raw, after))
    return Response(content, status, headers, "text/html")


def joined(before: bytes, part: Part, after: bytes) -> bytes:
    """Return the gzip file of the three."""
    check = zlib.crc32(after, zlib.crc32(part.raw, zlib.crc32(before)))
    size = (len(before) + len(part.raw) + len(after)) & 0xFFFF_FFFF
    blocks = deflated(before, STORED), part.packed, deflated(after, STORED, zlib.Z_FINISH)
    return b"".join((GZIP_HEADER, *blocks, struct.pack("<II", check, size)))


def deflated(data: bytes, level: int = LEVEL, end: int = zlib.Z_FULL_FLUSH) -> bytes:
    packing = zlib.compressobj(level, zlib.DEFLATED, RAW)
    return packing.compress(data) + packing.flush(end)


def takes_gzip(header: str) -> bool:
    """Whether a browser's Accept-Encoding names gzip, and not only to refuse it."""
    for part in header.lower().split(","):
        name, _, weight = part.replace(" ", "").partition(";q=")
        if name in {"gzip", "*"}:
            return weight.strip("0.") != "" if weight else True
    return False
