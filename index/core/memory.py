"""Keeps little memory that is not in use, where the C library is glibc."""

from __future__ import annotations

import ctypes
import sys

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


def release_memory() -> None:
    """Return what is free to the system, where the C library can; glibc keeps it otherwise."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def share_memory() -> None:
    """Let threads that start from now on share two pools of free memory.

    By default glibc has up to eight for each core, and each keeps what was freed in it.
    """
    if sys.platform == "linux":
        set_option = getattr(ctypes.CDLL(None), "mallopt", None)
        if set_option is not None:
            set_option(_ARENA_MAX, 2)
