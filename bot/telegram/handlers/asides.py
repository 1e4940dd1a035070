"""What the bot says beside its answers."""

from __future__ import annotations

from telegram import Message as TelegramMessage

from bot.telegram.context import Desk, Turn
from bot.telegram.rendering.message import Message


async def say(desk: Desk, turn: Turn, message: TelegramMessage, *paragraphs: str) -> None:
    """Reply with some paragraphs, in one message."""
    text = "\n\n".join(part for part in paragraphs if part)
    await desk.delivery.reply(turn.received.update_id, message, [Message(text)])
