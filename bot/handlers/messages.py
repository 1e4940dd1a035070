"""New messages: commands, questions, and what is neither."""

from __future__ import annotations

import asyncio
from functools import partial

from telegram import Message, User
from telegram.constants import ChatType
from telegram.ext import filters

from bot import wording
from bot.addressing import addressed_text, is_person
from bot.conversation import AnswerReply, Refusal, Reply
from bot.desk import Desk, Turn
from bot.errors import BusyError
from bot.feedback import typing
from bot.formatting import format_reply
from bot.handlers.answer_buttons import keep_exchange
from bot.handlers.chat_commands import redirect
from bot.handlers.commands import run_command
from bot.handlers.membership import follow_migration
from bot.keyboards import answer_buttons, with_buttons
from bot.language import _

ATTACHMENTS = filters.ChatType.PRIVATE & ~filters.TEXT & ~filters.StatusUpdate.ALL


async def handle_message(desk: Desk, turn: Turn) -> None:
    """Answer what a person asks of the bot; stay silent where it was not meant."""
    message = turn.update.message
    if message is None or not is_person(message):
        return
    follow_migration(desk, message)
    if message.text is not None:
        text = addressed_text(message, desk.me)
        if text is None or await run_command(desk, turn, message, text):
            return
        if desk.admits(message):
            await answer_text(desk, turn, message, text)
        else:
            await turn_away(desk, turn, message)
    elif ATTACHMENTS.check_update(turn.update) and not desk.chats.is_quiet(message.chat.id):
        if desk.admits(message):
            await refuse(desk, turn, message, _(wording.TEXT_ONLY), quoting=False)
        else:
            await turn_away(desk, turn, message)


def is_question(message: Message | None, me: User) -> bool:
    """Whether a message is a text by which a person asks something of the bot."""
    if message is None or message.text is None or not is_person(message):
        return False
    return addressed_text(message, me) is not None


async def answer_text(desk: Desk, turn: Turn, message: Message, text: str) -> None:
    """Answer a command or a question, or say why not now."""
    received = turn.received
    if received.crowded:
        await refuse(desk, turn, message, wording.crowded(desk.waiting_per_user))
        return
    # What an earlier process left over was admitted by it.
    wait_s = 0.0 if received.recovered else desk.quota.take(asker(message))
    if wait_s:
        await refuse(desk, turn, message, wording.too_fast(desk.quota.per_minute, wait_s))
        return
    try:
        left = await redirect(desk, turn, message, text)
        if left is None:
            return
        reply = await find_reply(desk, turn, message, left)
    except BusyError as error:
        await refuse(desk, turn, message, str(error))
        return
    if not desk.admits(message):
        # An admin said so meanwhile.
        await turn_away(desk, turn, message)
        return
    messages = format_reply(reply)
    if isinstance(reply, AnswerReply):
        exchange = keep_exchange(desk, received.update_id, message, reply)
        messages = with_buttons(messages, answer_buttons(exchange))
    await desk.delivery.reply(received.update_id, message, messages)


async def find_reply(desk: Desk, turn: Turn, message: Message, text: str) -> Reply:
    """Return the reply to a text, with signs of life for as long as that takes.

    Raises:
        BusyError: too many questions are waiting.
    """
    received = turn.received
    number = desk.answers.position(text)
    begins = partial(desk.inbox.count_attempt, received.update_id)
    async with typing(message):
        waiting = desk.answers.submit(text, received.recovered, begins)
        if number >= desk.long_line and not received.recovered:
            await desk.delivery.notify(received.update_id, message, wording.in_line(number))
        return await asyncio.shield(waiting)


async def turn_away(desk: Desk, turn: Turn, message: Message) -> None:
    """Tell somebody who may not ask how to change that; in a group say nothing."""
    writer = message.from_user
    if writer is None or desk.access.is_blocked(writer.id, message.chat.id):
        return
    if message.chat.type == ChatType.PRIVATE:
        text = _(wording.STRANGER).format(user_id=writer.id)
        await refuse(desk, turn, message, text, quoting=False)


async def refuse(desk: Desk, turn: Turn, message: Message, text: str, quoting: bool = True) -> None:
    """Send one line, by default with a pointer to the message, as it may come out of order."""
    messages = format_reply(Refusal(text))
    await desk.delivery.reply(turn.received.update_id, message, messages, quoting)


def asker(message: Message) -> int:
    """Return whose quota a question counts towards; an anonymous administrator is the group."""
    return message.from_user.id if message.from_user else message.chat.id
