"""The process that prepares documents: python -m index.ingest.worker MEMORY_MB SECONDS OCR.

It reads files from standard input and writes documents to standard output, both as frames. A
hostile file can do little here: this process holds no secrets, has limits of memory and time,
writes no files, and ends with the process that started it.
"""

from __future__ import annotations

import json
import math
import os
import signal
import struct
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from threading import Thread
from typing import Any, BinaryIO

from pydantic import TypeAdapter
from tokenizers import Tokenizer

from index.core.documents import Metadata
from index.core.errors import DocumentError, NotInstalledError
from index.ingest import wire
from index.ingest.prepare import Limits, Prepare, Tokens, preparing
from index.parsers import parse
from index.parsers.ocr import OCR, OFF, Ocr, reporting
from index.parsers.toolkit.siblings import Siblings

try:
    import resource
except ImportError:  # Windows has no limits of this kind
    resource = None  # type: ignore[assignment]

MAX_REPLY_BYTES = 100_000_000
"""The longest frame that is accepted from a process that handles hostile bytes."""


@dataclass(frozen=True, slots=True)
class Packing:
    """How documents are cut.

    Attributes:
        tokenizer: that of the embedding model, as JSON of the library `tokenizers`.
        max_tokens: the word pieces that the model reads of a passage.
    """

    tokenizer: str
    max_tokens: int
    limits: Limits


PACKING = TypeAdapter(Packing)
METADATA = TypeAdapter(Metadata)
NAMES = TypeAdapter(list[str])
OCR_LIMITS = TypeAdapter(Ocr)
PAGES = TypeAdapter(tuple[int, int])
_LENGTH = struct.Struct(">Q")
_MAX_OPEN_FILES = 64
_LOOK_S = 0.5
_MAX_ERROR_CHARS = 200


class Reply(IntEnum):
    """The kind of a reply, the only byte of its first frame.

    The frames of a document are the head and the numbers of `wire`; that of an error, or of a
    missing package, is its name and reason, that of pages the numbers of those read and of all, as
    JSON.
    """

    DOCUMENT = 1
    ERROR = 2
    TOO_MUCH_MEMORY = 3
    TOO_MUCH_TEXT = 4
    PAGES = 5  # read by OCR; another reply follows
    NOT_INSTALLED = 6


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
    """Answer frames, a name, metadata, bytes, and siblings, until the input ends; see `Reply`.

    Siblings are a frame of their names, as JSON, and one for the bytes of each.

    A frame about the packing comes in before them, and an empty frame goes out when all is ready,
    so that starting up does not count as the time of a file.
    """
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    inbox = sys.stdin.buffer
    outbox = _take_stdout()
    _limit_process(memory_mb)
    OCR.set(ocr)
    packing = PACKING.validate_json(read_frame(inbox) or b"")
    tokens = Tokens(_Counter(packing.tokenizer), packing.max_tokens)
    run = preparing(parse, tokens, packing.limits)
    write_frame(outbox)
    while (name := read_frame(inbox)) is not None:
        metadata = METADATA.validate_json(read_frame(inbox) or b"")
        data = read_frame(inbox) or b""
        names = NAMES.validate_json(read_frame(inbox) or b"[]")
        siblings = {one: read_frame(inbox) or b"" for one in names}
        _limit_cpu(seconds)
        try:
            with reporting(lambda *pages: _report(outbox, *pages)):
                kind, *content = _read(run, name.decode(), metadata, data, siblings)
        except MemoryError:
            # The memory left is fragmented; the next file gets a new process.
            write_frame(outbox, bytes([Reply.TOO_MUCH_MEMORY]))
            return
        for part in (bytes([kind]), *content):
            write_frame(outbox, part)


class _Counter:
    """Counts the word pieces of texts."""

    def __init__(self, tokenizer: str) -> None:
        self._tokenizer = Tokenizer.from_str(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def __call__(self, texts: Sequence[str]) -> list[int]:
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encoded]


def _end_with(parent: int) -> None:
    """End this process and its own soon after the one that started it, whatever they are doing."""
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _read(
    run: Prepare, name: str, metadata: Metadata, data: bytes, siblings: Siblings
) -> tuple[Any, ...]:
    """The kind of the reply, and its frames."""
    try:
        prepared = run(name, data, metadata, siblings)
    except NotInstalledError as error:
        return Reply.NOT_INSTALLED, *_error(error.name, error.reason)[1:]
    except DocumentError as error:
        return _error(error.name, error.reason)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # of a library, about bytes that nobody foresaw
        shown = " ".join(f"{type(error).__name__}: {error}".split())[:_MAX_ERROR_CHARS]
        return _error(name, f"its parser failed ({shown}); the file may be damaged: save it anew")
    if len(prepared.parsed.text) >= MAX_REPLY_BYTES:
        return (Reply.TOO_MUCH_TEXT,)
    frames = wire.dump(prepared)
    if max(map(len, frames)) >= MAX_REPLY_BYTES:
        return (Reply.TOO_MUCH_TEXT,)
    return Reply.DOCUMENT, *frames


def _report(outbox: BinaryIO, done: int, total: int) -> None:
    for part in (bytes([Reply.PAGES]), PAGES.dump_json((done, total))):
        write_frame(outbox, part)


def _error(name: str, reason: str) -> tuple[Any, ...]:
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
