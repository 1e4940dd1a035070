"""Talks with the bot: one message, or one pressed button, and the reply to it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from bot.storage.database import open_inbox
from bot.storage.updates import Inbox
from tests.botapi import FakeBotApi, Message
from tests.botapi.people import Person
from tests.botapi.records import CallbackQuery
from tests.support import PATIENCE_S
from tests.support.library import quote

SEVEN = [quote(f"Quote number {at} is here.", start=100 * at) for at in range(1, 8)]


async def ask(api: FakeBotApi, person: Person, text: str = "Which borders?") -> Message:
    """Send a text and return the reply to it."""
    asked = person.send(text)
    (reply,) = await api.wait_for(person, after=asked)
    return reply


async def tell(api: FakeBotApi, person: Person, text: str, **place: Any) -> str:
    """Send a text and return the text of the reply to it."""
    sent = person.send(text, **place)
    (reply,) = await api.wait_for(place.get("chat", person), after=sent)
    return text_of(reply)


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
        async with asyncio.timeout(PATIENCE_S):
            while api.world.updates.pending or inbox.counts().get("waiting"):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    finally:
        engine.dispose()


async def busy_with(api: FakeBotApi, number: int) -> None:
    """Wait until the bot has shown in so many chats that it is at work."""
    await api.wait_until(
        lambda: sum(bool(chat.actions) for chat in api.world.chats.values()) >= number
    )


async def press(
    api: FakeBotApi, person: Person, message: Message, label: str
) -> tuple[str, list[Message]]:
    """Press a button; return the toast and the messages sent for it."""
    return await outcome(api, message, person.press(message, label))


async def outcome(
    api: FakeBotApi, message: Message, query: CallbackQuery
) -> tuple[str, list[Message]]:
    before = len(message.chat.sent)
    await api.wait_until(lambda: query.answer is not None)
    assert query.answer is not None
    if not query.answer["text"]:
        await api.wait_until(lambda: len(message.chat.sent) > before)
    return query.answer["text"], message.chat.sent[before:]


def text_of(message: Message) -> str:
    """Return the text of a message that has one."""
    assert message.text is not None
    return message.text


def quotes(message: Message) -> list[str]:
    """Return the quotes in a message, in order."""
    return message.entity_texts("blockquote")


def labels(message: Message) -> list[str]:
    return [button.text for button in message.buttons]
