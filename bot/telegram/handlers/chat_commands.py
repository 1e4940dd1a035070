"""Commands that take more than a reply of the conversation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from telegram import Message

from bot.conversation.conversation import COMMAND, unknown_command
from bot.telegram.context import Desk, Turn
from bot.telegram.handlers.language import change_language
from bot.telegram.handlers.links import make_link, open_link, say
from bot.telegram.handlers.sources import list_sources
from bot.telegram.profile import commands

ChatCommand = Callable[[Desk, Turn, Message, str], Awaitable[str | None]]
"""Replies to a command by its arguments, or returns what is to be answered instead."""


CHAT_COMMANDS: dict[str, ChatCommand] = {
    "start": open_link,
    "link": make_link,
    "sources": list_sources,
    "language": change_language,
}


async def redirect(desk: Desk, turn: Turn, message: Message, text: str) -> str | None:
    """Reply to a command that is Telegram's own; return what is left to answer, None for nothing.

    Raises:
        BusyError: too many questions are waiting.
    """
    command = COMMAND.fullmatch(text.strip())
    if command is None:
        return text
    name = command["name"].lower()
    if name not in commands():
        await say(desk, turn, message, unknown_command(name, commands()))
        return None
    handle = CHAT_COMMANDS.get(name)
    return text if handle is None else await handle(desk, turn, message, command["rest"] or "")
