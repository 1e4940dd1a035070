"""Follows a folder: changes in it are in the index a moment later."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from watchfiles import Change, watch

from index.core.errors import DocumentError, OnrecordError
from index.ingest import IndexReport

RETRY_S = 10.0
_QUIET_MS = 500
_LONGEST_MS = 5000
_LOOK_MS = 300


def follow(
    folder: Path,
    data: Path,
    sync: Callable[[], IndexReport],
    report: Callable[[IndexReport], None],
    fail: Callable[[OnrecordError], None],
    *,
    poll: bool = False,
) -> None:
    """Sync at once and after each change, for ever; retry after an error.

    Changes are taken together until half a second passes without one, five seconds at most. The
    folder may go and come back; changes in `data`, the folder of the index, are ignored. `report`
    gets the report of each sync, and `fail` the error of one that failed. `poll` is for file
    systems that do not notify of changes.
    """
    while True:
        try:
            for _ in _changes(folder.resolve(), data.resolve(), poll):
                report(sync())
        except OnrecordError as error:
            fail(error)
        except OSError as error:
            fail(DocumentError(str(folder), f"cannot be followed: {error}; try --poll"))
        time.sleep(RETRY_S)


def _changes(root: Path, data: Path, poll: bool) -> Iterator[None]:
    """Yield at once and after each change."""

    def matters(_: Change, location: str) -> bool:
        path = Path(location)
        hidden = path.is_relative_to(root) and any(
            part.startswith(".") for part in path.relative_to(root).parts
        )
        return not (hidden or path.is_relative_to(data))

    begun = False
    # Watched before the first sync: what changes during a sync leads to the next.
    for changes in watch(
        root,
        watch_filter=matters,
        step=_QUIET_MS,
        debounce=_LONGEST_MS,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        force_polling=poll,
    ):
        if changes or not begun:
            begun = True
            yield
