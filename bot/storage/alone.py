"""One bot per folder: a second one would answer everything twice."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import SettingsError

LOCK, NAME = "bot.lock", "bot.pid"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder of the bot until the block ends; the system lets go of it if it is killed.

    Raises:
        SettingsError: another bot holds it.
    """
    # Opening the file of the lock empties it, so the name of the holder has one of its own.
    name = folder / NAME
    lock = FileLock(folder / LOCK, timeout=0, mode=0o600)
    try:
        lock.acquire()
        name.unlink(missing_ok=True)
        name.touch(0o600)
        now = datetime.now(UTC).isoformat(" ", "seconds")
        name.write_text(f"process {os.getpid()} on {socket.gethostname()}, since {now}")
    except Timeout as error:
        holder = ""
        with suppress(OSError):
            holder = f" ({name.read_text()})"
        raise SettingsError(
            f"another bot uses the folder {folder}{holder}; stop it, or give this one a folder of "
            "its own with --data"
        ) from error
    except OSError as error:
        raise SettingsError(
            f"{folder} cannot be written: {error.strerror}; see that its owner runs the bot, or "
            "name another folder with --data"
        ) from error
    try:
        yield
    finally:
        name.unlink(missing_ok=True)
        lock.release()
