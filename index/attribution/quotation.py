"""Tells a speaker's own words from a report of them, by the quotation marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.core.attributions import Speech
from index.core.documents import Span

# A quotation that is not closed goes on in the next paragraph.
_QUOTED = re.compile(
    r"„[^“”\n]*[“”\n]|“[^”\n]*[”\n]|«[^»\n]*»|»[^«\n]*«|\"[^\"\n]*(?:\"|$|\n)|‘.*?[’\n](?!\w)|(?<!\w)'[A-Z].*?[,.?!]'",
)


def quotations(text: str) -> list[Span]:
    """Return the parts of a text between quotation marks, ascending."""
    return [Span(*match.span()) for match in _QUOTED.finditer(text)]


def speech_of(text: str, content: Sequence[Span]) -> Speech:
    """Return "direct" if most of a content stands between quotation marks."""
    first, last = content[0].start, content[-1].end
    start = text.rfind("\n", 0, first) + 1
    end = text.find("\n", last)
    quoted = quotations(text[start : end + 1 or None])
    inside = total = 0
    for span in content:
        total += len(span)
        for part in quoted:
            inside += span.shared(Span(part.start + start, part.end + start))
    return "direct" if inside > total / 2 else "indirect"
