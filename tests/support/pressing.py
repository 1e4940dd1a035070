"""Questions asked and buttons pressed in tests, with what comes of it."""

from __future__ import annotations

from tests.botapi import FakeBotApi, Message
from tests.botapi.people import Person
from tests.botapi.records import CallbackQuery
from tests.support.library import quote

SEVEN = [quote(f"Quote number {at} is here.", start=100 * at) for at in range(1, 8)]


async def ask(api: FakeBotApi, person: Person) -> Message:
    asked = person.send("Which borders?")
    (reply,) = await api.wait_for(person, after=asked)
    return reply


async def press(
    api: FakeBotApi, person: Person, message: Message, label: str
) -> tuple[str, list[Message]]:
    """Press a button; return the toast and what was sent for it."""
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


def labels(message: Message) -> list[str]:
    return [button.text for button in message.buttons]
