"""/remove and /share: the documents of a chat leave it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from telegram import Message as TelegramMessage
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden

from bot.conversation.collections import collection_of
from bot.i18n.language import _
from bot.storage.access import Role
from bot.telegram.context import Desk, Turn
from bot.telegram.handlers.questions import turn_away
from bot.telegram.handlers.uploads import document_line, named, say
from bot.telegram.rendering.message import Message, pack
from bot.texts import uploads as wording
from index.core.documents import Document
from index.core.errors import DocumentError
from index.core.settings import DEFAULT_COLLECTION

ADMINISTRATORS = {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}


async def remove(desk: Desk, turn: Turn, message: TelegramMessage, wanted: str) -> None:
    """List the documents of the chat, or remove the one with a number."""
    if not desk.admits(message):
        await turn_away(desk, turn, message)
        return
    documents = desk.intake.shelves.documents((collection_of(message.chat.id),))
    if not wanted.isdecimal():
        await say(desk, turn, message, *listing(documents, wanted))
        return
    document = find(documents, wanted)
    if document is None and is_admin(desk, message):
        document = find(desk.intake.shelves.documents((DEFAULT_COLLECTION,)), wanted)
    if document is None:
        text = wording.no_such_document(wanted)
        await say(desk, turn, message, Message(text))
    elif not await may_remove(desk, message, document):
        await say(desk, turn, message, document_line(document, _(wording.NOT_YOURS)))
    else:
        await desk.intake.run(partial(desk.intake.remove, document.id))
        end = document_line(document, wording.removed(document.passages))
        await say(desk, turn, message, end)


async def share(desk: Desk, turn: Turn, message: TelegramMessage, wanted: str) -> None:
    """Move a document of the chat to the library."""
    if not is_admin(desk, message):
        await say(desk, turn, message, Message(_(wording.SHARING_IS_FOR_ADMINS)))
        return
    if not wanted.isdecimal():
        await say(desk, turn, message, Message(_(wording.SHARE_USAGE)))
        return
    shelves = desk.intake.shelves
    document = find(shelves.documents((collection_of(message.chat.id),)), wanted)
    if document is None:
        await say(desk, turn, message, Message(wording.no_such_document(wanted)))
        return
    try:
        name = await desk.intake.run(partial(shelves.move, document.id, DEFAULT_COLLECTION))
    except DocumentError as error:
        await say(desk, turn, message, named(error.name, wording.upload_failed(error.reason)))
    else:
        await say(desk, turn, message, document_line(document, wording.shared(name)))


def find(documents: Sequence[Document], wanted: str) -> Document | None:
    """Return the document with a number."""
    return next((found for found in documents if str(found.id) == wanted.lstrip("0")), None)


def listing(documents: Sequence[Document], part: str) -> list[Message]:
    """Return the documents whose names hold `part`, the latest first."""
    found = [item for item in documents if part.casefold() in item.path.casefold()]
    if not found:
        text = wording.no_such_document(part) if documents else _(wording.NOTHING_HERE)
        return [Message(text)]
    found.sort(key=lambda document: -document.id)
    blocks = [
        Message(f"{item.id}  ") + document_line(item, wording.removable(item.passages))
        for item in found[: wording.MAX_REMOVABLE_LISTED]
    ]
    unlisted = len(found) - len(blocks)
    blocks += [Message(wording.more_removable(unlisted))] if unlisted else []
    return pack([*blocks, Message(_(wording.REMOVE_USAGE))])


async def may_remove(desk: Desk, message: TelegramMessage, document: Document) -> bool:
    """Whether who writes sent the document in, or is an administrator of the chat or of the bot."""
    if message.chat.type == ChatType.PRIVATE or is_admin(desk, message):
        return True
    if message.sender_chat is not None:
        return True  # an anonymous administrator
    user_id = message.from_user.id if message.from_user else None
    if user_id is None:
        return False
    if any(upload.user_id == user_id for upload in desk.intake.uploads.of_document(document.id)):
        return True
    try:
        member = await desk.delivery.bot.get_chat_member(message.chat.id, user_id)
    except (BadRequest, Forbidden):
        return False
    return member.status in ADMINISTRATORS


def is_admin(desk: Desk, message: TelegramMessage) -> bool:
    """Whether who writes is an administrator of the bot."""
    user_id = None if message.sender_chat or not message.from_user else message.from_user.id
    return desk.access.role(user_id) >= Role.ADMIN
