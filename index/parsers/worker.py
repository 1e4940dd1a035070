"""The process that parses: python -m index.parsers.worker MEMORY_MB SECONDS OCR.

It reads files from standard input and writes documents to standard output, both as frames. A
hostile file can do little here: this process holds no secrets, has limits of memory and time,
writes no files, and ends with the process that started it.
"""

from __future__ import annotations

import json
import math
import os
import struct
import sys
from contextlib import suppress
from enum import IntEnum
from typing import BinaryIO

from pydantic import TypeAdapter

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers import parse
from index.parsers.ocr import OCR, OFF, Ocr, reporting

try:
    import resource
except ImportError:  # Windows has no limits of this kind
    resource = None  # type: ignore[assignment]

MAX_REPLY_BYTES = 256_000_000
"""The longest reply that is accepted from a process that handles hostile bytes."""

PARSED = TypeAdapter(Parsed)
OCR_LIMITS = TypeAdapter(Ocr)
PAGES = TypeAdapter(tuple[int, int])
_LENGTH = struct.Struct(">Q")
_MAX_OPEN_FILES = 64
_MAX_ERROR_CHARS = 200


class Reply(IntEnum):
    """The kind of a reply, its first byte."""

    DOCUMENT = 1
    ERROR = 2
    TOO_MUCH_MEMORY = 3
    TOO_MUCH_TEXT = 4
    PAGES = 5  # read by OCR of so many; others follow


def write_frame(stream: BinaryIO, *parts: bytes) -> None:
    """Send the parts as one frame."""
    stream.write(_LENGTH.pack(sum(map(len, parts))))
    stream.writelines(parts)
    stream.flush()


def read_frame(stream: BinaryIO, max_bytes: int | None = None) -> bytes | None:
    """Return the next frame, None if the stream ends inside it or it is longer than the limit."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if max_bytes is not None and length > max_bytes:
        return None
    data = stream.read(length)
    return data if len(data) == length else None


def main(memory_mb: int, seconds: float, ocr: Ocr = OFF) -> None:
    """Answer each pair of frames, a name and its bytes, with one frame, until the input ends.

    An empty frame comes first, so that starting up does not count as the time of a file.
    """
    inbox = sys.stdin.buffer
    outbox = _take_stdout()
    _limit_process(memory_mb)
    OCR.set(ocr)
    write_frame(outbox)
    while (name := read_frame(inbox)) is not None:
        data = read_frame(inbox) or b""
        _limit_cpu(seconds)
        try:
            with reporting(lambda *pages: _report(outbox, *pages)):
                kind, content = _read(name.decode(), data)
        except MemoryError:
            # The memory left is fragmented; the next file gets a new process.
            write_frame(outbox, bytes([Reply.TOO_MUCH_MEMORY]))
            return
        write_frame(outbox, bytes([kind]), content)


def _read(name: str, data: bytes) -> tuple[Reply, bytes]:
    try:
        parsed = parse(name, data)
    except DocumentError as error:
        return _error(error.name, error.reason)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # of a library, about bytes that nobody foresaw
        shown = " ".join(f"{type(error).__name__}: {error}".split())[:_MAX_ERROR_CHARS]
        return _error(name, f"its parser failed ({shown}); the file may be damaged: save it anew")
    if len(parsed.text) >= MAX_REPLY_BYTES:
        return Reply.TOO_MUCH_TEXT, b""
    document = PARSED.dump_json(parsed)
    if len(document) >= MAX_REPLY_BYTES:
        return Reply.TOO_MUCH_TEXT, b""
    return Reply.DOCUMENT, document


def _report(outbox: BinaryIO, done: int, total: int) -> None:
    write_frame(outbox, bytes([Reply.PAGES]), PAGES.dump_json((done, total)))


def _error(name: str, reason: str) -> tuple[Reply, bytes]:
    return Reply.ERROR, json.dumps([name, reason]).encode()


def _take_stdout() -> BinaryIO:
    """Keep standard output for frames; a library that prints does so to standard error."""
    kept = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return kept


def _limit_process(memory_mb: int) -> None:
    if resource is None:
        return
    limits = {
        "RLIMIT_AS": memory_mb * 1_000_000,
        "RLIMIT_DATA": memory_mb * 1_000_000,
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_NOFILE": _MAX_OPEN_FILES,
    }
    for name, limit in limits.items():
        # A system may lack one of these, or already allow less.
        with suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (limit, limit))


def _limit_cpu(seconds: float) -> None:
    """Give the next file its time; the system counts from the start of the process."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(used.ru_utime + used.ru_stime + seconds) + 1
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), OCR_LIMITS.validate_json(sys.argv[3]))
