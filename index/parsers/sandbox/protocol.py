"""How a file goes to the process that parses, and its document comes back."""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import BinaryIO

MAX_REPLY_BYTES = 256_000_000
"""The longest reply that is taken from a process that handles hostile bytes."""

_LENGTH = struct.Struct(">Q")


class Reply(IntEnum):
    """What a reply holds, told by its first byte."""

    DOCUMENT = 1
    ERROR = 2
    TOO_MUCH_MEMORY = 3
    TOO_MUCH_TEXT = 4


def write_frame(stream: BinaryIO, *parts: bytes) -> None:
    """Send the parts as one frame."""
    stream.write(_LENGTH.pack(sum(map(len, parts))))
    stream.writelines(parts)
    stream.flush()


def read_frame(stream: BinaryIO, max_bytes: int | None = None) -> bytes | None:
    """Return the next frame; None where the stream ends before its end, or it is too long."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if max_bytes is not None and length > max_bytes:
        return None
    data = stream.read(length)
    return data if len(data) == length else None
