"""Names that everybody knows, in small letters or in a script without capitals."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex

from index.text import language
from index.text.languages import lexicon
from index.text.languages.places import is_place

CountTokens = Callable[[Sequence[str]], Sequence[int]]
"""Returns how many pieces a model's vocabulary makes of each text."""

_UNCASED = regex.compile(r"\p{Arabic}{4,}")
# "It becomes" and "we do not do", as they are said, are in no list of words.
_PERSIAN_VERB = regex.compile(r"ن?می.+|.*(?:میشه|میکن|میره|کنم|کنی|کنه|کنند|شه|شن|یم|ید)")


def known_names(words: Sequence[str], tag: str, count_tokens: CountTokens) -> set[str]:
    """Return those of some words that are names, by what a vocabulary has a piece for.

    A name is one piece with a capital and several without, or a country or a large city; where
    there are no capitals, what is one piece and in no list of words.
    """
    found = {word for word in words if is_place(word, tag)}
    small = [word for word in words if word.islower()]
    if language.base(tag) not in language.NOUNS_WITH_CAPITALS:
        counts = zip(
            small,
            count_tokens(small),
            count_tokens([word.capitalize() for word in small]),
            strict=True,
        )
        found |= {word for word, as_typed, as_name in counts if as_name == 1 < as_typed}
    uncased = [word for word in words if _UNCASED.fullmatch(word)]
    found |= {
        word
        for word, pieces in zip(uncased, count_tokens(uncased), strict=True)
        if pieces == 1
        and not language.is_frequent(word, {tag})
        and not lexicon.is_word(word, {tag})
        and not _PERSIAN_VERB.fullmatch(word)
    }
    return found
