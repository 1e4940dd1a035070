"""Separates the sender's own words in a mail message from those that it repeats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from index.core.documents import Span
from index.parsers.plain import split_block
from index.parsers.toolkit.xml import Element, blocks, local_name, parse_html

_MAX_INTRODUCTION_CHARS = 300
_QUOTE_MARKS = re.compile(r"(?: ?>)+ ?")
_SEPARATOR = re.compile(r"-{2,}[ \w]{3,60}-{2,}|_{20,}")
_INTRODUCTION = re.compile(
    r"(?:On\b.*\bwrote|Am\b.*\bschrieb\b.*|Le\b.*\ba écrit|El\b.*\bescribió|Il\b.*\bha scritto"
    r"|Op\b.*\bschreef\b.*|Em\b.*\bescreveu|.*\d.*\b(?:пишет|написал|написала|писал|писала)\b.*)"
    r"\s*:",
    re.DOTALL,
)
_ADDRESS_OR_DAY = re.compile(r"@|\d{1,4}[./:\-]\d|\b(?:19|20)\d\d\b")
_OUTLOOK_HEAD = re.compile(
    r"(?:From|Von|De|Da|Van|От)\s?:.+\n+(?:Sent|Date|Gesendet|Envoyé|Enviado"
    r"|Inviato|Verzonden|Datum|Отправлено|Дата)\s?:.+"
)
_ASIDE_CLASS = re.compile(
    r"gmail_(?:quote|attr|signature)|moz-(?:cite-prefix|signature|forward-container)|yahoo_quoted"
    r"|protonmail_(?:quote|signature_block)|OutlookMessageHeader"
)


class Part(NamedTuple):
    """A block of the message; `own` if the sender wrote it."""

    text: str
    own: bool


def plain_parts(text: str, flowed: bool = False, delete_space: bool = False) -> Iterator[Part]:
    """Yield the parts of a plain text; `flowed` and `delete_space` as in RFC 3676."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    if flowed:
        lines = list(_unflow(lines, delete_space))
    above, rest = _cut_off(lines)
    for part, own in _own_parts(above):
        whole = Span(0, len(part))
        spans = split_block(part, whole) if own else [whole]
        yield from (Part(span.cut(part), own) for span in spans)
    if below := "\n".join(rest).strip():
        yield Part(below, False)


def html_parts(name: str, text: str) -> Iterator[Part]:
    """Yield the parts of an HTML text.

    Raises:
        DocumentError: empty, or nested too deeply.
    """
    found = list(blocks(parse_html(name, "text/html", text), _is_repeated))
    asides = [block.kind == "aside" for block in found]
    over = False
    for at, block in enumerate(found):
        over = over or _is_separator(block.text, [one.text for one in found[at + 1 : at + 2]])
        introduces = at + 1 < len(found) and asides[at + 1] and _introduces(block.text)
        yield Part(block.text, not (over or asides[at] or introduces or block.kind == "heading"))
        over = over or (not introduces and _names_the_writer(block.text))


def _is_repeated(element: Element) -> bool:
    marks = f"{element.get('class', '')} {element.get('id', '')}"
    return local_name(element) == "blockquote" or bool(_ASIDE_CLASS.search(marks))


def _unflow(lines: Iterable[str], delete_space: bool) -> Iterator[str]:
    """Join lines that end in a space, the sign that they go on."""
    pieces: list[str] = []
    depth = 0
    for line in lines:
        marks = len(line) - len(line.lstrip(">"))
        body = line[marks:].removeprefix(" ")
        if pieces and (marks != depth or body == "-- "):
            yield _joined(pieces, depth)
        depth = marks
        goes_on = body.endswith(" ") and body != "-- "
        pieces.append(body[:-1] if goes_on and delete_space else body)
        if not goes_on:
            yield _joined(pieces, depth)
    if pieces:
        yield _joined(pieces, depth)


def _joined(pieces: list[str], depth: int) -> str:
    """Empty `pieces` into one line behind its quote mark."""
    line = ("> " if depth else "") + "".join(pieces)
    pieces.clear()
    return line


def _cut_off(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines above the signature or an older message without ">" marks, and the others."""
    for at, line in enumerate(lines):
        if not line.strip():
            continue
        if line == "-- " or _is_separator(line, lines[at + 1 : at + 3]):
            return lines[:at], lines[at:]
        for count in (1, 2):
            if _names_the_writer(" ".join(lines[at : at + count])):
                below = next((one for one in lines[at + count :] if one.strip()), "")
                if not _QUOTE_MARKS.match(below):
                    return lines[:at], lines[at:]
    return lines, []


def _own_parts(lines: list[str]) -> Iterator[Part]:
    """Blocks between blank lines; quoted lines and their introductions are not the sender's."""
    runs = [(kind, list(group)) for kind, group in groupby(lines, key=_kind) if kind != "blank"]
    for at, (kind, run) in enumerate(runs):
        if kind == "quoted":
            yield Part("\n".join(_QUOTE_MARKS.sub("", line, count=1) for line in run), False)
            continue
        tail = _introduction(run) if at + 1 < len(runs) and runs[at + 1][0] == "quoted" else 0
        above = len(run) - tail
        if own := "\n".join(run[:above]).strip():
            yield Part(own, True)
        if tail:
            yield Part("\n".join(run[above:]), False)


def _kind(line: str) -> str:
    if not line.strip():
        return "blank"
    return "quoted" if _QUOTE_MARKS.match(line) else "own"


def _introduction(run: list[str]) -> int:
    """How many of the last lines only introduce the words of another."""
    one, both = run[-1], " ".join(run[-2:])
    if _introduces(one) and not _names_the_writer(both):
        return 1
    return min(2, len(run)) if _introduces(both) else 0


def _introduces(text: str) -> bool:
    """Whether a line ends in a colon and names a day or an address."""
    line = text.rstrip()
    short = line.endswith(":") and len(line) <= _MAX_INTRODUCTION_CHARS
    return short and bool(_ADDRESS_OR_DAY.search(line))


def _names_the_writer(text: str) -> bool:
    """Whether a line is one that a mail program puts above an older message."""
    return _introduces(text) and bool(_INTRODUCTION.fullmatch(text.strip()))


def _is_separator(text: str, following: list[str]) -> bool:
    """Whether an older message begins here, with a ruled line or a head by Outlook."""
    start = text.lstrip()[:_MAX_INTRODUCTION_CHARS]
    if _SEPARATOR.fullmatch(start.rstrip()):
        return True
    return ":" in start and bool(_OUTLOOK_HEAD.match("\n".join([start, *following])))
