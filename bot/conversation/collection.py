"""Tells questions about the documents themselves from questions that the documents answer."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import regex

from bot.conversation.small_talk import folded_words

PHRASES = Path(__file__).with_suffix(".toml")
MAX_CHARS = 200
"""A longer message asks something else."""

_WORD = regex.compile(r"[\p{L}\p{N}\p{M}\u200c'’ʼ`´]+")
_ELISION = regex.compile(r"(?i)^[ld]['’ʼ`´]")
_PART = regex.compile(r"[()|…]|<\w+>|[^()|…<>\s]+")

Span = tuple[str, tuple[int, int]]
"""A folded word and where it stands in the text."""


class Kind(StrEnum):
    """What is asked about the documents; where two may be meant, the first of these is."""

    COUNT = "count"
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


@dataclass(frozen=True, slots=True)
class Language:
    """The phrases of a language, each over folded words with a space before every word.

    Attributes:
        articles: words that a subject does not begin with.
        pointing: words that are no subject by themselves.
    """

    phrases: tuple[tuple[Kind, regex.Pattern[str]], ...]
    articles: frozenset[str]
    pointing: frozenset[str]

    def request(self, text: str, words: str, spans: Sequence[Span]) -> Request | None:
        """Return what a text asks, whose folded words are at `spans`; None if nothing of this."""
        for kind, phrase in self.phrases:
            if not (found := phrase.fullmatch(words)):
                continue
            if not phrase.groups or not found[1]:
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


def _language(lists: Mapping[str, str]) -> Language:
    def pattern(text: str) -> str:
        return "".join(map(piece, _PART.findall(text)))

    def piece(part: str) -> str:
        if part == "(":
            return "(?:"
        if part in {")", "|"}:
            return part
        if part == "…":
            return r"((?: [^ ]+)+?)"
        if part.startswith("<"):
            return f"(?:{pattern(lists[part[1:-1]])})"
        return "".join(f" {word}" for word in folded_words(part))

    before, after = (f"(?:{pattern(lists[name])}){{0,3}}" for name in ("before", "after"))
    return Language(
        tuple(
            (kind, regex.compile(f"{before}{pattern(line)}{after}"))
            for kind in Kind
            for line in sorted(lists.get(kind, "").splitlines(), key=lambda line: "…" in line)
            if line
        ),
        frozenset(folded_words(lists["articles"])),
        frozenset(folded_words(lists["pointing"])),
    )
