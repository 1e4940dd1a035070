"""Answers questions typed after the bot's name in any chat: at a low price, and never late."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from functools import partial

from telegram import InlineQuery, InlineQueryResultArticle, InlineQueryResultsButton
from telegram.error import BadRequest, NetworkError

from bot.conversation.questions import Request
from bot.conversation.replies import AnswerReply
from bot.conversation.small_talk import small_talk
from bot.errors import BusyError
from bot.i18n.language import _
from bot.telegram.context import Context
from bot.telegram.rendering.replies import answer_cards
from bot.texts import sources

logger = logging.getLogger(__name__)

MIN_QUESTION_CHARS = 6
# Whoever asks in a chat is waiting for it; whoever types is not yet.
MAX_WAITING = 8
# Telegram forgets a query after about ten.
ANSWER_S = 8.0
CACHE_S = 30
START = "inline"


async def answer_inline(context: Context) -> None:
    """Offer the quotes that answer what was typed, or a way to the bot."""
    query, services = context.update.inline_query, context.services
    if query is None:
        return
    question = " ".join(query.query.split())
    user_id = query.from_user.id
    # A private chat has the number of its user.
    if not services.access.may_ask(user_id, user_id):
        await respond(query, button=_(sources.INLINE_STRANGER))
    elif len(question) < MIN_QUESTION_CHARS or small_talk(question) is not None:
        await respond(query, button=_(sources.INLINE_HINT))
    elif services.inline_quota.take(user_id):
        await respond(query, button=_(sources.INLINE_TOO_FAST))
    elif services.public.inference.waiting >= MAX_WAITING:
        await respond(query, button=_(sources.INLINE_BUSY))
    else:
        await offer(context, query, question)


async def offer(context: Context, query: InlineQuery, question: str) -> None:
    """Offer the answer, unless it comes too late or more was typed meanwhile."""
    services, user_id = context.services, query.from_user.id
    services.typed[user_id] = query.id
    begins = partial(services.records.inbox.count_attempt, context.received.update_id)
    try:
        async with asyncio.timeout(ANSWER_S):
            waiting = services.public.submit(Request.asking(question), begins=begins)
            reply = await asyncio.shield(waiting)
    except TimeoutError:
        logger.info("an inline query was not answered in time")
        return
    except BusyError:
        await respond(query, button=_(sources.INLINE_BUSY))
        return
    finally:
        is_latest = services.typed.get(user_id) == query.id
        if is_latest:
            del services.typed[user_id]
    if not is_latest:
        return
    if not isinstance(reply, AnswerReply):
        await respond(query, button=_(sources.INLINE_HINT))
    elif cards := answer_cards(reply, question):
        await respond(query, cards)
    else:
        await respond(query, button=_(sources.INLINE_TOO_LONG))


async def respond(
    query: InlineQuery,
    cards: Sequence[InlineQueryResultArticle] = (),
    button: str | None = None,
) -> None:
    """Show cards, or a button that leads to the private chat."""
    try:
        await query.answer(
            cards,
            cache_time=CACHE_S if cards else 0,
            # Somebody else may not be allowed to see them.
            is_personal=True,
            button=None if button is None else InlineQueryResultsButton(button, None, START),
        )
    except NetworkError as error:
        if isinstance(error, BadRequest) and "query is too old" not in error.message.lower():
            raise
        # By the time it could be tried again, more has been typed.
        logger.info("an inline query is not answered: %s", error)


async def count_chosen(context: Context) -> None:
    context.services.observer.inline_card_sent()
