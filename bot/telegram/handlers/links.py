"""Links: what is done about those by which people come, and how new ones are made."""

from __future__ import annotations

from telegram import Message

from bot.conversation.filters import write_limits
from bot.conversation.replies import Refusal, Reply
from bot.i18n.language import _
from bot.telegram.context import Desk, Turn
from bot.telegram.links import Kind, is_ours
from bot.telegram.rendering.message import Message as Text
from bot.telegram.rendering.replies import format_reply
from bot.texts import answers as wording
from bot.texts import sources as texts
from index.answering.answerer import MAX_QUESTION_CHARS


async def open_link(desk: Desk, turn: Turn, message: Message, payload: str) -> str | None:
    """Do what the link says by which somebody came here; without one, welcome them."""
    if not is_ours(payload):
        return "/start"
    link = desk.links.read(payload.strip())
    if link is None:
        await say(desk, turn, message, Refusal(_(texts.DAMAGED_LINK)))
        return None
    if link.kind is Kind.SOURCE:
        conversation = desk.conversation_of(message.chat.id)
        card = await desk.answers.inference.run(
            conversation.source, link.value, turn.received.recovered
        )
        await say(desk, turn, message, card)
        return None
    if not turn.received.recovered:
        shown = texts.asked_by_link(link.value)
        await desk.delivery.notify(turn.received.update_id, message, shown)
    # A link may ask a question and do nothing else, whatever it begins with.
    return f"/ask {link.value}"


async def make_link(desk: Desk, turn: Turn, message: Message, rest: str) -> None:
    """Send a link that asks a question: a given one, or that of the answer replied to."""
    question = " ".join(rest.split())
    replied = message.reply_to_message
    if not question and replied is not None:
        exchange = desk.exchanges.by_message(message.chat.id, replied.message_id)
        if exchange is None:
            await say(desk, turn, message, Refusal(_(texts.NO_EXCHANGE)))
            return
        question = write_limits(exchange.question, exchange.scope)
    if not question:
        await say(desk, turn, message, Refusal(_(texts.LINK_USAGE)))
    elif len(question) > MAX_QUESTION_CHARS:
        await say(desk, turn, message, Refusal(texts.question_too_long(MAX_QUESTION_CHARS)))
    else:
        shown = wording.isolate(wording.shorten(question, texts.MAX_ECHO_CHARS))
        text = f"{_(texts.LINK)} {shown}\n{desk.links.to_question(question)}"
        await desk.delivery.reply(turn.received.update_id, message, [Text(text)])


async def say(desk: Desk, turn: Turn, message: Message, reply: Reply) -> None:
    """Send a reply."""
    await desk.delivery.reply(turn.received.update_id, message, format_reply(reply))
