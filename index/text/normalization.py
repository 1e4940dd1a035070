"""Folds text for comparison: one form of marks that look alike, one space of any white space."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from index.core.documents import Span

_ALIKE = (
    dict.fromkeys("‘’‚‛ʼ`´′", "'")
    | dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"…": "..."}
)
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


_OTHER_NUMBER = re.compile("([⁰¹²³⁴-⁹⁺⁻₀-₉₊₋¼½¾⅐-⅞↉])")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text without white space at its ends.

    `spans` has the span in the original of each character.
    """

    text: str
    spans: tuple[Span, ...]

    def origin(self, start: int, end: int) -> Span:
        """Return the span in the original of the characters [start, end) of `text`, not empty."""
        return Span(self.spans[start].start, self.spans[end - 1].end)

    def find_words(self, words: str) -> tuple[int, int] | None:
        """Return the first [start, end) of `words` that begins and ends at word borders."""
        start = self.text.find(words)
        while words and start >= 0:
            end = start + len(words)
            if not (_is_inside_word(self.text, start) or _is_inside_word(self.text, end)):
                return start, end
            start = self.text.find(words, start + 1)
        return None


def fold_space(text: str) -> Folded:
    """Return the text with each run of white space as one space."""
    return _fold(text, lambda character: character)


def fold_typography(text: str) -> Folded:
    """Return the text with one form of each quotation mark, dash, ellipsis, ligature and width."""
    return _fold(text, _fold_character)


def fold_compatible(text: str) -> str:
    """Return text in NFKC, but for raised and lowered digits and fractions: 10⁶ is not 106."""
    if _OTHER_NUMBER.search(text) is None:
        return unicodedata.normalize("NFKC", text)
    pieces = _OTHER_NUMBER.split(text)
    return "".join(
        piece if at % 2 else unicodedata.normalize("NFKC", piece) for at, piece in enumerate(pieces)
    )


def _fold(text: str, fold_character: Callable[[str], str]) -> Folded:
    characters: list[str] = []
    spans: list[Span] = []
    for at, character in enumerate(text):
        for folded in fold_character(character):
            one = " " if folded.isspace() else folded
            if one != " " or (characters and characters[-1] != " "):
                characters.append(one)
                spans.append(Span(at, at + 1))
    if characters and characters[-1] == " ":
        characters.pop()
        spans.pop()
    return Folded("".join(characters), tuple(spans))


def _fold_character(character: str) -> str:
    if character in _INVISIBLE:
        return ""
    return _ALIKE.get(character) or fold_compatible(character)


def _is_inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()
