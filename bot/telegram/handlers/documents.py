"""/remove and /share: deletes documents of a chat, or moves them to the library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from telegram.error import BadRequest, Forbidden

from bot.conversation.conversation import collection_of
from bot.i18n.language import _
from bot.storage.access import Role
from bot.telegram.context import Context
from bot.telegram.handlers.questions import turn_away
from bot.telegram.handlers.uploads import named
from bot.telegram.rendering.message import Message, pack
from bot.texts import uploads
from bot.texts.answers import published
from index.core.documents import Document
from index.core.errors import DocumentError
from index.core.settings import DEFAULT_COLLECTION
from index.sources.archives import archive_of


async def remove(context: Context) -> None:
    """List the documents of the chat, or remove the one with a number."""
    if not context.may_ask:
        await turn_away(context)
        return
    wanted, intake = context.rest, context.services.intake
    documents = documents_in(context, collection_of(context.chat.id))
    if not wanted.isdecimal():
        await context.reply(*list_documents(documents, wanted), quoting=True)
        return
    document = find(documents, wanted)
    if document is None and context.role >= Role.ADMIN:
        document = find(documents_in(context, DEFAULT_COLLECTION), wanted)
    if document is None:
        end = Message(uploads.no_such_document(wanted))
    elif not await may_remove(context, document):
        end = named(document.path, _(uploads.NOT_YOURS))
    else:
        name, count = await intake.run(partial(intake.remove, document.id))
        end = named(name, uploads.removed(count))
    await context.reply(end, quoting=True)


async def share(context: Context) -> None:
    """Move a document of the chat to the library."""
    await context.reply(await shared(context, context.rest), quoting=True)


async def shared(context: Context, wanted: str) -> Message:
    """Move a document if the sender may, and return the message about it."""
    if context.role < Role.ADMIN:
        return Message(_(uploads.SHARING_IS_FOR_ADMINS))
    if not wanted.isdecimal():
        return Message(_(uploads.SHARE_USAGE))
    documents = documents_in(context, collection_of(context.chat.id))
    document = find(documents, wanted)
    if document is None:
        return Message(uploads.no_such_document(wanted))
    intake, archive = context.services.intake, archive_of(document.path)
    shared_too = [one for one in documents if archive and archive_of(one.path) == archive]
    try:
        for one in shared_too or [document]:
            move = partial(intake.library.move, one.id, DEFAULT_COLLECTION)
            name = await intake.run(move)
    except DocumentError as error:
        return named(error.name, uploads.upload_failed(error.reason))
    return named(archive or document.path, uploads.shared(archive or name))


def documents_in(context: Context, collection: str) -> Sequence[Document]:
    return context.services.intake.library.documents((collection,))


def find(documents: Sequence[Document], wanted: str) -> Document | None:
    return next((found for found in documents if str(found.id) == wanted.lstrip("0")), None)


def list_documents(documents: Sequence[Document], part: str) -> list[Message]:
    """Return the documents and archives whose names hold `part`, the latest first."""
    found = [item for item in documents if part.casefold() in item.path.casefold()]
    if not found:
        text = uploads.no_such_document(part) if documents else _(uploads.NOTHING_HERE)
        return [Message(text)]
    found.sort(key=lambda document: -document.id)
    counts = Counter(archive_of(item.path) for item in documents)
    # Of an archive that goes as a whole, the latest document stands for all.
    shown = {archive_of(item.path) or item.path: item for item in reversed(found)}
    lines = [
        Message(f"{item.id}  ")
        + named(
            name,
            uploads.documents_in_it(counts[name]) if name in counts else published(item),
        )
        for name, item in reversed(shown.items())
    ]
    blocks = lines[: uploads.MAX_REMOVABLE_LISTED]
    unlisted = len(lines) - len(blocks)
    blocks += [Message(uploads.more_removable(unlisted))] if unlisted else []
    return pack([*blocks, Message(_(uploads.REMOVE_USAGE))])


async def may_remove(context: Context, document: Document) -> bool:
    """Whether the sender sent the document in, or is an administrator of the chat or the bot."""
    sent = context.services.intake.uploads.of_document(document.id)
    user_id = context.sender_id
    if context.role >= Role.ADMIN or user_id in {upload.user_id for upload in sent}:
        return True
    try:
        return await context.is_chat_admin()
    except (BadRequest, Forbidden):
        return False
