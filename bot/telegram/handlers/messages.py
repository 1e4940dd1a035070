"""Messages about documents, told apart from questions."""

from __future__ import annotations

import time
from functools import partial

from bot.storage.updates import Json, Received
from bot.telegram.addressing import is_person
from bot.telegram.context import Desk, Turn
from bot.telegram.handlers.commands import is_chat_command
from bot.telegram.handlers.documents import remove, share
from bot.telegram.handlers.questions import answer_text, asked_text, handle_message
from bot.telegram.handlers.uploads import offered, take_in, upload_command


async def handle_document_or_message(desk: Desk, turn: Turn) -> None:
    """Take in what is offered, obey a command about it, or answer any other message."""
    message = turn.update.message
    if message is None:
        return
    if message.migrate_to_chat_id is not None:
        move = partial(desk.intake.migrate, message.chat.id, message.migrate_to_chat_id)
        await desk.intake.run(move)
    if desk.chats.is_quiet(message.chat.id):
        await handle_message(desk, turn)
        return
    given = offered(message, desk.me)
    command = upload_command(message, desk.me)
    if given is not None:
        await take_in(desk, turn, message, given)
    elif command is None:
        await handle_message(desk, turn)
    elif command[0] == "share":
        await share(desk, turn, message, command[1])
    else:
        await remove(desk, turn, message, command[1])


# Telegram lets people edit their messages for two days, and administrators for longer.
MAX_AGE_S = 48 * 3600.0


async def handle_edit(desk: Desk, turn: Turn) -> None:
    """Answer what an edited message asks now, where the earlier answer stands."""
    message = turn.update.edited_message
    if message is None or not is_person(message) or not desk.admits(message):
        return
    text = asked_text(message, desk.me)
    # What a command changed stays as it is.
    if text is None or is_chat_command(text) or desk.chats.is_quiet(message.chat.id):
        return
    if message.date.timestamp() < time.time() - MAX_AGE_S:
        return
    before = desk.inbox.version_before(turn.received)
    # Telegram also tells of a new link preview, a reaction or a pin as of an edit.
    if before is not None and words_of(before) == words_of(turn.received):
        return
    replacing = desk.delivery.outbox.update_answered(message.chat.id, message.message_id)
    await answer_text(desk, turn, message, text, replacing)


def words_of(received: Received) -> str | None:
    """Return the text or the caption of a message."""
    body: Json = received.raw[received.kind]
    words: str | None = body.get("text", body.get("caption"))
    return words
