"""Documents that users send in: files and links."""

from __future__ import annotations

import asyncio
import errno
import logging
import re
from dataclasses import dataclass
from functools import partial

from telegram import Document as TelegramDocument
from telegram import Message as TelegramMessage
from telegram import MessageEntity, User
from telegram.constants import ChatType

from bot.conversation.conversation import COMMAND
from bot.i18n.language import _
from bot.storage.uploads import Interrupted, Offer, Taken
from bot.telegram.addressing import addressed_text, is_mention, is_person
from bot.telegram.commands import UPLOAD_COMMANDS
from bot.telegram.context import Desk, Turn
from bot.telegram.rendering.message import Message, styled
from bot.telegram.sending.download import download
from bot.telegram.sending.progress import ProgressMessage
from bot.texts import answers as wording
from bot.texts import uploads as upload_wording
from index.core.documents import Document
from index.core.errors import DocumentError, OnrecordError
from index.sources.names import clean_name, is_url, normalize_url, without_credentials

logger = logging.getLogger(__name__)

MAX_BEGUN = 3


async def take_in(desk: Desk, turn: Turn, message: TelegramMessage, given: Offered) -> None:
    """Index what is offered, and tell how far that is, in one message that is edited."""
    user_id = message.from_user.id if message.from_user else None
    if desk.access.is_blocked(user_id, message.chat.id):
        return
    if not desk.access.may_upload(user_id, message.chat.id):
        await turn_uploader_away(desk, turn, message)
        return
    if given.file is None and given.url is None:
        await say(desk, turn, message, Message(_(upload_wording.ADD_USAGE)))
        return
    offer = offer_of(desk, turn, message, given)
    progress = ProgressMessage(desk.delivery, offer.update_id, message)
    with desk.intake.line.place() as place:
        async with desk.intake.announcing[offer.chat_id]:
            await progress.begin(named(offer.name, _(upload_wording.UPLOAD_RECEIVED)))
        try:
            end = await outcome(desk, turn, offer, place, progress)
        except Interrupted:
            # It stays in the inbox.
            raise asyncio.CancelledError from None
        finally:
            progress.stop()
    await progress.finish(end)


async def outcome(
    desk: Desk, turn: Turn, offer: Offer, place: asyncio.Event, progress: ProgressMessage
) -> Message:
    """Return how an offer ends."""
    # Whatever was indexed before it broke off is done.
    if turn.received.attempts >= MAX_BEGUN and desk.intake.give_up(offer.update_id):
        return named(offer.name, _(upload_wording.UPLOAD_CRASHED))
    count = partial(desk.inbox.count_attempt, offer.update_id)

    def tell(text: str) -> None:
        progress.show(named(offer.name, upload_wording.upload_progress(text)))

    try:
        taken = await desk.intake.take(offer, place, count, tell)
    except DocumentError as error:
        return named(error.name, upload_wording.upload_failed(error.reason))
    except OnrecordError as error:
        return named(offer.name, upload_wording.upload_failed(str(error)))
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            await progress.finish(named(offer.name, _(upload_wording.UPLOAD_BROKEN)))
            raise
        return named(offer.name, upload_wording.upload_failed(upload_wording.DISK_FULL))
    except Interrupted:
        raise
    except Exception:
        await progress.finish(named(offer.name, _(upload_wording.UPLOAD_BROKEN)))
        raise
    return ending(offer, taken)


def ending(offer: Offer, taken: Taken) -> Message:
    """Return that a document is ready, under its name in the chat."""
    document = taken.document
    if document is None:
        return named(offer.name, _(upload_wording.UPLOAD_GONE))
    text = upload_wording.upload_ready(document.passages, document.id, taken.known)
    if taken.left_out:
        text += f" {upload_wording.upload_left_out(taken.left_out)}"
    return named(document.path, text)


def offer_of(desk: Desk, turn: Turn, message: TelegramMessage, given: Offered) -> Offer:
    """Return an offer with its clean name and the way to its content."""
    update_id, chat_id = turn.received.update_id, message.chat.id
    user_id = None if message.sender_chat or not message.from_user else message.from_user.id
    if given.file is None:
        return Offer(update_id, chat_id, user_id, normalize_url(given.url or ""))
    name = clean_name(given.file.file_name or "")
    return Offer(
        update_id,
        chat_id,
        user_id,
        name,
        given.file.file_size or 0,
        partial(download, desk.delivery, given.file, name),
    )


def named(path: str, rest: str) -> Message:
    """Return a line about a document; the name of a file is marked, or it may become a link."""
    shown = wording.isolate(wording.shorten(without_credentials(path)))
    name = Message(shown) if is_url(path) else styled(shown, MessageEntity.CODE)
    return name + Message(" ".join(rest.splitlines()))


def document_line(document: Document, rest: str) -> Message:
    """Return a line about a document of the index."""
    return named(document.path, rest)


async def turn_uploader_away(desk: Desk, turn: Turn, message: TelegramMessage) -> None:
    """Tell somebody who may not send documents how to change that.

    The message was meant for the bot, so that this also holds in a group.
    """
    asker = message.from_user.id if message.from_user else message.chat.id
    in_private = message.chat.type == ChatType.PRIVATE
    text = _(upload_wording.NO_UPLOADS).format(user_id=asker if in_private else message.chat.id)
    await say(desk, turn, message, Message(text))


async def say(desk: Desk, turn: Turn, message: TelegramMessage, *lines: Message) -> None:
    """Reply to a message about documents."""
    await desk.delivery.reply(turn.received.update_id, message, lines, quoting=True)


LINK = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a message brings: a file, a URL, or neither where it uses /add wrongly."""

    file: TelegramDocument | None = None
    url: str | None = None


def offered(message: TelegramMessage | None, me: User) -> Offered | None:
    """Return what a person offers the bot by a message; None where it does not mean to.

    In a group a file is meant for the bot if its caption says so, or if it replies to the bot.
    """
    if message is None or not is_person(message):
        return None
    if is_file(message):
        return Offered(file=message.document) if is_for(message, me) else None
    text = (addressed_text(message, me) or "").strip() if message.text else ""
    command = COMMAND.fullmatch(text)
    if command is not None and command["name"].lower() == "add":
        replied = message.reply_to_message
        text = (command["rest"] or "").strip()
        if not text and replied is not None and is_file(replied):
            return Offered(file=replied.document)
    elif not LINK.fullmatch(text):
        return None
    return Offered(url=text) if LINK.fullmatch(text) else Offered()


def upload_command(message: TelegramMessage | None, me: User) -> tuple[str, str] | None:
    """Return the name of a command about uploads and what follows it; None for any other text."""
    if message is None or not message.text or not is_person(message):
        return None
    command = COMMAND.fullmatch((addressed_text(message, me) or "").strip())
    if command is None or command["name"].lower() not in UPLOAD_COMMANDS:
        return None
    return command["name"].lower(), (command["rest"] or "").strip()


def is_file(message: TelegramMessage) -> bool:
    """Whether a message is a file; Telegram gives the ones of animations, too."""
    return message.document is not None and message.animation is None


def is_for(message: TelegramMessage, me: User) -> bool:
    """Whether a file is meant for the bot."""
    if message.chat.type == ChatType.PRIVATE:
        return True
    caption = message.caption or ""
    if any(is_mention(caption, entity, me) for entity in message.caption_entities):
        return True
    command = COMMAND.fullmatch(caption.strip())
    at = MessageEntity.BOT_COMMAND in {entity.type for entity in message.caption_entities}
    if command is not None and at and names_add(caption, me):
        return True
    replied = message.reply_to_message
    return replied is not None and replied.from_user is not None and replied.from_user.id == me.id


def names_add(caption: str, me: User) -> bool:
    """Whether a caption is /add, of this bot or of no bot in particular."""
    name, _, username = caption.split(maxsplit=1)[0].removeprefix("/").partition("@")
    mine = (me.username or "").casefold()
    return name.lower() == "add" and username.casefold() in {"", mine}
