"""Models converted once, in a process of its own, and kept in a cache under a seal."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from pathlib import Path

from index.core.errors import ModelError
from index.core.files import replacing, sha256_of_file

_BEGINS: ContextVar[Callable[[], None]] = ContextVar("begins", default=lambda: None)


def when_it_begins(inform: Callable[[], None]) -> None:
    """Have a conversion that begins in this context told, as it takes seconds."""
    _BEGINS.set(inform)


def is_whole(file: Path, *others: Path) -> bool:
    """Whether a converted file, and others that belong to it, are as they were sealed."""
    try:
        return _seal_of(file).read_text(encoding="ascii") == _checksums(file, *others)
    except (OSError, UnicodeDecodeError):
        return False


def seal(file: Path, *others: Path) -> None:
    """Record the checksums of a converted file and of others that belong to it."""
    with replacing(_seal_of(file)) as written:
        written.write_text(_checksums(file, *others), encoding="ascii")


def convert_apart(module: str, file: Path, *, needs: str, silent: bool = False) -> None:
    """Run a module that writes `file`, in a process that takes its memory with it.

    Raises:
        ModelError: the file cannot be written; `needs` says what it takes.
    """
    if not silent:
        _BEGINS.get()()
    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-m", module, str(file)],
        env=os.environ | {"PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        why = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise ModelError(
            f"cannot write the converted model {file}: {why}; it takes {needs}; make room, or set "
            "ONRECORD_HOME to a folder that can be written"
        )


def run(convert: Callable[[Path], None], arguments: Sequence[str]) -> None:
    """Convert into the file that the arguments name; end the process with what went wrong."""
    gc.disable()  # the process ends soon, and is imported and done a sixth faster
    try:
        convert(Path(arguments[0]))
    except OSError as error:
        sys.exit(error.strerror or str(error))


def _checksums(*files: Path) -> str:
    return "\n".join(map(sha256_of_file, files))


def _seal_of(file: Path) -> Path:
    return file.with_suffix(".sha256")
