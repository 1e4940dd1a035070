"""Handles pressed buttons, and reactions to answers.

Each press is answered, whatever happens, or it would seem to hang.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import chain

from telegram import ReactionType, ReactionTypeEmoji
from telegram.constants import ReactionEmoji

from bot.conversation.questions import Request
from bot.conversation.replies import AnswerReply, in_groups
from bot.errors import BusyError
from bot.i18n.language import _
from bot.storage.exchanges import AGAIN_AFTER_S, HELPFUL, UNHELPFUL, Exchange
from bot.telegram.context import Context, Handler
from bot.telegram.handlers.clippings import exporting, listing
from bot.telegram.handlers.language import LANGUAGE, press_language
from bot.telegram.handlers.questions import compose
from bot.telegram.handlers.sources import turn_page
from bot.telegram.rendering import keyboards
from bot.telegram.rendering.keyboards import ButtonData, with_buttons
from bot.telegram.rendering.message import Message, pack
from bot.telegram.rendering.replies import format_context, format_quotes, format_reply
from bot.telegram.rendering.sources import PAGE, format_certificates, format_origins
from bot.texts import answers, notices, states
from index.core.answers import MAX_QUOTES, Quote
from index.core.errors import DocumentError, StoreError
from index.store.certificates import certificate_id

VOTES = {
    keyboards.UP: (HELPFUL, notices.VOTED_UP),
    keyboards.DOWN: (UNHELPFUL, notices.VOTED_DOWN),
}

THUMBS = {ReactionEmoji.THUMBS_UP: HELPFUL, ReactionEmoji.THUMBS_DOWN: UNHELPFUL}


async def handle_press(context: Context) -> None:
    """Run the action of a button, for those who may ask."""
    if context.query.message is None:
        return
    button = BUTTONS.get(context.data.partition(":")[0])
    try:
        if not context.may_ask:
            await context.answer(_(notices.STRANGER_PRESSED))
        elif button is None:
            await context.answer(_(notices.EXPIRED_BUTTON))
        else:
            await button(context)
    finally:
        await context.answer()


async def show_context(context: Context) -> None:
    """Reply with the sentences around a quote."""
    if (found := await claim(context)) is None:
        return
    data, exchange = found
    quote = exchange.quotes[data.number - 1]
    try:
        library = context.services.answers.conversation.library
        pieces = await asyncio.to_thread(library.context, quote)
    except DocumentError:
        certificate = certificate_id(quote) if await certify(context, [quote]) else ""
        messages = [Message(notices.context_gone(quote, certificate))]
    else:
        is_numbered = exchange.first + len(exchange.quotes) > 1
        messages = format_context(pieces, exchange.first + data.number, is_numbered)
    await context.reply_below(
        *with_buttons(messages, keyboards.context_buttons(exchange, data.number))
    )


async def show_sources(context: Context) -> None:
    """Reply with the sources of the quotes, and with other documents that have the same."""
    if (found := await claim(context)) is not None:
        _data, exchange = found

        def address_of(quote: Quote) -> str | None:
            is_room = context.services.signer is not None
            return context.openings.address(quote, exchange.id) if is_room else None

        origins = format_origins(exchange.quotes, exchange.first + 1, address_of)
        await context.reply_below(*origins)


async def certify(context: Context, quotes: Sequence[Quote]) -> bool:
    """Keep quotes whose certificates are to be shown; return whether they are kept."""
    library = context.services.answers.conversation.library
    return await asyncio.to_thread(library.certify, quotes)


async def show_certificates(context: Context) -> None:
    """Reply with the certificates of the quotes, and a button that verifies them."""
    if (found := await claim(context)) is None:
        return
    _data, exchange = found
    if not await certify(context, exchange.quotes):
        raise StoreError("the certificates of an answer could not be kept")
    certificates = format_certificates(exchange.quotes, exchange.first + 1)
    await context.reply_below(*with_buttons([certificates], keyboards.verify_button(exchange)))


async def verify_quotes(context: Context) -> None:
    """Reply with what became of the quotes since they were sent."""
    if (found := await claim(context)) is None:
        return
    _data, exchange = found
    conversation = context.conversation
    results = [
        await asyncio.to_thread(conversation.verify, certificate_id(quote))
        for quote in exchange.quotes
    ]
    await context.reply_below(*pack(chain.from_iterable(map(format_reply, results))))


async def keep_quote(context: Context) -> None:
    """Keep a quote for this chat; a second press changes nothing."""
    if (found := await find_exchange(context)) is None:
        return
    data, exchange = found
    if 1 <= data.number <= len(exchange.quotes):
        await listing.keep(context, exchange.quotes[data.number - 1])
    else:
        await context.answer(_(notices.EXPIRED_BUTTON))


async def show_more(context: Context) -> None:
    """Reply with the next quotes on the same question, which are an exchange of their own."""
    if (found := await claim(context)) is None:
        return
    _data, exchange = found
    services, received = context.services, context.received
    if wait_s := context.take_quota():
        await context.answer(answers.too_fast(services.quota.per_minute, wait_s))
        return
    # The search may have to wait for its turn, the press must not.
    await context.answer()
    conversation = services.answers.conversation
    try:
        answer = await services.answers.inference.run(
            lambda question: conversation.ask_further(question, exchange.scope),
            exchange.question,
            patient=received.recovered,
        )
    except BusyError as error:
        await context.reply_below(Message(str(error)))
        return
    first = exchange.first + len(exchange.quotes)
    # Those of the other side were shown beside the best ones, and need not be among them.
    beside = sum(quote.side is not None for quote in exchange.quotes)
    quotes = [
        quote
        for quote in (answer.quotes + answer.closest)[first - beside :]
        if not any(overlap(shown, quote) for shown in exchange.quotes)
    ]
    if not quotes:
        await context.reply_below(Message(_(notices.NO_MORE_QUOTES)))
        return
    page = services.records.exchanges.add(
        Exchange(
            update_id=received.update_id,
            chat_id=exchange.chat_id,
            user_id=context.asker_id,
            question=exchange.question,
            scope=exchange.scope,
            quotes=in_groups(quotes[:MAX_QUOTES]),
            answered=bool(answer.quotes),
            first=first,
            further=len(quotes) > MAX_QUOTES,
        )
    )
    messages = format_quotes(page.quotes, first + 1, states.heading(answer.state))
    await context.reply_below(
        *with_buttons(messages, keyboards.answer_buttons(page, context.openings.button))
    )


async def ask_example(context: Context) -> None:
    """Answer a question that was offered to try."""
    services, received = context.services, context.received
    data = keyboards.read_data(context.data)
    question = services.records.questions.find(data.exchange_id) if data else None
    if question is None:
        await context.answer(_(notices.EXPIRED_BUTTON))
        return
    last = services.records.exchanges.last(
        context.chat.id, context.asker_id, AGAIN_AFTER_S, topic=context.topic
    )
    if last and last.question == question and last.update_id != received.update_id:
        await context.answer(_(notices.PRESSED_TWICE))
        return
    if wait_s := context.take_quota():
        await context.answer(answers.too_fast(services.quota.per_minute, wait_s))
        return
    await context.answer()
    request = Request.asking(question)
    waiting = services.answers.submit(request, received.recovered, collections=context.collections)
    try:
        reply = await asyncio.shield(waiting)
    except BusyError as error:
        await context.reply_below(Message(str(error)))
        return
    await context.reply_below(*compose(context, [(request, reply)], naming=True))
    if isinstance(reply, AnswerReply):
        services.observer.answered(reply.answer)


async def vote(context: Context) -> None:
    """Record whether the answer helped; a user's last vote counts."""
    if found := await find_exchange(context):
        data, exchange = found
        value, thanks = VOTES[data.action]
        context.services.records.votes.cast(exchange.id, context.asker_id, value)
        await context.answer(_(thanks))


async def handle_reaction(context: Context) -> None:
    """Count a thumb on an answer as a vote, and its removal as taking that back."""
    reaction, services = context.update.message_reaction, context.services
    if reaction is None:
        return
    voter, chat_id = reaction.user or reaction.actor_chat, reaction.chat.id
    exchange = services.records.exchanges.by_message(chat_id, reaction.message_id)
    if voter is None or exchange is None or not services.access.may_ask(voter.id, chat_id):
        return
    if not exchange.answered:
        return
    before, now = thumbs(reaction.old_reaction), thumbs(reaction.new_reaction)
    for value in before - now:
        services.records.votes.retract(exchange.id, voter.id, value)
    for value in now - before:
        services.records.votes.cast(exchange.id, voter.id, value)


def thumbs(reactions: Sequence[ReactionType]) -> set[int]:
    """Return the votes among reactions."""
    emojis = {item.emoji for item in reactions if isinstance(item, ReactionTypeEmoji)}
    return {value for emoji, value in THUMBS.items() if emoji in emojis}


async def find_exchange(context: Context) -> tuple[ButtonData, Exchange] | None:
    """Return the answer that a button belongs to; if it is gone, report that and return None.

    An answer is open to the chat in which it was given only: the data of a button can be forged.
    """
    data = keyboards.read_data(context.data)
    exchange = context.services.records.exchanges.get(data.exchange_id) if data else None
    if data and exchange and exchange.chat_id == context.chat.id:
        return data, exchange
    await context.answer(_(notices.EXPIRED_BUTTON))
    return None


async def claim(context: Context) -> tuple[ButtonData, Exchange] | None:
    """Return the answer of a button at its first press; reject any other, and return None."""
    found = await find_exchange(context)
    if found is None:
        return None
    data, exchange = found
    if not 1 <= data.number <= len(exchange.quotes):
        await context.answer(_(notices.EXPIRED_BUTTON))
        return None
    action = f"{data.action}:{data.number}"
    if not context.services.records.presses.claim(
        context.received.update_id, data.exchange_id, action
    ):
        await context.answer(_(notices.PRESSED_TWICE))
        return None
    return found


def overlap(shown: Quote, quote: Quote) -> bool:
    return shown.document.id == quote.document.id and shown.span.overlaps(quote.span)


BUTTONS: dict[str, Handler] = {
    PAGE: turn_page,
    LANGUAGE: press_language,
    keyboards.CONTEXT: show_context,
    keyboards.MORE: show_more,
    keyboards.SOURCES: show_sources,
    keyboards.CERTIFICATE: show_certificates,
    keyboards.VERIFY: verify_quotes,
    keyboards.UP: vote,
    keyboards.DOWN: vote,
    keyboards.EXAMPLE: ask_example,
    keyboards.KEEP: keep_quote,
    keyboards.CLIPPINGS: listing.turn_page,
    keyboards.DROP: listing.drop,
    keyboards.EXPORT: exporting.export_pressed,
}
"""By what the data of a button begins with, up to a colon."""
