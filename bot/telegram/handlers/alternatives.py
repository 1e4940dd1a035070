"""What was said before a question, as the exchanges tell it."""

from __future__ import annotations

import time

from telegram import Message

from bot.conversation.followup import ALONE, Context, whole_questions
from bot.conversation.questions import split_questions
from bot.storage.exchanges import Exchange
from bot.storage.updates import Received
from bot.telegram.context import Desk

FOLLOW_UP_S = 600.0
"""A question that comes later than this after the last answer does not lean on it."""
MATCHED_CHARS = 100


def context_for(desk: Desk, received: Received, message: Message) -> Context:
    """Return what a question may lean on: the answer that it replies to, or else the last one."""
    replied = message.reply_to_message
    if replied is not None and replied.from_user is not None and replied.from_user.id == desk.me.id:
        exchange = desk.exchanges.by_message(message.chat.id, replied.message_id)
        if exchange is not None:
            return Context(exchange.question, exchange.scope, sources_of(exchange, replied))
    before = None
    if message.edit_date is not None:  # The question leans on what was there when it was written.
        answered = desk.delivery.outbox.update_answered(message.chat.id, message.message_id)
        before = answered or received.update_id
    age_s = max(0.0, time.time() - message.date.timestamp())
    last = desk.exchanges.last(message.chat.id, asker(message), FOLLOW_UP_S + age_s, before)
    return ALONE if last is None else Context(last.question, last.scope)


def asker(message: Message) -> int:
    """Return whose quota a question counts towards; an anonymous administrator is the group."""
    return message.from_user.id if message.from_user else message.chat.id


def words_asked(desk: Desk, received: Received, message: Message) -> str:
    """Return what a message asks, and how that may be understood, line by line."""
    text = message.text or message.caption or ""
    previous = context_for(desk, received, message).previous
    lines = [text, previous]
    for question in split_questions(text).questions:
        lines += [question, *whole_questions(previous, question)]
        previous = question
    return "\n".join(lines)


def sources_of(exchange: Exchange, answer: Message) -> tuple[int, ...]:
    """Return the ids of the documents that an answer quotes, in order; none where it is none.

    A message with several questions has several answers, of which only the last one is kept.
    """
    shown = answer.text or ""
    if not exchange.answered or not any(
        quote.text[:MATCHED_CHARS] in shown for quote in exchange.quotes
    ):
        return ()
    return tuple(dict.fromkeys(quote.document.id for quote in exchange.quotes))
