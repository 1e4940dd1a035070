"""Opens links to the bot, and makes new ones."""

from __future__ import annotations

from bot.conversation.filters import write_limits
from bot.conversation.questions import Request
from bot.i18n.language import _
from bot.telegram.context import Context
from bot.telegram.handlers.questions import answer_questions
from bot.telegram.links import Kind, is_ours
from bot.telegram.rendering.replies import format_reply
from bot.texts import answers, sources
from index.answering.answerer import MAX_QUESTION_CHARS


async def open_link(context: Context) -> None:
    """Do what a link asks; welcome somebody who came without one.

    Raises:
        BusyError: too many questions are waiting.
    """
    services, payload = context.services, context.rest
    if not is_ours(payload):
        await answer_questions(context, [Request("/start", "start", "")])
        return
    link = services.records.links.read(payload)
    if link is None:
        await context.refuse(_(sources.DAMAGED_LINK))
    elif link.kind is Kind.SOURCE:
        find, recovered = context.conversation.source, context.received.recovered
        card = await services.answers.inference.run(find, link.value, recovered)
        await context.reply(*format_reply(card))
    else:
        if not context.received.recovered:
            await context.notify(sources.asked_by_link(link.value))
        # A link may ask a question and do nothing else, whatever it begins with.
        await answer_questions(context, [Request.asking(link.value)])


async def make_link(context: Context) -> None:
    """Send a link that asks a question: a given one, or that of the answer replied to."""
    records, replied = context.services.records, context.message.reply_to_message
    question = " ".join(context.rest.split())
    if not question and replied is not None:
        exchange = records.exchanges.by_message(context.chat.id, replied.message_id)
        if exchange is None:
            await context.refuse(_(sources.NO_EXCHANGE))
            return
        question = write_limits(exchange.question, exchange.scope)
    if not question:
        await context.refuse(_(sources.LINK_USAGE))
    elif len(question) > MAX_QUESTION_CHARS:
        await context.refuse(sources.question_too_long(MAX_QUESTION_CHARS))
    else:
        shown = answers.isolate(answers.shorten(question, sources.MAX_ECHO_CHARS))
        await context.say(f"{_(sources.LINK)} {shown}\n{records.links.to_question(question)}")
