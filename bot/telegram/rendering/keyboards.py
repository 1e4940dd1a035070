"""The buttons under an answer or a greeting, and the data that each of them carries.

The first row leads on from the answer. The votes on it, its certificates, and what keeps its quotes
stand below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, WebAppInfo

from bot.i18n.language import _
from bot.storage.exchanges import Exchange
from bot.telegram.openings import Opening, at_source
from bot.telegram.rendering.message import Message
from bot.texts import answers, clippings, notices
from index.core.answers import Quote

CONTEXT, MORE, SOURCES, UP, DOWN = "context", "more", "sources", "up", "down"
CERTIFICATE, VERIFY = "certificate", "verify"
EXAMPLE = "example"
KEEP, CLIPPINGS, DROP, EXPORT = "keep", "clippings", "drop", "export"
_A_ROW = 3
_DATA = re.compile(r"(?P<action>[a-z]+):(?P<exchange>[A-Za-z0-9_-]{1,12})(?::(?P<number>[0-9]+))?")
_MAX_URL_CHARS = 2000
_URL_CHARACTERS = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class ButtonData:
    """The data of a button: an action on an exchange, and on which of its quotes, from 1.

    An example has the key of its question in place of an exchange.
    """

    action: str
    exchange_id: str
    number: int = 1

    def __str__(self) -> str:
        """Return the data as Telegram sends it back, at most 64 bytes."""
        return f"{self.action}:{self.exchange_id}:{self.number}"


def read_data(text: str) -> ButtonData | None:
    """Return the data of a button, None if it has another form than ours."""
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


def answer_buttons(
    exchange: Exchange, opening: Callable[[Quote, str], Opening | None] = at_source
) -> list[list[InlineKeyboardButton]]:
    """Return the rows of buttons under an answer; none if no quote is shown.

    `opening` tells how a quote of an answer, by its id, is opened. There is no vote without an
    answer: it could be about the silence or about the quote.
    """
    if not exchange.quotes:
        return []
    rows = [[_button(_(notices.CONTEXT_BUTTON), CONTEXT, exchange)]]
    rows[0].append(_source_button(exchange, opening))
    if exchange.further:
        rows[0].append(_button(_(notices.MORE_BUTTON), MORE, exchange))
    certificate = _button(_(notices.CERTIFICATE_BUTTON), CERTIFICATE, exchange)
    if exchange.answered:
        up = _button(_(notices.UP_BUTTON), UP, exchange)
        rows.append([up, _button(_(notices.DOWN_BUTTON), DOWN, exchange), certificate])
    else:
        rows[0].append(certificate)
    return [*rows, *_keep_buttons(exchange)]


def _keep_buttons(exchange: Exchange) -> list[list[InlineKeyboardButton]]:
    """Return the buttons that keep each of the quotes."""
    if exchange.first + len(exchange.quotes) == 1:
        return [[_button(_(clippings.KEEP_BUTTON), KEEP, exchange)]]
    label = _(clippings.NUMBERED_KEEP_BUTTON)
    buttons = [
        _button(label.format(number=exchange.first + number), KEEP, exchange, number)
        for number in range(1, len(exchange.quotes) + 1)
    ]
    return [buttons[at : at + _A_ROW] for at in range(0, len(buttons), _A_ROW)]


def verify_button(exchange: Exchange) -> list[list[InlineKeyboardButton]]:
    """Return the button under certificates, which verifies them all."""
    return [[_button(_(notices.VERIFY_BUTTON), VERIFY, exchange)]]


def context_buttons(exchange: Exchange, shown: int) -> list[list[InlineKeyboardButton]]:
    """Return the buttons under the context of one quote, which lead to that of the others."""
    others = [number for number in range(1, len(exchange.quotes) + 1) if number != shown]
    label = _(notices.NUMBERED_CONTEXT_BUTTON)
    return [
        [
            _button(label.format(number=exchange.first + number), CONTEXT, exchange, number)
            for number in others
        ]
    ]


def example_buttons(questions: Mapping[str, str]) -> list[list[InlineKeyboardButton]]:
    """Return a button for each question, by its key; one in a row, as they are long."""
    return [
        [
            InlineKeyboardButton(
                answers.one_line(question), callback_data=str(ButtonData(EXAMPLE, key))
            )
        ]
        for key, question in questions.items()
    ]


def _button(label: str, action: str, exchange: Exchange, number: int = 1) -> InlineKeyboardButton:
    data = ButtonData(action, exchange.id, number)
    return InlineKeyboardButton(label, callback_data=str(data))


def _source_button(
    exchange: Exchange, opening: Callable[[Quote, str], Opening | None]
) -> InlineKeyboardButton:
    """Return a button that opens the source if it is one with an address, or else lists all."""
    quotes = exchange.quotes
    opened = opening(quotes[0], exchange.id)
    sources = {(quote.document.id, quote.source.metadata.url) for quote in quotes}
    others = sum(len(quote.also) for quote in quotes)
    if opened and is_openable(opened.url) and len(sources) == 1 and not others:
        label = _(notices.OPEN_BUTTON)
        if opened.is_app:
            return InlineKeyboardButton(label, web_app=WebAppInfo(opened.url))
        return InlineKeyboardButton(label, url=opened.url)
    number = len({quote.document.id for quote in quotes}) + others
    return _button(notices.sources_button(number), SOURCES, exchange)


def is_openable(url: str) -> bool:
    """Whether Telegram accepts an address for a button; else it would refuse the whole message."""
    if len(url) > _MAX_URL_CHARS or not _URL_CHARACTERS.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in {"http", "https"} and "." in host.strip(".")
