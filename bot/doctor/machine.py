"""Checks of the machine: free disk space and file permissions."""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.doctor.findings import Finding, Level
from index.core.settings import IndexSettings

ENV_FILE = Path(".env")
# The converted model takes 100 MB, an index a few times the size of its documents.
LITTLE_BYTES = 200_000_000
SCARCE_BYTES = 1_000_000_000


def check_machine(settings: IndexSettings, env_file: Path = ENV_FILE) -> Iterator[Finding]:
    """Yield findings on the folders in use and on the file with the token."""
    for folder in sorted({settings.data, settings.models_folder.parent}):
        yield check_disk(folder, shutil.disk_usage(existing(folder)).free)
        yield check_writable(folder)
    if env_file.exists():
        yield check_env_file(env_file)


def check_disk(folder: Path, free_bytes: int) -> Finding:
    text = f"{free_bytes / 1e9:,.1f} GB free for {folder}"
    if free_bytes >= SCARCE_BYTES:
        return Finding("disk", Level.OK, text)
    level = Level.FAIL if free_bytes < LITTLE_BYTES else Level.WARN
    remedy = "make room, or set ONRECORD_DATA to a folder on another disk"
    return Finding("disk", level, f"{text}; {remedy}")


def check_writable(folder: Path) -> Finding:
    """Return whether files can be made in a folder or, until it exists, in the one above it."""
    there = existing(folder)
    try:
        # Permission bits do not reveal a read-only file system.
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        return Finding(
            "data",
            Level.FAIL,
            f"{there} cannot be written: {error.strerror}; give it to the user that runs the bot, "
            "or set ONRECORD_DATA to another folder",
        )
    return Finding("data", Level.OK, f"{folder} can be {'written' if there == folder else 'made'}")


def check_env_file(env_file: Path) -> Finding:
    """Return whether other users of the machine can read the file with the token."""
    mode = stat.S_IMODE(env_file.stat().st_mode)
    if mode & stat.S_IROTH:
        text = f"{env_file} can be read by every user of this machine; chmod 600 {env_file}"
        return Finding("env", Level.WARN, text)
    return Finding("env", Level.OK, f"{env_file} is private (mode {mode:o})")


def existing(folder: Path) -> Path:
    """Return the folder or its nearest parent that exists."""
    folder = folder.absolute()
    return next(place for place in (folder, *folder.parents) if place.exists())
