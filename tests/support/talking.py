"""A conversation with the bot, one message and its reply at a time."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from bot.storage.updates import Inbox, open_inbox
from tests.botapi import FakeBotApi, Message, Person


async def tell(api: FakeBotApi, person: Person, text: str, **place: Any) -> str:
    """Send a text and return the reply to it."""
    sent = person.send(text, **place)
    (reply,) = await api.wait_for(place.get("chat", person), after=sent)
    return text_of(reply)


def text_of(message: Message) -> str:
    """Return the text of a message that has one."""
    assert message.text is not None
    return message.text


def quotes(message: Message) -> list[str]:
    """Return what a message shows as quotes, one after the other."""
    return message.entity_texts("blockquote")


async def is_silent(api: FakeBotApi, person: Person, text: str, **place: Any) -> bool:
    """Send a text and return whether it was handled without a word."""
    chat = place.get("chat", person.chat)
    before = len(chat.sent)
    person.send(text, **place)
    await handled(api)
    return len(chat.sent) == before


async def handled(api: FakeBotApi, folder: Path = Path()) -> None:
    """Wait until the bot has nothing left to do."""
    engine = open_inbox(folder)
    try:
        inbox = Inbox(engine)
        async with asyncio.timeout(20):
            while api.world.updates.pending or inbox.counts().get("waiting"):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    finally:
        engine.dispose()
