"""Takes in the documents that users send: files and links."""

from __future__ import annotations

import asyncio
import errno
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce
from pathlib import PurePath
from typing import NamedTuple

from telegram import Document as TelegramDocument
from telegram import Message as TelegramMessage
from telegram import MessageEntity, Update, User
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.conversation.questions import Request
from bot.i18n.language import _
from bot.scheduling.albums import Album
from bot.storage.uploads import Interrupted, Offer, Taken
from bot.telegram.addressing import is_mention, is_own_command, replies_to
from bot.telegram.client.retrying import retry, unless_refused
from bot.telegram.commands import Kind, kind_of
from bot.telegram.context import Context
from bot.telegram.rendering.message import Message, styled
from bot.telegram.sending.delivery import Delivery
from bot.telegram.sending.progress import ProgressMessage
from bot.texts import answers, uploads
from index.core.errors import DocumentError, OnrecordError
from index.sources.names import clean_name, is_url, normalize_url, without_credentials
from index.sources.web import SUFFIX_BY_TYPE

logger = logging.getLogger(__name__)

MAX_BEGUN = 3
MAX_TRIES = 6
# Ten of them fit into one message.
MAX_LINE_CHARS = 250
TOO_BIG = "file is too big"
LINK = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offered:
    """The document that a message brings: a file, a URL, or neither if it uses /add wrongly."""

    file: TelegramDocument | None = None
    url: str | None = None


async def take_in(context: Context, given: Offered) -> bool:
    """Index an offered document, and show the progress in one message that is edited.

    The documents of an album share the message. Return whether it was taken, be it in vain.
    """
    services, chat_id, user_id = context.services, context.chat.id, context.sender_id
    if services.access.is_blocked(user_id, chat_id):
        return False
    if not services.access.may_upload(user_id, chat_id):
        # The message was meant for the bot, so that it replies in a group as well. A private chat
        # has the number of its user.
        text = _(uploads.NO_UPLOADS).format(user_id=chat_id)
        if services.refusals.is_news(chat_id, context.asker_id, uploads.NO_UPLOADS):
            await context.reply(Message(text), quoting=True)
        return False
    if given.file is None and given.url is None:
        await context.reply(Message(_(uploads.ADD_USAGE)), quoting=True)
        return False
    offer, group = offer_of(context, given), context.message.media_group_id
    key = None if group is None or context.message.text else (chat_id, group)
    async with services.albums.gathered(key, (context, offer)) as album:
        if album is not None:
            await take_album(context, album)
    return True


async def take_album(context: Context, album: Album[tuple[Context, Offer]]) -> None:
    """Index documents one after the other, with one message for all.

    If the rest of the album was dealt with before these came, it is gone through again, which is
    quick, and its message is the one.
    """
    services = context.services
    before = parts_before(context)
    first = next((part for part, _offer in before if has_message(part)), context)
    album.parts.extendleft(reversed(before))
    progress = ProgressMessage(services.delivery, first.received.update_id, first.message)
    ends: list[End] = []
    with services.intake.line.place() as place:
        async with services.intake.announcing[context.chat.id]:
            await progress.begin(named(album.parts[0][1].name, _(uploads.UPLOAD_RECEIVED)))
        broken: Exception | None = None
        try:
            while (part := album.next()) is not None:
                try:
                    ends.append(await outcome(*part, place, partial(show, progress, list(ends))))
                except Interrupted:
                    # It stays in the inbox.
                    raise asyncio.CancelledError from None
                except Exception as error:  # noqa: BLE001  # raised when the others are done
                    broken = error
                    ends.append(End(part[1].name, _(uploads.UPLOAD_BROKEN)))
        finally:
            progress.stop()
    await progress.finish(conclusion(ends))
    if broken is not None:
        raise broken


def parts_before(context: Context) -> list[tuple[Context, Offer]]:
    """Return the parts of the album that came before, with or without its being for the bot."""
    services, bot = context.services, context.services.delivery.bot
    found = services.records.inbox.album(context.received, only_finished=True)
    parts = [Context(services, Update.de_json(item.raw, bot), item) for item in found]
    files = [part for part in parts if is_file(part.message)]
    return [(part, offer_of(part, Offered(part.message.document))) for part in files]


def has_message(part: Context) -> bool:
    return part.services.records.outbox.notice(part.received.update_id) is not None


class End(NamedTuple):
    """The outcome of an offer: the name of the document, and what follows it."""

    name: str
    text: str
    hint: str = ""  # what to do with a document that is there
    left_out: str = ""

    @property
    def line(self) -> Message:
        """The outcome as one of several."""
        text = f"{self.text}{self.left_out}"
        if len(text) > MAX_LINE_CHARS:
            text = f"{text[: MAX_LINE_CHARS - 1]}…"
        return named(self.name, text)


def show(progress: ProgressMessage, ends: list[End], name: str, text: str) -> None:
    """Show a step of a document below the outcomes of those before it."""
    progress.show(lines([*(end.line for end in ends), named(name, text)]))


def conclusion(ends: list[End]) -> Message:
    """Return the message about the end of all."""
    if len(ends) == 1:
        (end,) = ends
        return named(end.name, f"{end.text}{end.hint}{end.left_out}")
    hint = [Message(_(uploads.ASK_ABOUT_THEM))] if any(end.hint for end in ends) else []
    return lines([*(end.line for end in ends), *hint])


def lines(parts: list[Message]) -> Message:
    return reduce(lambda before, part: before + "\n" + part, parts)


async def outcome(
    context: Context, offer: Offer, place: asyncio.Event, show: Callable[[str, str], None]
) -> End:
    """Index an offer, and return the end of it; `show` gets its name and each step."""
    intake = context.services.intake
    # Whatever was indexed before it broke off is done.
    if context.received.attempts >= MAX_BEGUN and await intake.give_up(offer.update_id):
        return End(offer.name, _(uploads.UPLOAD_CRASHED))
    count = partial(context.services.records.inbox.count_attempt, offer.update_id)

    def report(text: str) -> None:
        show(offer.name, uploads.upload_progress(text))

    try:
        taken = await intake.take(offer, place, count, report)
    except DocumentError as error:
        return End(error.name, uploads.upload_failed(error.reason))
    except OnrecordError as error:
        return End(offer.name, uploads.upload_failed(str(error)))
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return End(offer.name, uploads.upload_failed(uploads.DISK_FULL))
        raise
    return ending(offer, taken)


def ending(offer: Offer, taken: Taken) -> End:
    """Return the end of an offer that became documents, under its name in the chat."""
    documents = taken.documents
    if not documents:
        return End(offer.name, _(uploads.UPLOAD_GONE))
    is_new_archive = taken.archive and not taken.known
    return End(
        taken.archive or documents[0].path,
        uploads.archive_ready(len(documents))
        if is_new_archive
        else uploads.upload_ready(taken.known),
        f" {uploads.upload_hint(documents[0].id)}",
        f" {uploads.upload_left_out(taken.left_out)}" if taken.left_out else "",
    )


def offer_of(context: Context, given: Offered) -> Offer:
    """Return an offer with its clean name and the way to its content."""
    update_id, chat_id, user_id = context.received.update_id, context.chat.id, context.sender_id
    if given.file is None:
        return Offer(update_id, chat_id, user_id, normalize_url(given.url or ""))
    name = name_of(given.file)
    fetch = partial(download, context.services.delivery, given.file, name)
    return Offer(update_id, chat_id, user_id, name, given.file.file_size or 0, fetch)


def name_of(file: TelegramDocument) -> str:
    """Return a clean name, with an ending by the file's type if it has none of letters."""
    name, kind = clean_name(file.file_name or ""), file.mime_type or ""
    if any(map(str.isalpha, PurePath(name).suffix)):
        return name
    return name + SUFFIX_BY_TYPE.get(kind, ".txt" if kind.startswith("text/") else "")


async def download(delivery: Delivery, file: TelegramDocument, name: str) -> bytes:
    """Return the bytes of a file; `name` is for the error.

    Raises:
        DocumentError: Telegram refuses it, or fails again and again.
    """

    async def fetch() -> bytes:
        found = await delivery.bot.get_file(file.file_id)
        return bytes(await found.download_as_bytearray())

    report = partial(logger.info, "a file was not downloaded (%s), again in %.1f s")
    try:
        return await retry(fetch, delivery.delay_s, report, unless_refused, MAX_TRIES)
    except TelegramError as error:
        is_too_big = TOO_BIG in error.message.lower()
        reason = uploads.TOO_LARGE_FOR_TELEGRAM if is_too_big else uploads.NOT_DELIVERED
        raise DocumentError(name, reason) from error


def named(path: str, rest: str) -> Message:
    """Return a line about a document, whose file name is marked, lest it become a link."""
    shown = answers.name_of(without_credentials(path))
    name = Message(shown) if is_url(path) else styled(shown, MessageEntity.CODE)
    return name + Message(" ".join(rest.splitlines()))


def is_about_documents(context: Context) -> bool:
    return bool(context.message.text) and kind_of(context.command) is Kind.DOCUMENTS


def offered(context: Context) -> Offered | None:
    """Return the document that a message offers the bot; None if it does not mean to.

    In a group a file is meant for the bot if its caption says so, or if it replies to the bot; so
    are then all files of an album.
    """
    message, request, me = context.message, context.request, context.services.me
    if context.command == "check":
        return None
    if is_file(message):
        is_meant = is_for(message, me) or any(is_for(other, me) for other in context.album)
        return Offered(file=message.document) if is_meant else None
    if not message.text or request is None:
        return None
    if request.command == "add":
        replied = message.reply_to_message
        if not request.rest and replied is not None and is_file(replied):
            return Offered(file=replied.document)
        return Offered(url=request.rest) if LINK.fullmatch(request.rest) else Offered()
    return Offered(url=request.text) if LINK.fullmatch(request.text) else None


def is_file(message: TelegramMessage) -> bool:
    """Whether a message is a file; Telegram gives the ones of animations, too."""
    return message.document is not None and message.animation is None


def is_for(message: TelegramMessage, me: User) -> bool:
    if message.chat.type == ChatType.PRIVATE or replies_to(message, me):
        return True
    caption, entities = message.caption or "", message.caption_entities
    if any(is_mention(caption, entity, me) for entity in entities):
        return True
    is_add = Request.read(caption).command == "add"
    has_command = any(entity.type == MessageEntity.BOT_COMMAND for entity in entities)
    return is_add and has_command and is_own_command(caption.split(maxsplit=1)[0], me)
