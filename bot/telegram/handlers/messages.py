"""Messages about documents, told apart from questions."""

from __future__ import annotations

from functools import partial

from bot.telegram.context import Desk, Turn
from bot.telegram.handlers.documents import remove, share
from bot.telegram.handlers.questions import handle_message
from bot.telegram.handlers.uploads import take_in
from bot.telegram.offers import offered, upload_command


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
