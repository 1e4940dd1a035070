"""The buttons under an answer, and what each of them carries.

At most three that bring something, all verbs, and below them the two votes: a row of its own keeps
what is about the answer apart from what leads on from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.i18n.language import _
from bot.storage.exchanges import Exchange
from bot.telegram.rendering.message import Message
from bot.texts import buttons as button_wording
from index.core.answers import Quote

CONTEXT, MORE, SOURCES, UP, DOWN = "context", "more", "sources", "up", "down"
_DATA = re.compile(r"(?P<action>[a-z]+):(?P<exchange>[A-Za-z0-9_-]{1,12})(?::(?P<number>[0-9]+))?")
_MAX_URL_CHARS = 2000
_URL_CHARACTERS = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class ButtonData:
    """What a button carries: an action on an exchange, and on which of its quotes, from 1."""

    action: str
    exchange_id: str
    number: int = 1

    def __str__(self) -> str:
        """Return it as Telegram sends it back, at most 64 bytes."""
        return f"{self.action}:{self.exchange_id}:{self.number}"


def read_data(text: str) -> ButtonData | None:
    """Return what a button carries, None for what none of ours does."""
    match = _DATA.fullmatch(text)
    if match is None:
        return None
    return ButtonData(match["action"], match["exchange"], int(match["number"] or 1))


def with_buttons(
    messages: Sequence[Message], rows: Sequence[Sequence[InlineKeyboardButton]]
) -> list[Message]:
    """Return the messages, the last one with a keyboard unless that is empty."""
    filled = [row for row in rows if row]
    if not filled:
        return list(messages)
    keyboard = InlineKeyboardMarkup(filled)
    return [*messages[:-1], replace(messages[-1], keyboard=keyboard)]


def answer_buttons(exchange: Exchange) -> list[list[InlineKeyboardButton]]:
    """Return the rows of buttons under an answer; none where no quote is shown.

    What has not been answered is not voted on: a vote could be about the silence or the quote.
    """
    if not exchange.quotes:
        return []
    rows = [
        [_button(_(button_wording.CONTEXT_BUTTON), CONTEXT, exchange), _source_button(exchange)]
    ]
    if exchange.further:
        rows[0].append(_button(_(button_wording.MORE_BUTTON), MORE, exchange))
    if exchange.answered:
        up = _button(_(button_wording.UP_BUTTON), UP, exchange)
        rows.append([up, _button(_(button_wording.DOWN_BUTTON), DOWN, exchange)])
    return rows


def context_buttons(exchange: Exchange, shown: int) -> list[list[InlineKeyboardButton]]:
    """Return the buttons under the context of one quote: those of the others."""
    others = [number for number in range(1, len(exchange.quotes) + 1) if number != shown]
    labels = [button_wording.context_button(exchange.first + number) for number in others]
    pairs = zip(labels, others, strict=True)
    return [[_button(label, CONTEXT, exchange, number) for label, number in pairs]]


def _button(label: str, action: str, exchange: Exchange, number: int = 1) -> InlineKeyboardButton:
    data = ButtonData(action, exchange.id, number)
    return InlineKeyboardButton(label, callback_data=str(data))


def _source_button(exchange: Exchange) -> InlineKeyboardButton:
    """Opens the source where there is one address; else lists what there is of the sources."""
    urls = {quote.source.metadata.url for quote in exchange.quotes}
    (url,) = urls if len(urls) == 1 else (None,)
    has_others = any(quote.also for quote in exchange.quotes)
    if url is not None and is_openable(url) and not has_others:
        return InlineKeyboardButton(_(button_wording.OPEN_BUTTON), url=url)
    label = button_wording.sources_button(_count_sources(exchange.quotes))
    return _button(label, SOURCES, exchange)


def _count_sources(quotes: Sequence[Quote]) -> int:
    return len({quote.document.id for quote in quotes}) + sum(len(quote.also) for quote in quotes)


def is_openable(url: str) -> bool:
    """Whether Telegram takes an address for a button; it refuses a message over one it does not."""
    if len(url) > _MAX_URL_CHARS or not _URL_CHARACTERS.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in {"http", "https"} and "." in host.strip(".")
