"""A lock between processes; whoever waits for it reports that."""

from __future__ import annotations

import logging
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from index.core.errors import StoreError

_SILENT_S = 1.0

logger = logging.getLogger(__name__)


class WriteLock:
    """Held by one thread at a time; the system releases it when a process dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = FileLock(path, mode=0o600)

    def __enter__(self) -> None:
        """Wait for the lock, as long as it takes.

        Raises:
            StoreError: its file cannot be written.
        """
        try:
            try:
                self._lock.acquire(timeout=_SILENT_S)
            except Timeout:
                logger.warning("waiting for another process that writes in %s", self.path.parent)
                self._lock.acquire()
        except OSError as error:
            raise StoreError(
                f"{self.path} cannot be written: {error.strerror}; see that its folder may be "
                "written"
            ) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._lock.release()
