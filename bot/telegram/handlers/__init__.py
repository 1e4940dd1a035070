"""The handlers of updates: a plain function for each kind, entered in one table.

A handler replies once, by its context, and may raise: the update is then put aside.
"""

from __future__ import annotations

from telegram import Update

from bot.telegram.context import Handler
from bot.telegram.handlers.buttons import handle_press, handle_reaction
from bot.telegram.handlers.chats import handle_membership
from bot.telegram.handlers.inline import answer_inline, count_chosen
from bot.telegram.handlers.messages import handle_edit, handle_message

HANDLERS: dict[str, Handler] = {
    Update.CALLBACK_QUERY: handle_press,
    Update.EDITED_MESSAGE: handle_edit,
    Update.INLINE_QUERY: answer_inline,
    Update.CHOSEN_INLINE_RESULT: count_chosen,
    Update.MY_CHAT_MEMBER: handle_membership,
    Update.MESSAGE_REACTION: handle_reaction,
    Update.MESSAGE: handle_message,
}
"""By kind of update; Telegram is asked for no others."""
