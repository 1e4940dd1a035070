"""Routes each message to the documents, to a command, to the conversation, or to nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence

from telegram import Message
from telegram.ext import filters

from bot.conversation.conversation import unknown_command
from bot.conversation.pastes import is_paste, last_question
from bot.conversation.questions import Request, split_questions
from bot.errors import BusyError
from bot.i18n.language import _
from bot.monitoring.metrics import RefusalReason
from bot.scheduling.quota import BURST_S
from bot.storage.updates import Json, Received
from bot.telegram.addressing import is_person, replies_to, request_of
from bot.telegram.commands import COMMANDS, PUBLIC_COMMANDS, Kind, commands_for, kind_of
from bot.telegram.context import Context, Handler
from bot.telegram.handlers import access, chats
from bot.telegram.handlers.clippings.exporting import show_clippings
from bot.telegram.handlers.documents import remove, share
from bot.telegram.handlers.drafts import check_draft, draft_of
from bot.telegram.handlers.halves import is_continued, whole
from bot.telegram.handlers.language import change_language
from bot.telegram.handlers.links import make_link, open_link
from bot.telegram.handlers.questions import answer_questions, turn_away
from bot.telegram.handlers.small_talk import reply_to_small_talk
from bot.telegram.handlers.sources import list_sources
from bot.telegram.handlers.uploads import MAX_BEGUN, is_about_documents, offered, take_in
from bot.texts import answers, notices
from index.answering.answerer import MAX_QUESTION_CHARS

ATTACHMENTS = ~filters.TEXT & ~filters.StatusUpdate.ALL
# They say as little as a nod, which needs no reply in a group.
NODS = filters.Sticker.ALL | filters.ANIMATION | filters.Dice.ALL
MAX_FORWARDED_QUESTION_CHARS = 300
# Telegram lets people edit their messages for two days, and administrators for longer.
MAX_AGE_S = 48 * 3600.0


async def handle_message(context: Context) -> None:
    """Do what a person asks by a new message; stay silent if it is not meant for the bot."""
    message = context.message
    if message.migrate_to_chat_id is not None:
        await chats.follow_migration(context, message.migrate_to_chat_id)
    if not is_person(message):
        return
    is_quiet = context.services.records.chats.is_quiet(context.chat.id)
    if not is_quiet and (offer := offered(context)) is not None:
        if await take_in(context, offer):
            await answer_caption(context)
    elif not is_quiet and is_about_documents(context):
        await RUN[context.command](context)
    elif not is_quiet and is_mere_post(context):
        await remark(context, notices.FORWARDED)
    elif context.request is not None:
        await obey(context, context.request)
    elif not is_quiet and is_attachment_for_bot(context):
        await remark(context, remark_on(message))


async def handle_edit(context: Context) -> None:
    """Answer what an edited message asks now, in place of the earlier answer."""
    message, request, records = context.message, context.request, context.services.records
    if not is_person(message) or not context.may_ask or request is None:
        return
    # What a command changed stays as it is.
    if kind_of(request.command).is_about_chat or records.chats.is_quiet(context.chat.id):
        return
    if message.date.timestamp() < time.time() - MAX_AGE_S:
        return
    before = records.inbox.version_before(context.received)
    # Telegram also reports a new link preview, a reaction or a pin as an edit.
    if before is None or words_of(before) != words_of(context.received):
        await answer(context, request)


async def obey(context: Context, request: Request) -> None:
    """Carry out a command about the chat, or answer what is asked, for those who may."""
    if await stays_quiet(context, request) or await is_continued(context):
        return
    request = whole(context, request)
    kind = kind_of(request.command)
    if kind.is_about_chat and context.role >= COMMANDS[request.command].role:
        await run_about_chat(context, kind)
    elif kind.is_about_chat and not context.is_private:
        # In private it is as unknown as any other; a group need not hear of it.
        return
    elif context.may_ask:
        await answer(context, request)
    else:
        await turn_away(context)


async def run_about_chat(context: Context, kind: Kind) -> None:
    """Run a command about the chat; a personal one counts as a question."""
    if kind is Kind.PERSONAL:
        if not context.is_private and not context.may_ask:
            return
        if wait_s := context.take_quota():
            too_fast = answers.too_fast(context.services.quota.per_minute, wait_s)
            await context.refuse_once(RefusalReason.QUOTA, too_fast, wait_s)
            return
    await RUN[context.command](context)


async def answer(context: Context, request: Request) -> None:
    """Answer a command or the questions of a message, or explain why not now."""
    services = context.services
    kind = context.small_talk
    if kind is not None and (context.is_private or not request.command):
        if not context.received.crowded:
            await reply_to_small_talk(context, kind)
        return
    if context.received.crowded:
        crowded = answers.crowded(services.settings.waiting_per_user)
        await turn_down(context, RefusalReason.BUSY, crowded)
        return
    if request.is_question and (kind is not None or not request.rest):
        name = f"/{request.command}" if request.command else f"@{services.me.username}"
        await turn_down(context, RefusalReason.INVALID, notices.no_question(name))
        return
    if request.command and request.command not in PUBLIC_COMMANDS:
        known = commands_for(context.role)
        await context.refuse_once("command", unknown_command(request.command, known).text)
        return
    note = ""
    if is_paste(request) and (last := last_question(request.rest)):
        request, note = Request.asking(last), _(notices.ASKED_LAST)
    elif request.is_question and len(request.rest) > MAX_QUESTION_CHARS and is_paste(request):
        await turn_down(context, RefusalReason.INVALID, _(notices.LONG_TEXT))
        return
    asked = split_questions(request)
    questions, wait_s = admit(context, asked.requests)
    if not questions:
        too_fast = answers.too_fast(services.quota.per_minute, wait_s)
        await turn_down(context, RefusalReason.QUOTA, too_fast, wait_s)
        return
    try:
        if (draft := draft_of(context)) is not None:
            await check_draft(context, draft)
        elif request.command in RUN:
            await RUN[request.command](context)
        else:
            left_out = len(asked.requests) + asked.left_out - len(questions)
            await answer_questions(context, questions, left_out, wait_s, note)
    except BusyError as error:
        await turn_down(context, RefusalReason.BUSY, str(error))


def admit(context: Context, requests: Sequence[Request]) -> tuple[Sequence[Request], float]:
    """Return the requests within the quota, and how long those after them must wait."""
    for number in range(len(requests)):
        if wait_s := context.take_quota():
            return requests[:number], wait_s
    return requests, 0.0


async def show_help(context: Context) -> None:
    """Explain how to ask, and list what the sender may use."""
    await context.say(answers.help_text(commands_for(context.role)))


async def turn_down(
    context: Context, reason: RefusalReason, text: str, for_s: float = BURST_S
) -> None:
    """Refuse a question and count it; as this may come out of order, it points to the message.

    The refusal holds for some seconds, in which it is not repeated.
    """
    await context.refuse_once(reason, text, for_s, quoting=True)
    context.services.observer.refused(reason)


async def stays_quiet(context: Context, request: Request) -> bool:
    """Whether the bot is to be quiet about a request.

    In a quiet chat all but /start is met with silence, and in private all but that and commands
    about the chat.
    """
    quiet = context.services.records.chats
    if not quiet.is_quiet(context.chat.id):
        return False
    if request.command == "start" and await chats.may_hush(context):
        quiet.wake(context.chat.id)
        return False
    return not context.is_private or not kind_of(request.command).is_about_chat


async def answer_caption(context: Context) -> None:
    """Answer what the caption of a document asks, now that the document is there."""
    request = context.request
    is_caption = request is not None and request.is_question and context.message.text is None
    if request is None or not is_caption or context.received.attempts >= MAX_BEGUN:
        return
    await obey(context, request)


async def remark(context: Context, line: str) -> None:
    """Say once why there is nothing to answer."""
    if context.may_ask:
        await context.refuse_once(line, _(line))
    else:
        await turn_away(context)


def is_mere_post(context: Context) -> bool:
    """Whether a message was forwarded to the bot in private, and is no question."""
    message = context.message
    words = message.text or message.caption
    if message.forward_origin is None or not words or not context.is_private:
        return False
    return len(words) > MAX_FORWARDED_QUESTION_CHARS or not Request.read(words).is_asking


def is_attachment_for_bot(context: Context) -> bool:
    """Whether a message is an attachment to remark on; of an album it is the first alone."""
    message, me, album = context.message, context.services.me, context.album
    if not ATTACHMENTS.check_update(context.update):
        return False
    if not context.is_private and (
        not replies_to(message, me) or NODS.check_update(context.update)
    ):
        return False
    is_first = not album or album[0].message_id == message.message_id
    return is_first and not any(request_of(other, me) for other in album)


def remark_on(message: Message) -> str:
    kinds = (line for kind, line in notices.ATTACHMENTS.items() if getattr(message, kind))
    return next(kinds, notices.UNKNOWN_ATTACHMENT)


def words_of(received: Received) -> str | None:
    body: Json = received.raw[received.kind]
    words: str | None = body.get("text", body.get("caption"))
    return words


RUN: dict[str, Handler] = {
    "start": open_link,
    "help": show_help,
    "sources": list_sources,
    "link": make_link,
    "clippings": show_clippings,
    "language": change_language,
    "privacy": chats.privacy,
    "forget": chats.forget,
    "stop": chats.stop,
    "remove": remove,
    "share": share,
    "allow": access.change_rights,
    "disallow": access.change_rights,
    "block": access.change_rights,
    "unblock": access.change_rights,
    "admins": access.admins,
    "audit": access.show_audit,
}
"""The commands that take more than a reply of the conversation."""
