"""Draws docs/*.svg: what the bot really replies, in the look of Telegram.

`python -m tests.picture` talks to the bot about the article that ships, over the fake of the Bot
API, and draws the messages that arrive: their text, entities and buttons.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.botapi import FakeBotApi
from tests.support import ROOT
from tests.support.bubbles import Turn, draw
from tests.support.running import spawn

DOCS = ROOT / "docs"
PATIENCE_S = 120.0
NOTICE = (
    "Notice to residents\n\n"
    "The library in Mill Street is closed from 3 to 14 May while its roof is repaired. Books can "
    "be returned at the town hall, which is open until six.\n"
)


class Scene(NamedTuple):
    """What a person sends, one after the other; a file comes with the first text."""

    title: str
    texts: Sequence[str]
    file: tuple[str, str] = ("", "")


SCENES = {
    "answer": Scene("A question and its answer", ["which borders did the Taliban reach?"]),
    "unsure": Scene("An answer that may be wrong", ["how long did the US stay"]),
    "nothing": Scene("No answer", ["which borders did the Taliban reach in 2019?"]),
    "follow-up": Scene(
        "A question that leans on the one before",
        ["how many districts has the Taliban captured?", "and in Herat?"],
    ),
    "upload": Scene(
        "A file with a question", ["when is the library closed?"], ("notice.txt", NOTICE)
    ),
}


async def play(scenes: dict[str, Scene]) -> dict[str, str]:
    """Return the pictures of scenes, each with a person of its own, by their names."""
    with tempfile.TemporaryDirectory() as folder:
        async with FakeBotApi() as api:
            process = await spawn(api, Path(folder), "real", uploaders="1,2,3,4,5")
            try:
                return {
                    name: draw(scene.title, [turn async for turn in turns_of(api, scene, number)])
                    for number, (name, scene) in enumerate(scenes.items(), start=1)
                }
            finally:
                process.terminate()
                await process.communicate()


async def turns_of(api: FakeBotApi, scene: Scene, number: int) -> AsyncIterator[Turn]:
    person = api.private_chat(number, "Ann")
    name, content = scene.file
    for text in scene.texts:
        if name:
            sent = person.send_document(name, content.encode(), "text/plain", caption=text)
        else:
            sent = person.send(text)
        replies = await api.wait_for(person, 2 if name else 1, after=sent, timeout_s=PATIENCE_S)
        yield Turn(text, [reply.to_json(with_reply=False) for reply in replies], name)
        name = ""


def picture_of(name: str) -> Path:
    return DOCS / f"{name}.svg"


def main() -> None:
    for name, picture in asyncio.run(play(SCENES)).items():
        picture_of(name).write_text(picture, encoding="utf-8")
        print(picture_of(name).relative_to(ROOT))


if __name__ == "__main__":
    main()
