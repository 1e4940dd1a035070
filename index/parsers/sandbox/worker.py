"""The process that parses: python -m index.parsers.sandbox.worker MEMORY_MB SECONDS.

Files come in on standard input and documents go out on standard output, both as frames. What a
hostile file can do here is bounded: this process is given no secrets, takes so much memory and time
and no more, writes no files, and ends when the one that started it does.
"""

from __future__ import annotations

import json
import math
import os
import sys
from contextlib import suppress
from typing import BinaryIO

from pydantic import TypeAdapter

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers import parse
from index.parsers.sandbox.protocol import MAX_REPLY_BYTES, Reply, read_frame, write_frame

try:
    import resource
except ImportError:  # Windows has no limits of this kind
    resource = None  # type: ignore[assignment]

_MAX_OPEN_FILES = 64
_MAX_TOLD_CHARS = 200
_PARSED = TypeAdapter(Parsed)


def main(memory_mb: int, seconds: float) -> None:
    """Answer each pair of frames, a name and its bytes, with one frame, until the input ends.

    An empty frame comes first: what it takes to begin is not of the time of a file.
    """
    inbox = sys.stdin.buffer
    outbox = _take_stdout()
    _limit_process(memory_mb)
    write_frame(outbox)
    while (name := read_frame(inbox)) is not None:
        data = read_frame(inbox) or b""
        _limit_cpu(seconds)
        try:
            kind, content = _read(name.decode(), data)
        except MemoryError:
            # What is left of the memory is in pieces; the next file gets a new process.
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
        told = " ".join(f"{type(error).__name__}: {error}".split())[:_MAX_TOLD_CHARS]
        return _error(name, f"its parser failed ({told}); the file may be damaged: save it anew")
    if len(parsed.text) >= MAX_REPLY_BYTES:
        return Reply.TOO_MUCH_TEXT, b""
    document = _PARSED.dump_json(parsed)
    if len(document) >= MAX_REPLY_BYTES:
        return Reply.TOO_MUCH_TEXT, b""
    return Reply.DOCUMENT, document


def _error(name: str, reason: str) -> tuple[Reply, bytes]:
    return Reply.ERROR, json.dumps([name, reason]).encode()


def _take_stdout() -> BinaryIO:
    """Keep standard output for frames: what a library prints goes where its errors go."""
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
        # A system may lack one, or already allow less.
        with suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (limit, limit))


def _limit_cpu(seconds: float) -> None:
    """Give the next file its time; the limit counts from the start of the process."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(used.ru_utime + used.ru_stime + seconds) + 1
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
