"""Runs the bot as a process of its own, with a library that answers everything alike.

`python -m tests.support.process FOLDER [SECONDS | held | real | unembedded | shelf]`: with a
number of seconds an answer takes that long, and quotes the question; with `held` it does so once
there is a file `let-go` in the folder; `real` answers from the documents that
ship, `unembedded` too, but the networks read no others; `shelf` has an index that begins empty,
and an embedder without a model that takes its time.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from bot.cli.web import beside_bot
from bot.conversation.conversation import Conversation
from bot.errors import BotError
from bot.reload import read_configuration
from bot.telegram.app import run
from tests.support.library import StubLibrary
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from index.library import Library


LET_GO = "let-go"


def open_library(folder: str, kind: str = "") -> Library:
    if not kind:
        return StubLibrary()
    if kind == "held":
        library = StubLibrary(echo=True)
        library.free.clear()
        Thread(target=let_go, args=(library, Path(folder, LET_GO)), daemon=True).start()
        return library
    if kind not in {"real", "unembedded", "shelf"}:
        # It runs for long, and nobody looks at what it was asked.
        forgotten: deque[Any] = deque(maxlen=0)
        return StubLibrary(answer_s=float(kind), echo=True, asked=forgotten, certified=forgotten)
    from index.core.settings import IndexSettings  # noqa: PLC0415
    from index.library import Library  # noqa: PLC0415  # the models are slow to import
    from tests.support.embedder import HashEmbedder  # noqa: PLC0415
    from tests.support.silent import without_speakers  # noqa: PLC0415

    if kind == "shelf":
        embedder = HashEmbedder(before=lambda texts: time.sleep(0.1 * (len(texts) > 1)))
        settings = IndexSettings(data=Path(folder), min_confidence=0.0, reader="embedding")
        return without_speakers(Library(settings, embedder))
    settings = IndexSettings(data=Path(folder))
    if kind == "unembedded":
        from tests.support.unembedded import Unembedded, Unread  # noqa: PLC0415

        library = Library(settings, Unembedded(settings.models_folder))
        library.index_seeds()  # with its speakers, so that each network is loaded
        library.attributions = replace(library.attributions, tagger=Unread())
    else:
        library = Library(settings)
        library.index_seeds()
        library.attributions.tagger.rest()  # as `onrecord run` does
    library.warm_up()
    return library


def let_go(library: StubLibrary, file: Path) -> None:
    if eventually(file.exists):
        library.free.set()


if __name__ == "__main__":
    try:
        folder = Path(sys.argv[1])
        library = open_library(*sys.argv[1:])
        configuration = read_configuration(folder)
        run(
            configuration,
            Conversation(library),
            folder,
            read=lambda: read_configuration(folder),
            beside=partial(beside_bot, configuration.bot),
        )
    except BotError as error:
        sys.exit(str(error))
