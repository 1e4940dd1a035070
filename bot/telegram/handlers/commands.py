"""The commands of a chat: one plain function each, entered in one table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from telegram import Message
from telegram.constants import ChatType

from bot.conversation.conversation import COMMAND
from bot.telegram.commands import CHAT_COMMANDS, PERSONAL_COMMANDS, commands_for
from bot.telegram.context import Desk, Turn, say
from bot.telegram.handlers import access as roles
from bot.telegram.handlers.chats import forget, may_hush, privacy, stop
from bot.texts import answers as wording

Carry = Callable[[Desk, Turn, Message, list[str]], Awaitable[None]]

RUN: dict[str, Carry] = {
    "privacy": privacy,
    "forget": forget,
    "stop": stop,
    "allow": roles.allow,
    "disallow": roles.disallow,
    "block": roles.block,
    "unblock": roles.unblock,
    "admins": roles.admins,
    "audit": roles.show_audit,
}
"""By name, as in `CHAT_COMMANDS`; each gets the words after it."""


async def run_command(desk: Desk, turn: Turn, message: Message, text: str) -> bool:
    """Do what a text asks of the chat, and return whether that is all there is to do."""
    found = COMMAND.fullmatch(text.strip())
    name = found["name"].lower() if found else ""
    if await stays_quiet(desk, message, name):
        return True
    if found is None or name not in CHAT_COMMANDS:
        return False
    private = message.chat.type == ChatType.PRIVATE
    user_id = message.from_user.id if message.from_user else None
    if name not in commands_for(desk.access.role(user_id)):
        # In private it is as unknown as any other; a group need not hear of it.
        return not private
    if name in PERSONAL_COMMANDS:
        if not private and not desk.admits(message):
            return True
        wait_s = 0.0 if turn.received.recovered else desk.quota.take(user_id or message.chat.id)
        if wait_s:
            await say(desk, turn, message, wording.too_fast(desk.quota.per_minute, wait_s))
            return True
    await RUN[name](desk, turn, message, (found["rest"] or "").split())
    return True


def is_chat_command(text: str) -> bool:
    """Whether a text is a command that concerns the chat itself."""
    found = COMMAND.fullmatch(text.strip())
    return found is not None and found["name"].lower() in CHAT_COMMANDS


async def stays_quiet(desk: Desk, message: Message, name: str) -> bool:
    """Whether the bot is to be quiet about a command, or about a text that is none ("").

    Everything but /start is met with silence; in private what concerns the chat itself is not.
    """
    chat = message.chat
    if not desk.chats.is_quiet(chat.id):
        return False
    if name == "start" and await may_hush(desk, message):
        desk.chats.wake(chat.id)
        return False
    return chat.type != ChatType.PRIVATE or name not in CHAT_COMMANDS
