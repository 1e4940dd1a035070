"""Tells questions about the documents themselves from questions that the documents answer."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property, partial
from pathlib import Path

import regex

from bot.conversation.small_talk import folded_words

PHRASES = Path(__file__).with_suffix(".toml")
MAX_CHARS = 200
"""A longer message asks something else."""

_WORD = regex.compile(r"[\p{L}\p{N}\p{M}\u200c'’ʼ`´]+")
_ELISION = regex.compile(r"(?i)^[ld]['’ʼ`´]")
_PART = re.compile(r"[()|…]|<\w+>|[^()|…<>\s]+")
_AROUND = "before", "after"
_MANY = 1 << 30

Span = tuple[str, tuple[int, int]]
"""A folded word and where it stands in the text."""


class Kind(StrEnum):
    """What is asked about the documents; where two may be meant, the first of these is."""

    COUNT = "count"
    LANGUAGES = "languages"
    CONTENTS = "contents"
    LATEST = "latest"
    SUMMARY = "summary"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Request:
    """A question about the documents.

    Attributes:
        subject: what they are to speak of, as it was written; empty if nothing is named.
    """

    kind: Kind
    subject: str


@dataclass(frozen=True)
class Phrase:
    """A phrase over folded words with a space before every word.

    It is compiled for the first text that may be one: all of them take half a second.

    Attributes:
        words: all that it may have, and what may stand around it.
        least: of its words, as many as it has at least.
    """

    compiled: Callable[[], re.Pattern[str]]
    words: frozenset[str]
    least: int
    has_subject: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return self.compiled()

    def may_be(self, asked: Sequence[str]) -> bool:
        """Whether enough words of a text are words of the phrase: all, unless it has a subject."""
        known = sum(word in self.words for word in asked)
        return known >= self.least and (self.has_subject or known == len(asked))


@dataclass(frozen=True, slots=True)
class Language:
    """The phrases of a language.

    Attributes:
        articles: words that a subject does not begin with.
        pointing: words that are no subject by themselves.
    """

    phrases: tuple[tuple[Kind, Phrase], ...]
    articles: frozenset[str]
    pointing: frozenset[str]

    def request(self, text: str, words: str, spans: Sequence[Span]) -> Request | None:
        """Return what a text asks, whose folded words are at `spans`; None if nothing of this."""
        asked = [word for word, _place in spans]
        for kind, phrase in self.phrases:
            if not phrase.may_be(asked) or not (found := phrase.pattern.fullmatch(words)):
                continue
            if not phrase.has_subject or not found[1]:
                return Request(kind, "")
            start, end = (words.count(" ", 0, at) for at in found.span(1))
            while start < end and spans[start][0] in self.articles:
                start += 1
            if any(word not in self.pointing for word, _place in spans[start:end]):
                subject = text[spans[start][1][0] : spans[end - 1][1][1]]
                return Request(kind, _ELISION.sub("", subject))
        return None


@cache
def read_languages() -> tuple[Language, ...]:
    sections = tomllib.loads(PHRASES.read_text(encoding="utf-8"))
    return tuple(_language(lists) for lists in sections.values())


def about_the_collection(text: str) -> Request | None:
    """Return what a text asks about the documents themselves; None if it asks or says else."""
    if len(text) > MAX_CHARS:
        return None
    spans = [
        (word, found.span()) for found in _WORD.finditer(text) for word in folded_words(found[0])
    ]
    words = "".join(f" {word}" for word, _span in spans)
    requests = [
        request
        for language in read_languages()
        if (request := language.request(text, words, spans))
    ]
    # "Résume l'article" would have "l'article" for a subject in Spanish.
    return min(requests, key=lambda request: len(request.subject), default=None)


class _Phrases:
    """Turns the lines of a language into phrases; <name> stands for a list of the language."""

    def __init__(self, lists: Mapping[str, str]) -> None:
        self._lists = lists
        self._read: dict[str, tuple[int, frozenset[str]]] = {}
        self._around = frozenset[str]().union(*(self._words_of(name)[1] for name in _AROUND))

    def phrase(self, line: str) -> Phrase:
        least, words = self._measure(line)
        return Phrase(partial(self._compiled, line), words | self._around, least, "…" in line)

    def _compiled(self, line: str) -> re.Pattern[str]:
        before, after = (f"(?:{self._pattern(self._lists[name])}){{0,3}}" for name in _AROUND)
        return re.compile(f"{before}{self._pattern(line)}{after}")

    def _pattern(self, text: str) -> str:
        return "".join(map(self._piece, _PART.findall(text)))

    def _piece(self, part: str) -> str:
        if part == "(":
            return "(?:"
        if part in {")", "|"}:
            return part
        if part == "…":
            return r"((?: [^ ]+)+?)"
        if part.startswith("<"):
            return f"(?:{self._pattern(self._lists[part[1:-1]])})"
        return "".join(f" {word}" for word in folded_words(part))

    def _words_of(self, name: str) -> tuple[int, frozenset[str]]:
        if name not in self._read:
            self._read[name] = self._measure(self._lists[name])
        return self._read[name]

    def _measure(self, text: str) -> tuple[int, frozenset[str]]:
        """How many of its words a line has at least, and all that it may have."""
        words: set[str] = set()
        # For each bracket that is open: the least of the choices before, and of this one so far.
        open_now = [[_MANY, 0]]
        for part in _PART.findall(text):
            if part == "(":
                open_now.append([_MANY, 0])
            elif part == "|":
                open_now[-1] = [min(open_now[-1]), 0]
            elif part == ")":
                least = min(open_now.pop())
                open_now[-1][1] += least
            elif part.startswith("<"):
                least, others = self._words_of(part[1:-1])
                open_now[-1][1] += least
                words |= others
            elif part != "…":
                folded = list(folded_words(part))
                open_now[-1][1] += len(folded)
                words.update(folded)
        return min(open_now[0]), frozenset(words)


def _language(lists: Mapping[str, str]) -> Language:
    made = _Phrases(lists)
    return Language(
        tuple(
            (kind, made.phrase(line))
            for kind in Kind
            for line in sorted(lists.get(kind, "").splitlines(), key=lambda line: "…" in line)
            if line
        ),
        frozenset(folded_words(lists["articles"])),
        frozenset(folded_words(lists["pointing"])),
    )
