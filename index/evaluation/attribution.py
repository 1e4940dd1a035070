"""Measures how well attributions are found, against those that people marked."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from index.attribution.quotation import speech_of
from index.core.attributions import Attribution
from index.core.documents import Sentence, Span

_TOKEN = re.compile(r"\w+|[^\w\s]")

_OPENING = frozenset("\"“„«‘'")

ROLES = ("source", "cue", "content")

Find = Callable[[str, Sequence[Sentence]], Sequence[Attribution]]
"""Finds the attributions of a text."""


@dataclass
class Count:
    """Right, found and marked items, of which precision, recall and F1 follow."""

    right: int = 0
    found: int = 0
    marked: int = 0

    def add(self, right: int, found: int, marked: int) -> None:
        self.right += right
        self.found += found
        self.marked += marked

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, 0..1."""
        return 2 * self.right / ((self.found + self.marked) or 1)


@dataclass
class AttributionScores:
    """Scores over documents.

    Attributes:
        exact: by role, spans that are the same word for word, anywhere in a document; "linked" for
            whole attributions.
        tokens: by role, words and punctuation marks that have the role in any attribution;
            "linked" for those of the content of attributions that share a cue with a marked one
            and name its source, or like it none.
        direct, direct_right: contents between their own quotation marks, and those whose found
            speaker is the one marked.
    """

    exact: dict[str, Count] = field(
        default_factory=lambda: {role: Count() for role in (*ROLES, "linked")}
    )
    tokens: dict[str, Count] = field(
        default_factory=lambda: {role: Count() for role in (*ROLES, "linked")}
    )
    direct: int = 0
    direct_right: int = 0

    @property
    def direct_speaker(self) -> float:
        """The share of direct quotes whose speaker is right, 0..1."""
        return self.direct_right / (self.direct or 1)

    def add(self, text: str, found: Sequence[Attribution], marked: Sequence[Attribution]) -> None:
        """Count one document."""
        tokens = [Span(*match.span()) for match in _TOKEN.finditer(text)]
        ours = [_Tokens.of(one, tokens) for one in found]
        theirs = [_Tokens.of(one, tokens) for one in marked]
        for role in ROLES:
            exact = [{getattr(one, role) for one in of} - {frozenset()} for of in (ours, theirs)]
            self.exact[role].add(len(exact[0] & exact[1]), len(exact[0]), len(exact[1]))
            every = [
                frozenset().union(*(getattr(one, role) for one in of)) for of in (ours, theirs)
            ]
            self.tokens[role].add(len(every[0] & every[1]), len(every[0]), len(every[1]))
        self.exact["linked"].add(len(set(ours) & set(theirs)), len(set(ours)), len(set(theirs)))
        right = sum(len(one.content & other.content) for one, other in _aligned(ours, theirs))
        sizes = (sum(len(one.content) for one in of) for of in (ours, theirs))
        self.tokens["linked"].add(right, *sizes)
        self._add_direct(text, ours, marked, theirs)

    def _add_direct(
        self,
        text: str,
        ours: Sequence[_Tokens],
        marked: Sequence[Attribution],
        theirs: Sequence[_Tokens],
    ) -> None:
        for attribution, gold in zip(marked, theirs, strict=True):
            opens = text[attribution.content[0].start] in _OPENING
            if not gold.source or not opens or speech_of(text, attribution.content) != "direct":
                continue
            best = max(ours, key=lambda one: len(one.content & gold.content), default=None)
            self.direct += 1
            if best is not None and best.content & gold.content:
                shared = len(best.source & gold.source)
                self.direct_right += 2 * shared > max(len(best.source), len(gold.source))


def score_rows(scores: Mapping[str, AttributionScores]) -> list[list[str]]:
    """Return a row per measure: its name, and the scores of each way to find, as text."""
    rows = []
    for role in (*ROLES, "linked"):
        exact = "whole attribution" if role == "linked" else role
        tokens = "linked content" if role == "linked" else role
        rows.append([f"{exact}, exact F1", *(f"{of.exact[role].f1:.3f}" for of in scores.values())])
        rows.append(
            [f"{tokens}, token F1", *(f"{of.tokens[role].f1:.3f}" for of in scores.values())]
        )
    return [
        *rows,
        [
            "speaker of a direct quote right",
            *(f"{of.direct_speaker:.3f}" for of in scores.values()),
        ],
    ]


@dataclass(frozen=True, slots=True)
class _Tokens:
    """An attribution as the numbers of its tokens."""

    source: frozenset[int]
    cue: frozenset[int]
    content: frozenset[int]

    @classmethod
    def of(cls, attribution: Attribution, tokens: Sequence[Span]) -> _Tokens:
        roles = (attribution.source, attribution.cue, attribution.content)
        return cls(*(_numbers(spans, tokens) for spans in roles))


def _numbers(spans: Iterable[Span], tokens: Sequence[Span]) -> frozenset[int]:
    numbers: set[int] = set()
    for span in spans:
        first = bisect_right(tokens, span.start, key=lambda token: token.end)
        last = bisect_left(tokens, span.end, key=lambda token: token.start)
        numbers.update(range(first, last))
    return frozenset(numbers)


def _aligned(ours: Sequence[_Tokens], theirs: Sequence[_Tokens]) -> list[tuple[_Tokens, _Tokens]]:
    """Pairs that share a cue and a source, each attribution in one at most."""
    pairs, taken = [], set()
    for one in ours:
        for at, other in enumerate(theirs):
            same_source = one.source & other.source or not (one.source or other.source)
            if at not in taken and one.cue & other.cue and same_source:
                taken.add(at)
                pairs.append((one, other))
                break
    return pairs
