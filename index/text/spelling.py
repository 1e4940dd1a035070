"""Misspelt words: how far from a word they may be, and what was meant by those of a question."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import regex
from rapidfuzz.distance import OSA, Prefix

from index.text.terms import Analyzer, plain

CountTokens = Callable[[Sequence[str]], Sequence[int]]
"""How many pieces a model's vocabulary makes of each text."""

_WORD = regex.compile(r"[\p{L}\p{M}]+")
# A shorter word has too many neighbours; with two wrong letters, so has one of middling length.
_SHORTEST = {1: 4, 2: 9}
_QUESTION_WORDS = ("what", "when", "where", "which", "whose")


def max_edits(word: str) -> int:
    """Return how many letters may be wrong in a word, swapped neighbours being one: 0 to 2."""
    if not word.isalpha():
        return 0
    return max((edits for edits, shortest in _SHORTEST.items() if len(word) >= shortest), default=0)


class Speller:
    """Puts right words that no passage has, by those of the passages that search found anyway.

    A word that the model knows is none that was misspelt: who asks about Iran does not mean Iraq.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        is_known: Callable[[str], bool],
        count_tokens: CountTokens,
    ) -> None:
        """Begin with no words of its own.

        Args:
            analyzer: makes terms of words.
            is_known: whether a passage of the library has a term.
            count_tokens: tells words that a model knows: they are one piece.
        """
        self._analyzer = analyzer
        self._is_known = is_known
        self._count_tokens = count_tokens

    def respell(self, question: str, texts: Iterable[str]) -> str:
        """Return the question with the nearest words of `texts` in place of misspelt ones."""
        misspelt = self._misspelt(question)
        if not misspelt:
            return question
        # Of the words without a meaning of their own, only these make another question.
        written = defaultdict(Counter, {word: Counter([word]) for word in _QUESTION_WORDS})
        for word in (word for text in texts for word in _WORD.findall(text)):
            if not self._analyzer.is_function_word(word):
                written[plain(word)][word] += 1
        meant = {word: _nearest(plain(word), written) for word in misspelt}
        return str(_WORD.sub(lambda found: meant.get(found[0]) or found[0], question))

    def _misspelt(self, question: str) -> list[str]:
        """The words that neither the library nor the model has."""
        words = [
            word
            for word in dict.fromkeys(_WORD.findall(question))
            if max_edits(plain(word)) and not self._analyzer.is_function_word(word)
        ]
        # The vocabulary first: it has most words, and the library takes a search for each.
        pieces = self._count_tokens(words) if words else []
        in_pieces = [word for word, count in zip(words, pieces, strict=True) if count > 1]
        return [word for word in in_pieces if not self._has(word)]

    def _has(self, word: str) -> bool:
        return all(map(self._is_known, self._analyzer.terms(word)))


def _nearest(word: str, written: Mapping[str, Counter[str]]) -> str:
    """How the nearest word is mostly written; "" if none is near.

    Of two the more frequent counts, then the one that begins as `word` does for longer.
    """
    limit = max_edits(word)
    near = [
        (distance, -spellings.total(), -Prefix.similarity(word, other), other)
        for other, spellings in written.items()
        if (distance := OSA.distance(word, other, score_cutoff=limit)) <= limit
    ]
    return written[min(near)[-1]].most_common(1)[0][0] if near else ""
