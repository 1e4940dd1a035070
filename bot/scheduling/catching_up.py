"""Brings documents that an earlier version indexed up to date while the bot runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from bot.scheduling.uploads import step_back
from index.core.errors import InterruptionError, OnrecordError

if TYPE_CHECKING:  # The models are slow to import.
    from index.library import Library

logger = logging.getLogger(__name__)

_PAUSE_S = 0.1


@contextmanager
def catching_up(library: Library, busy: Callable[[], bool]) -> Iterator[None]:
    """Find who says what in outdated documents, one after another, while nobody is `busy`."""
    closing = Event()
    thread = Thread(target=_attribute, args=(library, busy, closing), name="catching-up")
    thread.start()
    try:
        yield
    finally:
        closing.set()
        thread.join()


def _attribute(library: Library, busy: Callable[[], bool], closing: Event) -> None:
    def go_on() -> None:
        if closing.is_set():
            raise InterruptionError

    step_back()
    try:
        for document_id in library.attributions.outdated():
            while busy() and not closing.wait(_PAUSE_S):
                pass
            go_on()
            library.attributions.update(document_id, go_on)
    except InterruptionError:
        return
    except OnrecordError:
        logger.exception("the speakers of earlier documents could not be found")
