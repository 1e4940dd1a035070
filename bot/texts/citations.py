"""The lines below quotes: the source, and the place of each quote in it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from bot.conversation.replies import source_of
from bot.i18n.language import N_, _, clock, day, days, language_names, ordinal
from bot.texts.answers import (
    SIDES,
    also_in,
    dated_name,
    document_name,
    isolate,
    line_start,
    name_of,
)
from index.attribution.speakers import split_role
from index.core.answers import Quote
from index.text.dates.relative import dates_of

MAX_SECTION_CHARS = 60

# Translators: above a further quote on the question, after those of the other side.
ALSO = N_("Also:")


class Citation(NamedTuple):
    """A quote with the line below it.

    Attributes:
        source: the line below a group of quotes of one source, with its last quote; else "".
        above: how it stands to the quote before, "" if it answers like that.
    """

    quote: Quote
    line: str
    source: str = ""
    above: str = ""


def cite(quotes: Sequence[Quote], first: int = 1, total: int | None = None) -> list[Citation]:
    """Return the citations of quotes, numbered from `first` unless there is only one in `total`.

    Neighbours of one source share a line that names it.
    """
    numbers = iter(range(first, first + len(quotes)))
    is_alone = (total or first + len(quotes) - 1) == 1
    citations = []
    for _source, neighbours in groupby(quotes, source_of):
        group = list(neighbours)
        labels = ["" if is_alone else f"[{next(numbers)}] " for _quote in group]
        days = {quote.source.metadata.published for quote in group}
        if len(group) == 1:
            citations.append(Citation(group[0], source_line(group[0], labels[0])))
            continue
        for label, quote in zip(labels, group, strict=True):
            line = f"{line_start()}{label}{place(quote, with_day=len(days) > 1)}"
            citations.append(Citation(quote, line))
        name = dated_name(quote.source) if len(days) == 1 else document_name(quote.source)
        citations[-1] = citations[-1]._replace(source=f"{line_start()}{name}")
    above = headings(quotes)
    return [one._replace(above=text) for one, text in zip(citations, above, strict=True)]


def headings(quotes: Sequence[Quote]) -> list[str]:
    """Return the line above each quote on how it stands to the one before, "" for none."""
    before = [None, *(quote.side for quote in quotes)]
    return [
        "" if side == last else _(SIDES[side] if side else ALSO)
        for side, last in zip((quote.side for quote in quotes), before, strict=False)
    ]


def source_line(quote: Quote, label: str = "") -> str:
    """Return a label, who says a quote, the document that it is from, and the place in it."""
    name = dated_name(quote.source)
    if quote.speaker is not None:
        # Translators: below a quote; the document is its title and its date.
        line = _("— {speaker}, in {document}")
        name = line.format(speaker=name_first(name_of(quote.speaker.text)), document=name)
    return f"{line_start()}{label}{name} · {place(quote, with_speaker=False)}"


def name_first(speaker: str) -> str:
    """Return a speaker as the text names them, but the name before the role."""
    name, role = split_role(speaker)
    return f"{name}, {role}" if role else name


def place(quote: Quote, with_day: bool = False, with_speaker: bool = True) -> str:
    """Return where a quote stands, its relative dates, its speaker, and how many others have it."""
    parts = []
    metadata = quote.source.metadata
    if with_day and metadata.published is not None:
        parts.append(day(metadata.published))
    if quote.entry is not None and quote.entry.time is not None:
        # Without a day of its own it is the time of a recording.
        parts.append(clock(quote.entry.time, seconds=quote.entry.published is None))
    if quote.section and quote.section != metadata.title:
        parts.append(name_of(quote.section, MAX_SECTION_CHARS))
    if quote.page is not None:
        parts.append(_("page {page}").format(page=ordinal(quote.page)))
    else:
        parts.append(f"¶ {ordinal(quote.paragraph)}")
    if quote.foreign:
        # Translators: a quote in another language than the question, as in "in English".
        parts.append(_("in {language}").format(language=language_names([quote.foreign])))
    if quote.is_recognized:
        parts.append(_("read by OCR"))
    parts += resolved_dates(quote)
    line = " · ".join(parts)
    if with_speaker and quote.speaker is not None:
        speaker = name_first(name_of(quote.speaker.text))
        # Translators: follows the source of a quote, after a dash; the name is not inflected.
        line += " — " + _("said by {speaker}").format(speaker=speaker)
    if number := len(quote.also):
        line += f" · {also_in(number)}"
    return line


def resolved_dates(quote: Quote) -> list[str]:
    """Return the words of a quote such as "on Thursday", each once with the days they mean."""
    # Translators: words of a quote and their date, as in “on Thursday”: 8 July 2021
    line = _("“{words}”: {days}")
    lines = [
        line.format(
            words=isolate(" ".join(quote.cut(one.span).split())), days=days(one.first, one.last)
        )
        for one in dates_of(quote)
    ]
    return list(dict.fromkeys(lines))
