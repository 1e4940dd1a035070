"""Hands memory back to the system."""

from __future__ import annotations

import ctypes
import sys


def release_memory() -> None:
    """Return what is free to the system, where the C library can; glibc keeps it otherwise."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
