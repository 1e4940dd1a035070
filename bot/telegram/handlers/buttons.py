"""Pressed buttons: each is answered, whatever becomes of it, or it would seem to hang."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from telegram import Message as TelegramMessage

from bot.conversation.replies import AnswerReply
from bot.errors import BusyError
from bot.i18n.language import _
from bot.storage.exchanges import HELPFUL, UNHELPFUL, Exchange
from bot.telegram.context import Desk, Press, Turn
from bot.telegram.handlers.language import LANGUAGE, press_language
from bot.telegram.handlers.sources import turn_page
from bot.telegram.rendering import keyboards
from bot.telegram.rendering.keyboards import (
    ButtonData,
    answer_buttons,
    context_buttons,
    read_data,
    with_buttons,
)
from bot.telegram.rendering.message import Message
from bot.telegram.rendering.replies import format_context, format_quotes
from bot.telegram.rendering.sources import PAGE, format_origins
from bot.texts import answers as wording
from bot.texts import buttons as button_wording
from index.answering.answerer import MAX_QUOTES
from index.core.answers import Quote
from index.core.errors import DocumentError
from index.store.certificates import certificate_id


async def handle_callback(desk: Desk, turn: Turn) -> None:
    """Do what a button says, for those who may ask."""
    query = turn.update.callback_query
    if query is None or query.message is None:
        return
    press = Press(query, query.message, turn.received)
    button = BUTTONS.get(press.data.partition(":")[0])
    try:
        if not desk.may_ask(press.user_id, press.chat_id):
            await press.answer(_(button_wording.STRANGER_PRESSED))
        elif button is None:
            await press.answer(_(button_wording.EXPIRED_BUTTON))
        else:
            await button(desk, press)
    finally:
        await press.answer()


def keep_exchange(
    desk: Desk, update_id: int, question: TelegramMessage, reply: AnswerReply
) -> Exchange:
    """Record what an answer shows, for its buttons to refer to."""
    answer = reply.answer
    quotes = reply.shown
    return desk.exchanges.add(
        Exchange(
            update_id=update_id,
            chat_id=question.chat.id,
            user_id=question.from_user.id if question.from_user else question.chat.id,
            question=answer.question,
            scope=reply.scope,
            quotes=quotes,
            answered=answer.answered,
            further=answer.further or len(answer.quotes + answer.closest) > len(quotes),
        )
    )


async def show_context(desk: Desk, press: Press) -> None:
    """Reply with the sentences around a quote."""
    found = await find_exchange(desk, press)
    if found is None:
        return
    data, exchange = found
    if not 1 <= data.number <= len(exchange.quotes):
        await press.answer(_(button_wording.EXPIRED_BUTTON))
        return
    if not await claim(desk, press, data):
        return
    quote = exchange.quotes[data.number - 1]
    number = exchange.first + data.number
    try:
        pieces = await asyncio.to_thread(desk.answers.conversation.context, quote)
    except DocumentError:
        messages = [Message(button_wording.context_gone(number, quote, certificate_id(quote)))]
    else:
        messages = format_context(pieces, number, certificate_id(quote))
    await reply_below(desk, press, with_buttons(messages, context_buttons(exchange, data.number)))


async def show_sources(desk: Desk, press: Press) -> None:
    """Reply with where the quotes are from, and who else says the same."""
    found = await find_exchange(desk, press)
    if found is None:
        return
    data, exchange = found
    if await claim(desk, press, data):
        messages = format_origins(exchange.quotes, exchange.first + 1)
        await reply_below(desk, press, messages)


async def show_more(desk: Desk, press: Press) -> None:
    """Reply with the next quotes on the same question, which are an exchange of their own."""
    found = await find_exchange(desk, press)
    if found is None:
        return
    data, exchange = found
    if not await claim(desk, press, data):
        return
    recovered = press.received.recovered
    wait_s = 0.0 if recovered else desk.quota.take(press.user_id)
    if wait_s:
        await press.answer(wording.too_fast(desk.quota.per_minute, wait_s))
        return
    # The search may have to wait for its turn, the press must not.
    await press.answer()
    conversation = desk.answers.conversation
    try:
        answer = await desk.answers.inference.run(
            lambda question: conversation.ask_further(question, exchange.scope),
            exchange.question,
            patient=recovered,
        )
    except BusyError as error:
        await reply_below(desk, press, [Message(str(error))])
        return
    first = exchange.first + len(exchange.quotes)
    quotes = [
        quote
        for quote in (answer.quotes + answer.closest)[first:]
        if not any(is_within(shown, quote) for shown in exchange.quotes)
    ]
    if not quotes:
        await reply_below(desk, press, [Message(_(button_wording.NO_MORE_QUOTES))])
        return
    page = desk.exchanges.add(
        Exchange(
            update_id=press.received.update_id,
            chat_id=press.chat_id,
            user_id=press.user_id,
            question=exchange.question,
            scope=exchange.scope,
            quotes=tuple(quotes[:MAX_QUOTES]),
            answered=answer.answered,
            first=first,
            further=len(quotes) > MAX_QUOTES,
        )
    )
    messages = format_quotes(page.quotes, first + 1, page.answered)
    await reply_below(desk, press, with_buttons(messages, answer_buttons(page)))


async def vote_up(desk: Desk, press: Press) -> None:
    """Record that the answer helped."""
    await vote(desk, press, HELPFUL, _(button_wording.VOTED_UP))


async def vote_down(desk: Desk, press: Press) -> None:
    """Record that the quotes are not what was asked for."""
    await vote(desk, press, UNHELPFUL, _(button_wording.VOTED_DOWN))


async def vote(desk: Desk, press: Press, value: int, thanks: str) -> None:
    """Record a vote; a user's last one counts."""
    if found := await find_exchange(desk, press):
        _, exchange = found
        desk.votes.cast(exchange.id, press.user_id, value)
        await press.answer(thanks)


async def find_exchange(desk: Desk, press: Press) -> tuple[ButtonData, Exchange] | None:
    """Return the answer that a button belongs to; without one, say so and return None.

    An answer is open to the chat in which it was given only: what a button carries can be forged.
    """
    data = read_data(press.data)
    exchange = desk.exchanges.get(data.exchange_id) if data else None
    if data is None or exchange is None or exchange.chat_id != press.chat_id:
        await press.answer(_(button_wording.EXPIRED_BUTTON))
        return None
    return data, exchange


async def claim(desk: Desk, press: Press, data: ButtonData) -> bool:
    """Return whether a press is to be obeyed; if not, say that it was already."""
    action = f"{data.action}:{data.number}"
    if desk.presses.claim(press.received.update_id, data.exchange_id, action):
        return True
    await press.answer(_(button_wording.PRESSED_TWICE))
    return False


async def reply_below(desk: Desk, press: Press, messages: Sequence[Message]) -> None:
    """Answer the press, and send messages that point to the one with the button."""
    await press.answer()
    await desk.delivery.reply(press.received.update_id, press.message, messages, quoting=True)


def is_within(shown: Quote, quote: Quote) -> bool:
    """Whether a quote shows something of another again."""
    return shown.document.id == quote.document.id and shown.span.overlaps(quote.span)


BUTTONS: dict[str, Callable[[Desk, Press], Awaitable[None]]] = {
    PAGE: turn_page,
    LANGUAGE: press_language,
    keyboards.CONTEXT: show_context,
    keyboards.MORE: show_more,
    keyboards.SOURCES: show_sources,
    keyboards.UP: vote_up,
    keyboards.DOWN: vote_down,
}
"""By what the data of a button begins with, up to a colon."""
