"""Waiting for what no server reports."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.support import PATIENCE_S


def eventually(check: Callable[[], bool], pause_s: float = 0.02) -> bool:
    """Return whether a check holds in the end; it is made again and again."""
    until = time.monotonic() + PATIENCE_S
    while not check():
        if time.monotonic() > until:
            return False
        time.sleep(pause_s)
    return True
