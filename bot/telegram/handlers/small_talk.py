"""Replies to small talk: a line in private, nothing in a group."""

from __future__ import annotations

from contextlib import suppress

from bot.conversation.small_talk import LEADING_ON, Kind
from bot.errors import BusyError
from bot.telegram.context import Context
from bot.telegram.handlers.questions import show
from bot.telegram.rendering.keyboards import example_buttons, with_buttons
from bot.telegram.rendering.message import Message
from bot.telegram.sending.progress import typing
from bot.texts.small_talk import line


async def reply_to_small_talk(context: Context, kind: Kind) -> None:
    """Say a line, with questions to try as buttons if that helps; in a group stay silent."""
    if not context.is_private:
        return
    examples: tuple[str, ...] = ()
    if kind in LEADING_ON:
        # Whoever greets a busy bot is greeted all the same.
        with suppress(BusyError):
            async with typing(context.message):
                examples = await find_examples(context, kind)
    questions = {context.services.records.questions.keep(text): text for text in examples}
    await show(context, with_buttons([Message(line(kind))], example_buttons(questions)))


async def find_examples(context: Context, kind: Kind) -> tuple[str, ...]:
    """Return the questions to try, when their turn has come.

    Raises:
        BusyError: too many questions are waiting.
    """
    conversation, received = context.conversation, context.received
    reply = await context.services.answers.inference.run(
        lambda _text: conversation.small_talk(kind), context.rest, received.recovered
    )
    return reply.examples
