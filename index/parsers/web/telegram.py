"""Chats exported from Telegram Desktop as HTML, its default: every message is a source."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from typing import Any

from index.core.documents import Metadata, Parsed
from index.core.ellipsis import shorten_honestly
from index.parsers.toolkit.builder import TextBuilder, clean, one_line

Element = Any  # lxml has no types

_TIME = re.compile(r"(\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}(?::\d{2})?)")
_MAX_REPLY_CHARS = 80
_MESSAGES = "//div[contains(concat(' ', @class, ' '), ' message ')]"


def is_chat(tree: Element) -> bool:
    """Whether a page is an export of a chat."""
    return bool(tree.xpath("//div[contains(@class, 'chat_page')]//div[@class='history']"))


def parse_chat(tree: Element, others: Callable[[str], Element | None]) -> Parsed:
    """Return the messages of the page with writer, day and time; service messages are left out.

    `others` returns another page of the export, if there is one of this name.
    """
    title = one_line(_text(tree, "//div[contains(@class, 'page_header')]//*[@class='text bold']"))
    builder = TextBuilder()
    writer: str | None = None
    texts: dict[str, str] = {}
    elsewhere = cache(partial(_lines_by_id, others))
    for message in tree.xpath(_MESSAGES):
        classes = message.get("class", "").split()
        if "service" in classes:
            continue
        if "joined" not in classes:
            writer = one_line(_text(message, "./div[@class='body']/div[@class='from_name']"))
        forwarded = message.xpath("./div[@class='body']/div[contains(@class, 'forwarded')]")
        body = forwarded[0] if forwarded else message
        source = _text(body, "./div[@class='from_name']") if forwarded else ""
        lines = _lines(body)
        texts[message.get("id", "")] = " ".join(lines)
        if not lines:
            continue
        sent = _time(message)
        speaker = one_line(_TIME.split(source)[0]) or writer
        builder.start_entry(
            published=sent.date() if sent else None,
            at=sent.time() if sent else None,
            speaker=speaker,
        )
        if speaker != writer:
            builder.add_unquoted(f"forwarded by {writer}")
        for link in message.xpath(".//div[contains(@class, 'reply_to')]//a/@href"):
            page, _, key = link.rpartition("#go_to_")
            answered = texts.get(key) or (page and elsewhere(page).get(key))
            if answered:
                builder.add_unquoted(f"in reply to: {_opening(answered)}")
        for line in lines:
            builder.add_paragraph(line)
    return builder.build(Metadata(title=title).read_in("chat export"))


def _lines_by_id(others: Callable[[str], Element | None], page: str) -> dict[str, str]:
    """The texts of the messages of another page by their ids."""
    tree = others(page)
    found = () if tree is None else tree.xpath(_MESSAGES)
    return {one.get("id", ""): " ".join(_lines(one)) for one in found}


def _lines(message: Element) -> list[str]:
    """The lines of a message; of a poll the question and each option with its votes."""
    lines: list[str] = []
    for text in message.xpath(".//div[@class='text']"):
        for line_break in text.xpath(".//br"):
            line_break.tail = f"\n{line_break.tail or ''}"
        lines += clean(text.text_content()).split("\n")
    for poll in message.xpath(".//div[contains(@class, 'media_poll')]"):
        for part in poll.xpath("./div[contains(@class, 'question') or contains(@class, 'answer')]"):
            line = one_line(part.text_content()) or ""
            lines.append(line.removeprefix("- "))
    return list(dict.fromkeys(filter(None, lines)))


def _opening(text: str) -> str:
    return shorten_honestly(text, _MAX_REPLY_CHARS) or text


def _text(element: Element, path: str) -> str:
    return next((str(one.text_content()) for one in element.xpath(path)), "")


def _time(message: Element) -> datetime | None:
    for title in message.xpath(".//div[contains(@class, 'date')]/@title"):
        if found := _TIME.match(title):
            form = "%d.%m.%Y %H:%M:%S" if found[1].count(":") == 2 else "%d.%m.%Y %H:%M"
            try:
                return datetime.strptime(found[1], form)  # noqa: DTZ007  # as the chat shows it
            except ValueError:
                return None
    return None
