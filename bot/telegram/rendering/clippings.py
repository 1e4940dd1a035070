"""Clippings on Telegram: a page of them in one message, with what can be done below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.conversation.clippings import Recalled
from bot.exports.formats import FORMATS
from bot.i18n.language import _
from bot.telegram.rendering.keyboards import CLIPPINGS, DROP, EXPORT, ButtonData
from bot.telegram.rendering.message import Message, pack
from bot.telegram.rendering.replies import check_verbatim, format_quote
from bot.texts import clippings, sources
from index.core.answers import Quote

PAGE_SIZE = 5
_A_ROW = 3


def format_clippings(
    shown: Sequence[Recalled], skipped: int, total: int, address: str | None = None
) -> Message:
    """Return the clippings after the first `skipped` of `total`, the last kept first.

    `address` is where the web has them.

    Raises:
        VerbatimError: a quote would not appear as it was kept: a bug.
    """
    if not shown:
        return Message(_(clippings.NONE_KEPT))
    heading = clippings.heading(skipped + 1, len(shown), total)
    hidden: set[str] = set()
    # One message is all that a button can change.
    while len(messages := pack([Message(heading), *_blocks(shown, skipped, hidden)])) > 1:
        longest = max(
            (one for one in shown if one.quote and one.id not in hidden), key=_units, default=None
        )
        if longest is None:
            break
        hidden.add(longest.id)
    check_verbatim(messages[:1], [quote for one in shown if (quote := _shown(one, hidden))])
    rows = [*_buttons(shown, skipped, total)]
    if address is not None:
        rows.append([InlineKeyboardButton(_(clippings.OPEN_BUTTON), url=address)])
    return replace(messages[0], keyboard=InlineKeyboardMarkup(rows))


def export_buttons() -> list[list[InlineKeyboardButton]]:
    """Return a button for each format."""
    buttons = [
        InlineKeyboardButton(one.label, callback_data=str(ButtonData(EXPORT, one.suffix)))
        for one in FORMATS.values()
    ]
    return [buttons[:_A_ROW], buttons[_A_ROW:]]


def _blocks(shown: Sequence[Recalled], skipped: int, hidden: set[str]) -> Iterator[Message]:
    for number, one in enumerate(shown, skipped + 1):
        label = f"[{number}] "
        if one.quote is None:
            yield Message(label + clippings.gone(one))
        elif (quote := _shown(one, hidden)) is not None:
            yield from format_quote(quote, clippings.line(one, quote, label))
        else:
            line = clippings.line(one, one.quote, label)
            yield Message(f"{line}\n{_(clippings.TOO_LONG)}")


def _shown(one: Recalled, hidden: set[str]) -> Quote | None:
    return None if one.id in hidden else one.quote


def _units(one: Recalled) -> int:
    return len(one.quote.text) if one.quote else 0


def _buttons(
    shown: Sequence[Recalled], skipped: int, total: int
) -> Iterator[list[InlineKeyboardButton]]:
    turns = []
    if skipped:
        turns.append((sources.NEWER, max(0, skipped - PAGE_SIZE)))
    if skipped + len(shown) < total:
        turns.append((sources.OLDER, skipped + len(shown)))
    if turns:
        yield [
            InlineKeyboardButton(_(label), callback_data=str(ButtonData(CLIPPINGS, "page", at)))
            for label, at in turns
        ]
    label = _(clippings.NUMBERED_REMOVE_BUTTON)
    removing = [
        InlineKeyboardButton(
            label.format(number=number),
            callback_data=str(ButtonData(DROP, one.certificate.id, skipped)),
        )
        for number, one in enumerate(shown, skipped + 1)
    ]
    yield from (removing[at : at + _A_ROW] for at in range(0, len(removing), _A_ROW))
    yield from export_buttons()
