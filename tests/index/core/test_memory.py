"""Threads share few pools of free memory, as each pool keeps what was freed in it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support import ROOT

PROGRAM = """
import ctypes, sys, threading
from index.core.memory import share_memory
if sys.argv[1] == "shared":
    share_memory()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
together = threading.Barrier(8)
def work():
    libc.malloc(1000)
    together.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="about glibc")
def test_threads_share_two_pools() -> None:
    pools = {}
    for how in ("shared", "own"):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, how],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        pools[how] = done.stdout.count("<heap nr=")
    assert pools["shared"] <= 2 < pools["own"]
