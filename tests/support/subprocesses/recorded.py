"""A bot's day on a disk that is watched; each line says what is promised from then on.

python -m tests.support.subprocesses.recorded DATA FOLDER
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bot.scheduling.uploads import write
from bot.storage.database import open_inbox
from bot.storage.updates import Inbox
from bot.storage.uploads import Upload, Uploads
from index.core.settings import IndexSettings
from index.library import Library
from index.parsers import parse
from index.text import language
from tests.support.embedder import HashEmbedder
from tests.support.silent import without_speakers
from tests.support.subprocesses.run import story

NAMES = ("ann", "bob", "cid")
TURNS = 3


def texts(turn: int) -> dict[str, str]:
    """Return the documents of a turn; each has one less, the last is new."""
    return {f"{name}.txt": story(name, turn) for name in (*NAMES[turn:], f"new{turn}")}


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def main(data: Path, folder: Path) -> None:
    language._rank = lambda _text: []  # its model goes over the disk, unpacked
    inbox_engine = open_inbox(data)
    inbox, uploads = Inbox(inbox_engine), Uploads(inbox_engine)
    settings = IndexSettings(_env_file=None, data=data, min_confidence=0.0, reader="embedding")
    library = without_speakers(Library(settings, HashEmbedder(), parse))
    say("opened")
    for turn in range(TURNS):
        message = {"message_id": turn, "chat": {"id": 5}, "from": {"id": 5}, "text": "Where?"}
        inbox.put([{"update_id": turn, "message": message}])
        say("received", turn)
        for path in folder.iterdir():
            path.unlink()
        for name, text in texts(turn).items():
            (folder / name).write_text(text, encoding="utf-8")
        say("syncing", turn)
        library.sync(folder)
        say("synced", turn)
        uploads.plan(Upload(turn, 5, 5, f"{turn}.txt", f"{turn}/a.txt"))
        write(data / "uploads" / str(turn) / "a.txt", story("sent", turn).encode())
        say("uploaded", turn)
        quotes = library.ask(f"Where does the red fox new{turn} sleep?").quotes[:1]
        library.certify(quotes)
        say("shown", turn)
        inbox.finish(turn)
        say("answered", turn)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
