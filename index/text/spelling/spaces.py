"""Words that are two without the space between them: "howmany", "theTaliban"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from index.text.languages.lexicon import is_word
from index.text.spelling.nearest import ASKED_HOW, Words
from index.text.terms import is_function_word, plain

QUESTION_WORDS = ("what", "when", "where", "which", "whose", "who", "why", "how")
_LEADING = frozenset(QUESTION_WORDS) | ASKED_HOW | {
    "did", "does", "was", "were", "has", "have", "had", "are", "is", "the", "they", "and", "that",
    "this", "these", "those", "from", "with", "his", "her", "their",
}  # fmt: skip
"""Words that another one is often written to; the others may be the beginning of a word."""
_SINGLE = frozenset(["a", "i"])
_MIN_CONTENT, _MIN_AFTER_SINGLE, _MIN_FUNCTION = 3, 4, 2
_MAX_CHARS = 40
_FORM, _LEAD = 0.3, 0.3
"""How likely a word of form is, as the weight of a frequent one; what one that leads adds."""


class Parted(NamedTuple):
    """Two words.

    Attributes:
        is_likely: the first is one that others are often written to, or both stand in a text.
        is_asking: a question begins with them: "how long".
    """

    text: str
    is_likely: bool
    is_asking: bool = False


@dataclass(frozen=True, slots=True)
class Spaces:
    """Parts words in two that documents or the language know.

    `is_known` reports whether a passage has a word, `find` yields texts that have words.
    """

    is_known: Callable[[str], bool]
    words: Words
    find: Callable[[str], Iterable[str]]

    def parted(self, word: str) -> Parted | None:
        """Return the words that one is made of, if one carries the form of an English sentence.

        Or if both stand beside each other in a text that is found.
        """
        pairs = list(self._halves(word))
        if self.words.is_english and (formal := [pair for pair in pairs if _is_formal(*pair)]):
            head, tail = max(formal, key=self._likelihood)
            is_form = is_function_word(head) and is_function_word(tail)
            is_asking = head == "how" and tail in ASKED_HOW
            return Parted(f"{head} {tail}", is_form or head in _LEADING, is_asking)
        for head, tail in pairs:
            beside = re.compile(rf"\b{head}[\s\u200c-]{tail}\b", re.IGNORECASE)
            if any(map(beside.search, self.find(f"{head} {tail}"))):
                return Parted(f"{head} {tail}", True)
        return None

    def guessed(self, word: str) -> str:
        """Return any two known words that one is made of, the most even ones; "" for none."""
        halves = [pair for pair in self._halves(word) if min(map(len, pair)) >= _MIN_CONTENT]
        return " ".join(max(halves, key=lambda pair: min(map(len, pair)))) if halves else ""

    def _halves(self, word: str) -> Iterator[tuple[str, str]]:
        """The two known words that one may be made of, the longest first word first."""
        if len(word) > _MAX_CHARS:
            return
        for at in range(len(word) - 1, 0, -1):
            head, tail = word[:at], word[at:]
            # In "theTaliban" the capital tells.
            is_cased = word == word.lower() or (head.islower() and tail[0].isupper())
            if is_cased and self._may_begin(head, tail) and self._may_end(head, tail):
                yield head, tail

    def _may_begin(self, head: str, tail: str) -> bool:
        return self._is_word(head) if head not in _SINGLE else len(tail) >= _MIN_AFTER_SINGLE

    def _may_end(self, head: str, tail: str) -> bool:
        is_asked = head in QUESTION_WORDS and len(tail) >= _MIN_CONTENT
        return self._is_word(tail) or (is_asked and is_word(tail, {"en"}))

    def _likelihood(self, pair: tuple[str, str]) -> tuple[float, int]:
        """How likely two words are meant, the more frequent ones first."""
        weights = [
            _FORM if is_function_word(word) else self.words.weight(plain(word)) for word in pair
        ]
        return sum(weights) + _LEAD * (pair[0] in _LEADING), len(pair[0])

    def _is_word(self, word: str) -> bool:
        if is_function_word(word):
            return len(word) >= _MIN_FUNCTION
        return len(word) >= _MIN_CONTENT and (
            plain(word) in self.words.common or self.is_known(word)
        )


def _is_formal(head: str, tail: str) -> bool:
    return is_function_word(head) or is_function_word(tail) or head in ASKED_HOW
