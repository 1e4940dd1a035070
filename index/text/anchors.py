"""Anchors of a question: the years, dates, numbers, ordinals and names an answer must be about.

A sentence about 2022 does not answer a question about 2019, however much the two are alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

import regex
from rapidfuzz.distance import OSA

from index.core.documents import Span
from index.text.dates.months import SOLAR_MONTHS, solar_hijri
from index.text.figures import FIGURE_WORDS, MONTHS, find_figures
from index.text.terms import is_function_word, plain, without_possessive

AnchorKind = Literal["year", "date", "number", "ordinal", "name"]

_WORD = regex.compile(r"\b(?:\p{L}\.){2,}|[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*\d*")
_DIGIT = regex.compile(r"\d")
_CAPITALS = regex.compile(
    r"\p{Lu}[\p{L}\p{M}'’]*+(?:(?:\.| of| and| the| for| de| &)?[ -](?=\p{Lu}))?"
)
_ACRONYM = regex.compile(r"\b(?:\p{Lu}\.){2,6}|\b\p{Lu}{2,6}\b")
_LINKS = frozenset(["of", "the", "de", "del", "der", "den", "van", "von", "da", "di", "du", "la"])
_LINKS |= frozenset(["le", "el", "al", "bin", "ibn", "y"])
# In a name, words of one sentence are parted by these; a point ends an abbreviation.
_JOINTS = frozenset({" ", "-", "–", " & ", ". ", "."})
_MAX_ABBREVIATION = 2
_VERBS = "is are was were do does did has have had can could will would should must might"
_AUXILIARIES = frozenset(_VERBS.split())
# First words of a question or an instruction: with a capital they are still no names.
_STARTS = """
may name list give tell show find explain describe define compare summarize please if whether hi
hello hey ok okay yes no thanks according besides despite although since during between among
currently today yesterday many much several
"""
_OPENERS = _AUXILIARIES.union(_STARTS.split())
_SENTENCE_ENDS = tuple(".!?:;")
_MAX_MARKS = 4
_MARKS = " \"'“‘«(¿¡"

_MIN_STEM = 4
_MIN_FUZZY_LETTERS = 6
# Of a name and the word for what comes from there, as in Italy and Italian, China and Chinese.
_SUFFIXES = """
a al an ans ao ar e ean eans en ese ey i ia ian ians ic id in ine inian is ish ism ist ists istan
istani n o os s es uese vian y ya
"""
_ENDINGS = frozenset(_SUFFIXES.split()) | {""}
_MIN_CYRILLIC_STEM = 3
_CYRILLIC_SUFFIXES = """
а ам ами ах ем ею еві ей и ий им их ою ом ому ой ов ого ові ові у ы ый ым ых е ею і ії ї ів ої ю я
ям ями ях ь ю ем ём ья ье ією єю
"""
_CYRILLIC_ENDINGS = frozenset(_CYRILLIC_SUFFIXES.split()) | {""}
_DEMONYMS = {
    "french": "france",
    "spanish": "spain",
    "polish": "poland",
    "greek": "greece",
    "irish": "ireland",
    "dutch": "netherlands",
    "welsh": "wales",
    "danish": "denmark",
    "scottish": "scotland",
    "swiss": "switzerland",
    "british": "britain",
}
_DEMONYMS |= {place: people for people, place in _DEMONYMS.items()}


@dataclass(frozen=True, slots=True)
class Anchor:
    """A year, date, number, ordinal or name as it stands in a text.

    Attributes:
        text: its words as written, without "'s" at the end.
        span: its place in the text.
        keys: what has to be found: those of a figure, or the words of a name as `plain` has them.
    """

    kind: AnchorKind
    text: str
    span: Span
    keys: tuple[str, ...]

    @property
    def is_time(self) -> bool:
        return self.kind in {"year", "date"}


def find_anchors(text: str) -> list[Anchor]:
    """Return the anchors of a text in order; names only where capitals tell them.

    They tell none in a text without small letters, or where Every Word Has One.
    """
    figures = [Anchor(kind, span.cut(text), span, keys) for kind, span, keys in find_figures(text)]
    rest = text
    for anchor in figures:
        rest = f"{rest[: anchor.span.start]}{'|' * len(anchor.text)}{rest[anchor.span.end :]}"
    return sorted([*figures, *_names(text, rest)], key=lambda anchor: anchor.span)


@dataclass(frozen=True, slots=True)
class Mentions:
    """The figures and words that texts mention, to look anchors up in."""

    keys: frozenset[str]
    words: frozenset[str]  # as `plain` has them
    texts: tuple[str, ...]

    @classmethod
    def of(cls, text: str, published: date | None = None) -> Mentions:
        """Return what a text mentions; its date of publication counts as mentioned.

        So does the same in the calendar of Iran.
        """
        keys, words = _mentioned_in(text)
        if published:
            keys |= {f"{published.year}", f"{published.day}", MONTHS[published.month - 1]}
            year, month, day = solar_hijri(published)
            keys |= {f"{year}", f"{day}", SOLAR_MONTHS[month - 1]}
        return cls(keys, words, (text,))

    def __or__(self, other: Mentions) -> Mentions:
        texts = tuple(dict.fromkeys((*self.texts, *other.texts)))
        return Mentions(self.keys | other.keys, self.words | other.words, texts)

    def lack(self, anchor: Anchor) -> float:
        """Return the share of an anchor that the texts do not mention, 0..1.

        A year of a decade mentions the decade. Words of names are found in other forms (Iran,
        Iranian), with a letter wrong, and as initials (UN, United Nations).
        """
        if anchor.kind != "name":
            return sum(not self._has(key) for key in anchor.keys) / len(anchor.keys)
        lacking = [key for key in anchor.keys if not self._speaks_of(key)]
        if lacking and self._shortens(anchor.text):
            return 0.0
        short = {acronym.lower() for acronym in _acronyms(anchor.text)}
        lacking = [key for key in lacking if key not in short or not self._spells_out(key)]
        return len(lacking) / len(anchor.keys)

    def _has(self, key: str) -> bool:
        if key in self.keys:
            return True
        return key.endswith("0s") and any(f"{key[:3]}{digit}" in self.keys for digit in range(10))

    def _speaks_of(self, name: str) -> bool:
        if name in self.words or _DEMONYMS.get(name) in self.words:
            return True
        return any(word[0] == name[0] and _alike(name, word) for word in self.words)

    def _shortens(self, name: str) -> bool:
        initials = _initials(name).strip()
        return len(initials) > 1 and any(initials in _acronyms(text) for text in self.texts)

    def _spells_out(self, acronym: str) -> bool:
        return any(acronym.upper() in _initials(text) for text in self.texts)


@lru_cache(maxsize=256)  # a question looks into the same passages several times
def _mentioned_in(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The keys of the figures of a text, and its words."""
    words = frozenset(_words(text))
    if words.isdisjoint(FIGURE_WORDS) and not _DIGIT.search(text):
        return frozenset(), words
    return frozenset(key for figure in find_figures(text) for key in figure.keys), words


def _words(text: str) -> list[str]:
    return [_bare(word) for word in _WORD.findall(plain(text))]


def _bare(word: str) -> str:
    """A word as `plain` has it, without possessive and points."""
    if word.isalnum():
        return word
    return without_possessive(word).replace(".", "").replace("’", "'")


def _names(text: str, rest: str) -> Iterator[Anchor]:
    """Runs of words with a capital, and the small words that link them, outside the figures.

    `rest` is the text with bars in place of figures.
    """
    words = [word for word in _WORD.finditer(text) if "|" not in rest[slice(*word.span())]]
    is_headline = any(
        word[0].istitle() and word[0].lower() in _AUXILIARIES and not _opens(text, word)
        for word in words
    )
    if text.isupper() or is_headline:
        return
    run: list[regex.Match[str]] = []
    for word in words:
        if run and _continues(rest, run[-1], word):
            run.append(word)
            continue
        yield from _named(text, run)
        run = [word] if _starts(text, word) else []
    yield from _named(text, run)


def _starts(text: str, word: regex.Match[str]) -> bool:
    is_small = _is_small(word[0].partition("'")[0].partition("’")[0])
    if not _is_capital(word[0]) or (is_small and not _acronym(word[0])):
        return False
    return not (_opens(text, word) and plain(word[0]) in _OPENERS)


def _opens(text: str, word: regex.Match[str]) -> bool:
    """Whether a word starts a sentence."""
    before = text[max(0, word.start() - _MAX_MARKS) : word.start()].rstrip(_MARKS)
    return before.endswith(_SENTENCE_ENDS) or (not before and word.start() <= _MAX_MARKS)


def _continues(text: str, before: regex.Match[str], word: regex.Match[str]) -> bool:
    joint = text[before.end() : word.start()]
    if joint not in _JOINTS or without_possessive(before[0]) != before[0]:
        return False
    if "." in joint and (len(before[0]) > _MAX_ABBREVIATION or _is_small(word[0])):
        return False
    return word[0] in _LINKS or _is_capital(word[0])


def _named(text: str, run: Sequence[regex.Match[str]]) -> Iterator[Anchor]:
    while run and run[-1][0] in _LINKS:
        run = run[:-1]
    if not run:
        return
    words = [_bare(plain(word[0])) for word in run]
    telling = [word for word in words if len(word) > 1 and not _is_small(word)] or words
    span = Span(run[0].start(), run[-1].end())
    yield Anchor("name", without_possessive(span.cut(text)), span, tuple(dict.fromkeys(telling)))


def _is_small(word: str) -> bool:
    return word in _LINKS or is_function_word(word)


def _is_capital(word: str) -> bool:
    return word != word.lower()


def _acronym(text: str) -> str:
    """The letters of UN or U.N., "" for other texts."""
    return text.replace(".", "") if _ACRONYM.fullmatch(text) else ""


@lru_cache(maxsize=1024)
def _acronyms(text: str) -> frozenset[str]:
    return frozenset(map(_acronym, _ACRONYM.findall(text)))


@lru_cache(maxsize=1024)
def _initials(text: str) -> str:
    """The first letters of the words with a capital, in runs parted by spaces."""
    runs = (found[0] for found in _CAPITALS.finditer(text))
    return "".join(run[0] if run[-1] in " -" else f"{run[0]} " for run in runs)


@lru_cache(maxsize=16_384)
def _alike(one: str, other: str) -> bool:
    """Whether two words in lower case are forms or misspellings of one name."""
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if shared is None:
        shared = min(len(one), len(other))
    rests = {one[shared:], other[shared:]}
    if shared >= _MIN_STEM and rests <= _ENDINGS:
        return True
    if shared >= _MIN_CYRILLIC_STEM and rests <= _CYRILLIC_ENDINGS:
        return True
    is_long = min(len(one), len(other)) >= _MIN_FUZZY_LETTERS
    return is_long and OSA.distance(one, other, score_cutoff=1) <= 1
