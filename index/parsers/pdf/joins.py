"""Joins the lines of a paragraph: words cut at line ends, lines without a blank between."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.parsers.pdf.rows import joins_without_blank

_CUT_WORD = re.compile(r"(\w[\w-]*)[-\u2010]$|(\w+)\u00ad$")
_WORDS = re.compile(r"\w+(?:-\w+)*")
_MIN_PART = 4
_MAX_WORD = 80
# Words that make compounds with a hyphen much oftener than without.
_COMPOUNDS_LIST = """
self well ill half ex non all cross quasi long short high low full part mid two three four five
six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty ninety
hundred first second third fourth fifth single double multi state year month week day
"""
# First parts of words that are written as one.
_SOLID_LIST = """
some every under over with there where here never further more after back fore land inter
counter super hyper micro macro house home work news water head hand
"""
_COMPOUNDS = frozenset(_COMPOUNDS_LIST.split())
_SOLID = frozenset(_SOLID_LIST.split())


def cut_word(text: str) -> re.Match[str] | None:
    """Return the first part of a word that is cut at the end of a line, with its hyphen."""
    return _CUT_WORD.search(text[-_MAX_WORD:])


class Joiner:
    """Joins lines as the document itself spells its words."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: set[str] = set()
        self._heads: set[str] = set()
        was_cut = False
        for line in lines:
            cut = cut_word(line)
            whole = line[: -len(cut[0])] if cut else line
            for word in _WORDS.findall(whole)[was_cut:]:
                self._words.add(word.casefold())
                if "-" in word:
                    self._heads.add(word.casefold().split("-")[0])
            was_cut = cut is not None

    def before(self, text: str, following: str) -> str:
        """Return `text` ready for the next line: with a blank, or without the hyphen of its end."""
        cut = cut_word(text)
        rest = _WORDS.match(following)
        if not cut or not rest:
            return text if joins_without_blank(text, following) else f"{text} "
        if cut[2]:
            return text[:-1]
        head, tail = cut[1], rest[0]
        whole = head.isalpha() and head[-1].islower() and tail[0].islower()
        return text[:-1] if whole and not self._is_compound(head, tail) else text

    def _is_compound(self, head: str, tail: str) -> bool:
        """Whether a word has a hyphen also in the middle of a line."""
        head, tail = head.casefold(), tail.casefold().split("-")[0]
        if head + tail in self._words:
            return False
        if f"{head}-{tail}" in self._words:
            return True
        if tail not in self._words and head not in _COMPOUNDS:
            return False
        if head in _COMPOUNDS or head in self._heads:
            return len(tail) >= _MIN_PART
        parts = min(len(head), len(tail)) >= _MIN_PART and head not in _SOLID
        return parts and {head, tail} <= self._words
