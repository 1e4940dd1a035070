"""The language of a text, if it is certain: a short question may be of any."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache, cached_property
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import regex

from index.text.languages.question_words import asking_language
from index.text.languages.scripts import (
    OTHER_SCRIPTS,
    WORD,
    is_mostly_in_letters_of,
    script_languages,
)
from index.text.languages.stop_words import STOP_WORDS
from index.text.languages.weights import STOPLISTS, open_identifier
from index.text.stemming import fold

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

    from py3langid.langid import LanguageIdentifier

# Of 189 short questions and single words in thirteen languages other than English, these values
# tell the language of 163, none wrongly; of 96 in English, with many foreign names, 2 wrongly.
_MIN_PROBABILITY = 0.9
_MIN_WITH_FREQUENT_WORD = 0.5

_PLAIN_WORDS, _NEAR_MOST = 2, 0.75
_PROSE_CHARS = 200
_READ_CHARS = 4000
_MIN_FREQUENT_SHARE = 0.15
_MIN_GUESSED = 0.05
_QUOTED = regex.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|„[^“”]*[“”]")
_MIN_WORDS = 3
_MAX_PARTICLES, _MAX_PARTICLE_CHARS = 2, 3


class _Kept:
    """What tells languages apart, loaded at the first use."""

    folder: Path | None = None

    @cached_property
    def identifier(self) -> LanguageIdentifier:
        return open_identifier(self.folder)


_kept = _Kept()


class Detected(NamedTuple):
    """The language that a text is most likely in.

    Attributes:
        words: those that tell: without quotations, and without names in the midst of it.
        is_certain: beyond doubt by itself; else it has at least a frequent word of the language.
    """

    language: str
    words: tuple[str, ...]
    is_certain: bool


def keep_weights(folder: Path) -> None:
    """Keep the weights by which languages are told apart in a folder, mapped into memory."""
    _kept.folder = folder


def detect(text: str) -> Detected | None:
    """Return the language of a question or another short text, None if that is uncertain."""
    words = telling_words(text)
    ranked = _rank(" ".join(words))
    if not ranked:
        return None
    language, probability = ranked[0]
    if language in OTHER_SCRIPTS and not script_languages(words):
        return None
    is_certain = probability >= _MIN_PROBABILITY and len(words) > 1
    asking = asking_language(words)
    # "Wie" is Dutch as well, and "kim" Polish; letters that only some have leave less doubt.
    is_doubtful = not is_certain or language in STOP_WORDS
    if asking and is_doubtful and (asking == language or language in OTHER_SCRIPTS):
        return Detected(asking, words, is_certain=False)
    has_frequent = any(word.casefold() in _frequent(language) for word in words)
    if is_certain or (probability >= _MIN_WITH_FREQUENT_WORD and has_frequent):
        return Detected(language, words, is_certain)
    return None


def of_question(question: str) -> frozenset[str]:
    """Return the languages that a question may be in; none if it may be in any."""
    found = detect(question)
    if found is not None:
        return frozenset({found.language})
    return script_languages(telling_words(question))


def likely_of_question(question: str) -> frozenset[str]:
    """Return the languages that a question is likely in; none if it may be in any.

    An uncertain one is in the language in which most of its words are frequent.
    """
    if found := of_question(question):
        return found
    if "¿" in question:
        return frozenset({"es"})
    words = [word.casefold() for word in telling_words(question)]
    counts = sorted((_count_frequent(words, name), name) for name in STOP_WORDS)
    (most, name), (next_most, _other) = counts[-1], counts[-2]
    is_long = len(WORD.findall(question)) >= _MIN_WORDS
    return frozenset({name} if is_long and most > next_most else ())


def guess(text: str, among: Collection[str]) -> str | None:
    """Return the likeliest of some languages, None if the text is rather in another one."""
    if (found := detect(text)) is not None:
        return found.language if found.language in among else None
    words = telling_words(text)
    likely = [
        (sum(word.casefold() in _frequent(name) for word in words), probability, name)
        for name, probability in _rank(" ".join(words))
        if name in among and probability >= _MIN_GUESSED
    ]
    return max(likely)[-1] if likely else None


def is_plainly_in(text: str, languages: Collection[str]) -> bool:
    """Whether frequent words leave no doubt of one of these languages; needs no model."""
    words = [word.casefold() for word in telling_words(text)]
    named = STOPLISTS.keys() & {base(name) for name in languages}
    own = max((_count_frequent(words, name) for name in named), default=0)
    # The lists of other languages are read only if one of these is likely.
    return own >= _PLAIN_WORDS and all(
        _count_frequent(words, name) < own for name in _of_script(words) - named
    )


def plain_language(text: str) -> str | None:
    """Return the language of which frequent words leave no doubt; needs no model."""
    words = [word.casefold() for word in telling_words(text)]
    counts = [(_count_frequent(words, name), name) for name in _of_script(words)]
    ranked = sorted(counts, reverse=True)
    if not ranked or ranked[0][0] < _PLAIN_WORDS:
        return None
    (most, name), *others = ranked
    english = next((count for count, other in ranked if other == "en"), 0)
    if name not in STOP_WORDS and english >= max(_PLAIN_WORDS, _NEAR_MOST * most):
        return "en"  # the lists of other languages hold words and names of it
    return name if not others or most > others[0][0] else None


def is_frequent(word: str, languages: Collection[str]) -> bool:
    """Whether a word is frequent in one of some languages, with or without its accents."""
    named = STOPLISTS.keys() & {base(name) for name in languages}
    folded = fold(word.casefold())
    return any(folded in _frequent_folded(name) for name in named)


def by_frequent_words(text: str) -> str | None:
    """Return the language whose frequent words a text has most of, None if few; needs no model.

    It is English wherever enough are, as some lists hold English names.
    """
    words = WORD.findall(text[:_READ_CHARS].casefold())
    counts = {name: _count_frequent(words, name) for name in STOPLISTS}
    enough = _MIN_FREQUENT_SHARE * len(words)
    best = "en" if counts["en"] > enough else max(counts, key=lambda name: counts[name])
    return best if counts[best] > enough else None


def of_document(text: str, declared: str | None = None) -> str | None:
    """Return the language of a document as a BCP 47 tag, None if it is unknown.

    What enough prose shows counts more than what is declared, which may be that of a template.
    """
    start = text[:_READ_CHARS]
    words = WORD.findall(start.casefold())
    ranked = _rank(start)
    if not ranked or not words:
        return declared
    language, probability = ranked[0]
    frequent = _frequent(language)
    share = sum(word in frequent for word in words) / len(words)
    is_prose = not frequent or share >= _MIN_FREQUENT_SHARE
    if probability < _MIN_PROBABILITY:
        return declared
    if not is_prose:
        # The letters of a table leave few languages, the names in one of Latin letters many.
        return declared or (language if is_mostly_in_letters_of(language, start) else None)
    if declared and (len(start) < _PROSE_CHARS or base(declared) == language):
        return declared
    return language


def is_foreign(tag: str | None, asked: Collection[str]) -> bool:
    """Whether a document is known to be in none of the languages of a question."""
    if tag is None:
        return False
    of_document = base(tag)
    # A question that may be in any language is in Latin letters.
    return of_document not in asked if asked else of_document in OTHER_SCRIPTS


def base(tag: str) -> str:
    """Return the language of a tag without country and script, as pt of pt-BR."""
    language = tag.lower().replace("_", "-").partition("-")[0]
    return "no" if language in {"nb", "nn"} else language


def telling_words(text: str) -> tuple[str, ...]:
    """The words without quotations, and without names after the first word."""
    bare = _QUOTED.sub(" ", text)
    words = WORD.findall(bare)
    if all(word.isupper() for word in words):
        words = [word.casefold() for word in words]
    names = [at for at, word in enumerate(words) if at and word[0].isupper()]
    dropped = set(names)
    for name, following in pairwise(names):
        between = range(name + 1, following)
        # As in Luis de la Fuente.
        if len(between) <= _MAX_PARTICLES and all(
            len(words[at]) <= _MAX_PARTICLE_CHARS for at in between
        ):
            dropped.update(between)
    return tuple(word for at, word in enumerate(words) if at not in dropped)


def _of_script(words: Sequence[str]) -> frozenset[str]:
    """The languages that have lists of frequent words, of the script of all these words."""
    of_script = script_languages(words) or STOPLISTS.keys() - OTHER_SCRIPTS
    return frozenset(name for name in of_script if STOPLISTS[name])


def _count_frequent(words: Sequence[str], language: str) -> int:
    return sum(map(_frequent(language).__contains__, words))


@cache
def _frequent(language: str) -> frozenset[str]:
    name = STOPLISTS[language]
    if not name:
        return frozenset()
    # To import the package would load a parser of HTML.
    package = cast("ModuleSpec", find_spec("justext")).submodule_search_locations or []
    words = Path(package[0], "stoplists", f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(words.casefold().split())


@cache
def _frequent_folded(language: str) -> frozenset[str]:
    return frozenset(map(fold, _frequent(language)))


def _rank(text: str) -> list[tuple[str, float]]:
    """Return the languages with their probabilities, 0..1, the likeliest first; none for ""."""
    return [(name, float(value)) for name, value in _kept.identifier.rank(text)] if text else []
