"""Answers questions: finds the replies, puts them into messages, and keeps them for buttons."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from telegram import Message as TelegramMessage

from bot.conversation.followups.dialogue import ALONE, Dialogue, whole_questions
from bot.conversation.followups.references import Before
from bot.conversation.questions import Request, split_questions
from bot.conversation.replies import AnswerReply, Refusal, Reply, Welcome
from bot.i18n.language import _
from bot.monitoring.metrics import RefusalReason
from bot.storage.exchanges import Exchange
from bot.telegram.addressing import replies_to, words_replied_to
from bot.telegram.context import Context
from bot.telegram.rendering.keyboards import answer_buttons, example_buttons, with_buttons
from bot.telegram.rendering.message import Message
from bot.telegram.rendering.replies import format_reply, format_together
from bot.telegram.sending.editing import replace_reply
from bot.telegram.sending.progress import typing
from bot.texts import answers, notices

FOLLOW_UP_S = 600.0
"""A question that comes later than this after the last answer does not lean on it."""
MATCHED_CHARS = 100
MAX_LEANED_ON_CHARS = 300
"""A longer message is no question's beginning."""


async def answer_questions(
    context: Context,
    questions: Sequence[Request],
    left_out: int = 0,
    wait_s: float = 0.0,
    note: str = "",
) -> None:
    """Reply to questions, or to a command of the conversation, with a note below if there is one.

    Further questions are left out, and may be asked after `wait_s` seconds; if that is 0, there
    are too many for one message.

    Raises:
        BusyError: too many questions are waiting.
    """
    replies = await find_replies(context, questions)
    if not context.may_ask:
        # An admin took the right meanwhile.
        await turn_away(context)
        return
    context.services.refusals.end(context.chat.id, context.asker_id)
    messages = compose(context, replies, naming=bool(left_out))
    if left_out:
        pace = context.services.quota.per_minute
        remark = (
            notices.too_fast(pace, left_out, wait_s)
            if wait_s
            else notices.too_many(len(questions), left_out)
        )
        messages.append(Message(remark))
    if note:
        messages.append(Message(note))
    await show(context, messages)
    for _question, reply in replies:
        if isinstance(reply, AnswerReply):
            context.services.observer.answered(reply.answer)
        elif isinstance(reply, Refusal):
            context.services.observer.refused(RefusalReason.INVALID)


async def show(context: Context, messages: Sequence[Message]) -> None:
    """Send a reply, or put it in the place of that to the message before it was edited."""
    if context.replaced is None:
        await context.reply(*messages)
    else:
        delivery = context.services.delivery
        await replace_reply(delivery, context.replaced, context.message, messages)


def compose(
    context: Context, replies: Sequence[tuple[Request, Reply]], naming: bool
) -> list[Message]:
    """Return the replies as messages, with buttons below the last one.

    With `naming` the question stands above its reply even if it is the only one.
    """
    _question, last = replies[-1]
    if len(replies) == 1 and not naming:
        messages = format_reply(last)
    else:
        messages = format_together([(question.text, reply) for question, reply in replies])
    if isinstance(last, Welcome):
        kept = {context.services.records.questions.keep(text): text for text in last.examples}
        return with_buttons(messages, example_buttons(kept))
    if not isinstance(last, AnswerReply):
        return messages
    exchange = exchange_of(context, last)
    answers = [reply for _question, reply in replies if isinstance(reply, AnswerReply)]
    if len(messages) == 1 and len(answers) > 1:
        # Votes and further quotes are about one question.
        shown = tuple(quote for reply in answers for quote in reply.shown)
        exchange = replace(exchange, quotes=shown, answered=False, further=False)
    context.services.records.exchanges.add(exchange)
    return with_buttons(messages, answer_buttons(exchange, context.openings.button))


def exchange_of(context: Context, reply: AnswerReply) -> Exchange:
    """Return what an answer shows, for its buttons to refer to."""
    answer, quotes = reply.answer, reply.shown
    return Exchange(
        update_id=context.replaced or context.received.update_id,
        chat_id=context.chat.id,
        user_id=context.asker_id,
        question=answer.question,
        scope=reply.scope,
        quotes=quotes,
        answered=bool(answer.quotes),
        further=answer.further or len(answer.quotes + answer.closest) > len(quotes),
        leaned_on=reply.leaned_on,
    )


async def find_replies(
    context: Context, questions: Sequence[Request]
) -> list[tuple[Request, Reply]]:
    """Return the questions with their replies, with signs of life for as long as that takes."""
    dialogue = replace(dialogue_before(context), shown=documents_meant(context))
    replies: list[tuple[Request, Reply]] = []
    async with typing(context.message):
        for question in questions:
            reply = await find_reply(context, question, dialogue, is_further=bool(replies))
            replies.append((question, reply))
            dialogue = dialogue.after(reply)
    return replies


async def find_reply(
    context: Context, question: Request, dialogue: Dialogue, *, is_further: bool
) -> Reply:
    """Return the reply to a request; a further question of a message counts as no attempt."""
    services, received = context.services, context.received
    patient = received.recovered or is_further
    collections = context.collections
    number = services.answers.position(question, dialogue, collections)
    count = partial(services.records.inbox.count_attempt, received.update_id)
    begins = None if is_further else count
    waiting = services.answers.submit(question, patient, begins, dialogue, collections)
    if number >= services.settings.long_line and not patient:
        await context.notify(answers.in_line(number))
    return await asyncio.shield(waiting)


def dialogue_before(context: Context) -> Dialogue:
    """Return what a question may lean on: what it replies to, or else the last answer."""
    message, records = context.message, context.services.records
    replied = message.reply_to_message
    if replied is not None and replies_to(message, context.services.me):
        exchange = records.exchanges.by_message(message.chat.id, replied.message_id)
        if exchange is not None:
            return leaning_on(exchange, sources_of(exchange, replied))
    words = words_replied_to(message, context.services.me)
    if 0 < len(words) <= MAX_LEANED_ON_CHARS:
        return Dialogue(words)
    if message.text is None:
        # A caption is about what it stands under.
        return ALONE
    # An edited question leans on what was there when it was written.
    is_edit = context.update.edited_message is not None
    before = (context.replaced or context.received.update_id) if is_edit else None
    age_s = max(0.0, time.time() - message.date.timestamp())
    last = records.exchanges.last(
        message.chat.id, context.asker_id, FOLLOW_UP_S + age_s, before, context.topic
    )
    return ALONE if last is None else leaning_on(last)


def leaning_on(exchange: Exchange, documents: tuple[int, ...] = ()) -> Dialogue:
    """Return what a question after an exchange may lean on."""
    previous = exchange.leaned_on or exchange.question
    quote = exchange.quotes[0] if exchange.answered and exchange.quotes else None
    return Dialogue(previous, exchange.scope, documents, quote=quote)


def documents_meant(context: Context) -> tuple[int, ...]:
    """Return the ids of the documents that "this article" means in a message.

    Those that it replies to or brings, else those last quoted, or sent if that is later.
    """
    message, exchanges = context.message, context.services.records.exchanges
    uploads, chat_id = context.services.intake.uploads, context.chat.id
    replied = message.reply_to_message
    near = message if replied is None else replied
    exchange = exchanges.by_message(chat_id, near.message_id)
    documents = uploads.by_message(chat_id, near.message_id)
    if exchange is None and not documents:
        exchange = exchanges.last(chat_id, context.asker_id, FOLLOW_UP_S, topic=context.topic)
        upload = uploads.last(chat_id, FOLLOW_UP_S)
        if upload is not None and (exchange is None or exchange.asked_at < upload[1]):
            documents = upload[0]
    if documents:
        return documents
    shown = exchange.quotes if exchange else ()
    return tuple(dict.fromkeys(quote.document.id for quote in shown))


def sources_of(exchange: Exchange, answer: TelegramMessage) -> tuple[int, ...]:
    """Return the ids of the documents that an answer quotes, in order; () if it is no answer.

    A message with several questions has several answers, of which only the last one is kept.
    """
    shown = answer.text or ""
    if not exchange.answered or not any(
        quote.text[:MATCHED_CHARS] in shown for quote in exchange.quotes
    ):
        return ()
    return tuple(dict.fromkeys(quote.document.id for quote in exchange.quotes))


def words_asked(context: Context) -> str:
    """Return the words of a message and of the questions that it may mean, line by line."""
    text = context.message.text or context.message.caption or ""
    before = dialogue_before(context).before
    lines = [text, before.question, words_replied_to(context.message, context.services.me)]
    for question in split_questions(context.request or Request.read(text)).requests:
        lines += [question.text, *whole_questions(before, question.text)]
        before = Before(question.text)
    return "\n".join(lines)


async def turn_away(context: Context) -> None:
    """Explain to somebody who may not ask how to change that; in a group stay silent."""
    services, chat_id = context.services, context.chat.id
    if services.access.is_blocked(context.sender_id, chat_id):
        return
    if context.is_private:
        text = _(answers.STRANGER).format(user_id=context.sender_id)
        await context.refuse_once(RefusalReason.STRANGER, text)
    if context.message.text is not None:
        services.observer.refused(RefusalReason.STRANGER)
