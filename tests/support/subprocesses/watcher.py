"""`onrecord` with an embedder that needs no model.

python -m tests.support.subprocesses.watcher ARGUMENTS
"""

from __future__ import annotations

import signal

from bot.cli import app as cli
from index.core.settings import DEFAULT_MODEL
from index.models import following
from tests.support.embedder import HashEmbedder

following.open_embedder = lambda *_: HashEmbedder(name=DEFAULT_MODEL)

if __name__ == "__main__":
    # Where tests run in the background of a shell, it is ignored, and that is inherited.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    cli.main()
