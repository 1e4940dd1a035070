"""Attributions by rule: the words around a reporting verb. What a model must be better than."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.core.attributions import Attribution
from index.core.documents import Sentence, Span

_VERB = re.compile(
    r"\b(?:(?:has|have|had|also|later|then) )*(?:said|says|say|saying|told|tells|added|adds|"
    r"adding|claimed|claims|claiming|denied|denies|reported|reports|announced|argued|argues|"
    r"believes?|believed|thinks?|thought|warned|warns|wrote|writes|tweeted|insisted|insists|"
    r"noted|notes|explained|explains|suggested|suggests|stated|states|called|asked|asks)\b"
)
_ACCORDING = re.compile(r"\b[Aa]ccording to\b")
_NAME = r"(?:[A-Z][\w’'.-]+|(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Aa]nother|[Tt]wo)\b)"
_SUBJECT = rf"(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]|[Ww]e|{_NAME}(?: (?:of|for|{_NAME}|[a-z]+)){{0,6}}?)"
_BEFORE = re.compile(rf"(?:^|.*[\s“\"(])({_SUBJECT})[ ,]+$", re.DOTALL)
_AFTER = re.compile(rf"[ ,]*({_SUBJECT})(?=[,.;]|$)")


def find(text: str, sentences: Sequence[Sentence]) -> list[Attribution]:
    """Return an attribution for each sentence with a reporting verb or "according to"."""
    return [found for sentence in sentences for found in _in(text, sentence.span)]


def _in(text: str, sentence: Span) -> Iterator[Attribution]:
    words = sentence.cut(text)
    verb = _ACCORDING.search(words) or _VERB.search(words)
    if verb is None:
        return
    before, after = words[: verb.start()], words[verb.end() :]
    named = None if verb[0].lower() == "according to" else _BEFORE.match(before)
    if named is not None:
        source = named.span(1)
    elif behind := _AFTER.match(after):
        source = tuple(verb.end() + at for at in behind.span(1))
    else:
        return
    rest = sorted([source, verb.span()])
    gaps = [(0, rest[0][0]), (rest[0][1], rest[1][0]), (rest[1][1], len(words))]
    content = [_trimmed(words, *gap) for gap in gaps]
    spans = tuple(Span(sentence.start + a, sentence.start + b) for a, b in content if a < b)
    if spans:
        yield Attribution((_moved(sentence, *source),), (_moved(sentence, *verb.span()),), spans)


def _trimmed(words: str, start: int, end: int) -> tuple[int, int]:
    cut = words[start:end]
    start += len(cut) - len(cut.lstrip(" ,.;"))
    return start, max(start, end - (len(cut) - len(cut.rstrip(" .;"))))


def _moved(sentence: Span, start: int, end: int) -> Span:
    return Span(sentence.start + start, sentence.start + end)
