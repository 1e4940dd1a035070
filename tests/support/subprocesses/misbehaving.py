"""A parser that does its worst.

python -m tests.support.subprocesses.misbehaving MEMORY_MB SECONDS OCR
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

from index.core.documents import Paragraph, Parsed, Span
from index.ingest.worker import Reply, main
from index.parsers import PARSERS, ocr, plain

FRAMES = 3  # the file descriptor that the worker keeps for them


def misbehave(name: str, data: bytes) -> Parsed:
    """Do what the file says."""
    what, _, rest = data.decode().partition(" ")
    return globals()[what](rest)


def told(text: str) -> Parsed:
    return Parsed(text, (Paragraph(Span(0, len(text))),))


def hang(_: str) -> Parsed:
    time.sleep(3600)
    return told("late")


def burn(_: str) -> Parsed:
    while True:
        pass


def segfault(_: str) -> Parsed:
    return told(str(ctypes.string_at(0)))


def kill(_: str) -> Parsed:
    os.kill(os.getpid(), signal.SIGKILL)
    return told("late")


def leave(_: str) -> Parsed:
    os._exit(3)


def fail(_: str) -> Parsed:
    raise RuntimeError("traceback of a library")


def hoard(_: str) -> Parsed:
    return told("x" * 10**10)


def swell(_: str) -> Parsed:
    return told("x" * 300_000_000)


def write(path: str) -> Parsed:
    Path(path).write_bytes(b"x")
    return told("written")


def chatter(_: str) -> Parsed:
    for stream in (1, 2):
        os.write(stream, b"noise of a library")
    print("more noise", flush=True)
    return told("Said enough.")


def garble(_: str) -> Parsed:
    for frame in (bytes([Reply.DOCUMENT]), b"[]", b""):
        os.write(FRAMES, len(frame).to_bytes(8, "big") + frame)
    return told("unread")


def look(_: str) -> Parsed:
    ocr.report(1, 2)
    return told("Two pages.")


def miscount(_: str) -> Parsed:
    for frame in (bytes([Reply.PAGES]), b"[]"):
        os.write(FRAMES, len(frame).to_bytes(8, "big") + frame)
    return told("unread")


def report(_: str) -> Parsed:
    limits = {name: resource.getrlimit(getattr(resource, name))[0] for name in dir(resource)
              if name.startswith("RLIMIT_")}  # fmt: skip
    return told(json.dumps({"environment": dict(os.environ), "limits": limits}))


def modules(_: str) -> Parsed:
    return told(json.dumps(sorted(sys.modules)))


if __name__ == "__main__":
    PARSERS[".bad"] = "misbehave:misbehave"
    sys.modules["index.parsers.misbehave"] = sys.modules["__main__"]
    assert plain
    main(int(sys.argv[1]), float(sys.argv[2]))
