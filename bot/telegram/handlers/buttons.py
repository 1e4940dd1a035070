"""Pressed buttons: each is answered, whatever becomes of it, or it would seem to hang."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.i18n.language import _
from bot.telegram.context import Desk, Turn
from bot.telegram.handlers import answer_buttons
from bot.telegram.handlers.language import LANGUAGE, press_language
from bot.telegram.handlers.sources import turn_page
from bot.telegram.press import Press
from bot.telegram.rendering import keyboards
from bot.telegram.rendering.sources import PAGE
from bot.texts import buttons as button_wording

BUTTONS: dict[str, Callable[[Desk, Press], Awaitable[None]]] = {
    PAGE: turn_page,
    LANGUAGE: press_language,
    keyboards.CONTEXT: answer_buttons.show_context,
    keyboards.MORE: answer_buttons.show_more,
    keyboards.SOURCES: answer_buttons.show_sources,
    keyboards.UP: answer_buttons.vote_up,
    keyboards.DOWN: answer_buttons.vote_down,
}
"""By what the data of a button begins with, up to a colon."""


async def handle_callback(desk: Desk, turn: Turn) -> None:
    """Do what a button says, for those who may ask."""
    query = turn.update.callback_query
    if query is None or query.message is None:
        return
    press = Press(query, query.message, turn.received)
    button = BUTTONS.get(press.data.partition(":")[0])
    try:
        if not desk.may_ask(press.user_id, press.chat_id):
            await press.answer(_(button_wording.STRANGER_PRESSED))
        elif button is None:
            await press.answer(_(button_wording.EXPIRED_BUTTON))
        else:
            await button(desk, press)
    finally:
        await press.answer()
