"""Names in small letters that no document has, by what is known of the words of English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from index.text.languages.lexicon import is_common, is_word
from index.text.terms import is_function_word

_EN = frozenset({"en"})
_MIN_NAME_CHARS = 4
_VERBAL = ("ed", "d", "ing", "ly")
_ENDINGS = (
    *(("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e")),
    *(("est", ""), ("est", "e"), ("iest", "y"), ("er", ""), ("er", "e"), ("ier", "y"), ("or", "")),
    ("ly", ""),
)
_DOUBLED = re.compile(r"(?P<stem>\w+(\w))\2(?:est|ed|ing)")
_MADE_OF_WORDS = re.compile(
    r".*(?:tion|sion|ment|ness|[ai]ble|ive|ity|is[mt]|ology|less|ful|ous|ern|ward|wards|[ai]bly)"
)
_PLACING = frozenset({"in", "at", "from", "on", "near"})
_BEFORE_NAMES = frozenset(
    "in at from on near of by for with to is are was were did does do has have had will can could "  # noqa: SIM905
    "would should who what when where why how and or".split()
)
"""Words after which a noun in the singular has an article, but a name has none."""


def unheard_names(words: Iterable[str], is_known: Callable[[str], bool]) -> Iterator[str]:
    """Yield those of successive words that are likely names and that no document has.

    A name is a rare word, has no other forms, or at least none of a verb and no article.
    """
    for before, word in pairwise(("", *words)):
        is_candidate = (
            len(word) >= _MIN_NAME_CHARS
            and word.isascii()
            and word.isalpha()
            and word.islower()
            and not is_function_word(word)
        )
        if is_candidate and not is_known(word) and _is_rare(word) and _is_name(word, before):
            yield word


def _is_rare(word: str) -> bool:
    return not is_common(word) and is_word(word, _EN)


def _is_name(word: str, before: str) -> bool:
    """Whether a rare word is a name; `before` is the word before it."""
    stems = [word.removesuffix(end) + base for end, base in _ENDINGS if word.endswith(end)]
    if doubled := _DOUBLED.fullmatch(word):
        stems.append(doubled["stem"])
    stem = word.removesuffix("e")
    is_form = any(map(_is_listed, stems))
    if is_form or _MADE_OF_WORDS.fullmatch(word):
        return False
    if before in _PLACING:
        return True
    if any(_is_listed(stem + end) for end in _VERBAL) or _is_listed(f"{word}ed"):
        return False
    plurals = (f"{word}s", f"{word}es", f"{word.removesuffix('y')}ies")
    return before in _BEFORE_NAMES or not any(map(_is_listed, plurals))


def _is_listed(word: str) -> bool:
    return is_word(word, _EN)
