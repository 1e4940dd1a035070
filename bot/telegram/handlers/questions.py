"""New messages: commands, questions, and what is neither."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from telegram import Message, User
from telegram.constants import ChatType
from telegram.ext import filters

from bot.conversation.followup import Context
from bot.conversation.questions import context_after, is_asking, split_questions, without_command
from bot.conversation.replies import AnswerReply, Refusal, Reply
from bot.errors import BusyError
from bot.i18n.language import _
from bot.monitoring.metrics import RefusalReason
from bot.telegram.addressing import addressed_text, is_person
from bot.telegram.context import Desk, Turn
from bot.telegram.handlers.alternatives import asker, context_for
from bot.telegram.handlers.buttons import keep_exchange
from bot.telegram.handlers.chat_commands import redirect
from bot.telegram.handlers.chats import follow_migration
from bot.telegram.handlers.commands import run_command
from bot.telegram.rendering.keyboards import answer_buttons, with_buttons
from bot.telegram.rendering.message import Message as Outgoing
from bot.telegram.rendering.replies import format_reply, format_under
from bot.telegram.sending.editing import replace_reply
from bot.telegram.sending.progress import typing
from bot.texts import answers as wording
from bot.texts import notices as remarks

ATTACHMENTS = filters.ChatType.PRIVATE & ~filters.TEXT & ~filters.StatusUpdate.ALL


async def handle_message(desk: Desk, turn: Turn) -> None:
    """Answer what a person asks of the bot; stay silent where it was not meant."""
    message = turn.update.message
    if message is None or not is_person(message):
        return
    follow_migration(desk, message)
    text = asked_text(message, desk.me)
    if text is not None:
        if await run_command(desk, turn, message, text):
            return
        if desk.admits(message):
            await answer_text(desk, turn, message, text)
        else:
            await turn_away(desk, turn, message)
    elif ATTACHMENTS.check_update(turn.update) and not desk.chats.is_quiet(message.chat.id):
        if desk.admits(message):
            await refuse(desk, turn, message, remark_on(message), quoting=False)
        else:
            await turn_away(desk, turn, message)


def is_question(message: Message | None, me: User) -> bool:
    """Whether a message is one by which a person asks something of the bot."""
    return message is not None and is_person(message) and asked_text(message, me) is not None


def asked_text(message: Message, me: User) -> str | None:
    """Return what a message asks of the bot, None where that is nothing.

    That is its text, or in a private chat a caption that is a question.
    """
    if message.text is not None:
        return addressed_text(message, me)
    caption = message.caption or ""
    return caption if message.chat.type == ChatType.PRIVATE and is_asking(caption) else None


def remark_on(message: Message) -> str:
    """Return what is said to an attachment."""
    kinds = (line for kind, line in remarks.ATTACHMENTS.items() if getattr(message, kind))
    return _(next(kinds, remarks.UNKNOWN_ATTACHMENT))


async def answer_text(
    desk: Desk, turn: Turn, message: Message, text: str, replacing: int | None = None
) -> None:
    """Answer a command or the questions of a message, or say why not now.

    Args:
        desk: what is needed for that.
        turn: the update.
        message: of the update.
        text: what it asks.
        replacing: the update under which an earlier reply is kept that this one takes the place of.
    """
    received = turn.received
    if received.crowded:
        await refuse(desk, turn, message, wording.crowded(desk.waiting_per_user))
        desk.observer.refused(RefusalReason.BUSY)
        return
    if not without_command(text).strip():
        name = "/ask" if text.strip() else f"@{desk.me.username}"
        await refuse(desk, turn, message, remarks.no_question(name))
        desk.observer.refused(RefusalReason.INVALID)
        return
    asked = split_questions(text)
    questions, wait_s = admit(desk, turn, message, asked.questions)
    if not questions:
        await refuse(desk, turn, message, wording.too_fast(desk.quota.per_minute, wait_s))
        desk.observer.refused(RefusalReason.QUOTA)
        return
    try:
        left = await redirect(desk, turn, message, text)
        if left is None:
            return
        if left != text:
            questions = [left]
        replies = await find_replies(desk, turn, message, questions)
    except BusyError as error:
        await refuse(desk, turn, message, str(error))
        desk.observer.refused(RefusalReason.BUSY)
        return
    if not desk.admits(message):
        # An admin said so meanwhile.
        await turn_away(desk, turn, message)
        return
    left_out = len(asked.questions) + asked.left_out - len(questions)
    messages = compose(desk, replacing or received.update_id, message, replies, bool(left_out))
    if left_out:
        messages.append(Outgoing(why_left_out(desk, len(questions), left_out, wait_s)))
    if replacing is None:
        await desk.delivery.reply(received.update_id, message, messages)
    else:
        await replace_reply(desk.delivery, replacing, message, messages)
    count_outcomes(desk, [reply for _, reply in replies])


def why_left_out(desk: Desk, asked: int, left_out: int, wait_s: float) -> str:
    """Return why some questions of a message are not answered."""
    if wait_s:
        return remarks.too_fast(desk.quota.per_minute, left_out, wait_s)
    return remarks.too_many(asked, left_out)


def count_outcomes(desk: Desk, replies: Sequence[Reply]) -> None:
    """Tell the operator's metrics how questions ended."""
    for reply in replies:
        if isinstance(reply, AnswerReply):
            desk.observer.answered(reply.answer)
        elif isinstance(reply, Refusal):
            desk.observer.refused(RefusalReason.INVALID)


def compose(
    desk: Desk,
    update_id: int,
    message: Message,
    replies: Sequence[tuple[str, Reply]],
    naming: bool,
) -> list[Outgoing]:
    """Return the replies as messages; the last answer is kept under an update and has buttons.

    Args:
        desk: what is needed for that.
        update_id: the update.
        message: that asks.
        replies: the questions with their replies.
        naming: put the question above its reply also where it is the only one.
    """
    messages: list[Outgoing] = []
    for number, (question, reply) in enumerate(replies, start=1):
        several = naming or len(replies) > 1
        shown = format_under(question, reply) if several else format_reply(reply)
        if isinstance(reply, AnswerReply) and number == len(replies):
            exchange = keep_exchange(desk, update_id, message, reply)
            shown = with_buttons(shown, answer_buttons(exchange))
        messages += shown
    return messages


def admit(
    desk: Desk, turn: Turn, message: Message, questions: Sequence[str]
) -> tuple[Sequence[str], float]:
    """Return the questions that are within the quota, and how long those after them must wait."""
    if turn.received.recovered:  # They were admitted by an earlier process.
        return questions, 0.0
    for number in range(len(questions)):
        if wait_s := desk.quota.take(asker(message)):
            return questions[:number], wait_s
    return questions, 0.0


async def find_replies(
    desk: Desk, turn: Turn, message: Message, questions: Sequence[str]
) -> list[tuple[str, Reply]]:
    """Return the questions with their replies, with signs of life for as long as that takes.

    Raises:
        BusyError: too many questions are waiting.
    """
    context = context_for(desk, turn.received, message)
    replies: list[tuple[str, Reply]] = []
    async with typing(message):
        for question in questions:
            reply = await find_reply(
                desk, turn, message, question, context, is_further=bool(replies)
            )
            replies.append((question, reply))
            context = context_after(reply, context)
    return replies


async def find_reply(
    desk: Desk, turn: Turn, message: Message, text: str, context: Context, *, is_further: bool
) -> Reply:
    """Return the reply to a text; a further question of a message does not count as an attempt.

    Raises:
        BusyError: too many questions are waiting.
    """
    received = turn.received
    patient = received.recovered or is_further
    collections = desk.views.of_chat(message.chat.id)
    number = desk.answers.position(text, context, collections)
    begins = None if is_further else partial(desk.inbox.count_attempt, received.update_id)
    waiting = desk.answers.submit(text, patient, begins, context, collections)
    if number >= desk.long_line and not patient:
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
    if message.text is not None:
        desk.observer.refused(RefusalReason.STRANGER)


async def refuse(desk: Desk, turn: Turn, message: Message, text: str, quoting: bool = True) -> None:
    """Send one line, by default with a pointer to the message, as it may come out of order."""
    messages = format_reply(Refusal(text))
    await desk.delivery.reply(turn.received.update_id, message, messages, quoting)
