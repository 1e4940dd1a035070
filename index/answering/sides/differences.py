"""Tells whether two sentences answer one question differently, alike, or not the same question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from index.answering.sides.values import compare, kind_of
from index.answering.sides.wording import NEGATED, Wording
from index.core.documents import Passage, Span
from index.text.anchors import Anchor, Mentions, find_anchors
from index.text.answer_types import AnswerType, expected_answer

Relation = Literal["same", "differs", "earlier"]
"""The same answer; another one; another one that an update explains."""

MIN_COVERAGE = 0.75
"""Of the question's words in one sentence, that the other must have as well."""
_MIN_COVERAGE_OF_CONTRARY = 0.6
_MIN_FRAME = 0.5
_PLACE = re.compile(
    r"\b(?:in|at|near|from|of|on|(?<!according )to|outside|across)\s(?:the\s)?(?:\w+\s)?$",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:alone|including|among|of (?:them|whom|these|those|which)|half of|quarter of|part of|"
    r"first half|second half|last season|first season|so far this|a day|other|others|"
    r"more (?:people|were)|another|additional|further|only)\b",
    re.IGNORECASE,
)
_RESTRICTED = re.compile(
    r"^\W*(?:\w+\s)?(?:(?:who|that|which|aged)\s|of\s(?!the\b|them\b)[a-z]+)", re.IGNORECASE
)
_UNIT = re.compile(
    r"^\W*(?:(?:million|billion|thousand|hundred|dozen|or so|more|of the)\s)*([^\W\d_]+)"
)
_YES_NO = re.compile(
    r"^(?:and |but |so )?(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"^(?:and |but |so )?(?:did|was|were|had|has|have)\b", re.IGNORECASE)
_ONE_NAME = re.compile(
    r"^(?:and |so )?(?:who (?:is|was|are) the\b|(?:who|which \w+|what \w+) (?:first )?"
    r"(?:won|wins|designed|built|founded|discovered|invented|wrote|painted|composed|directed|led|"
    r"leads|bought|owns|owned|started|fired|killed|shot|signed|commanded|commands|succeeded|"
    r"replaced|published|sold|beat|created|hosts|hosted|heads|headed|runs|ran|chairs|chaired|rules|"
    r"ruled|governs|discover|made|makes|scored|took|broke|caused|controls|holds|planted|carried)\b|"
    r"where (?:is|was|were|did|does|do|are)\b|"
    r"(?:in |at |to )?which (?:city|country|town|village|state|year|company|team|club|party)\b|"
    r"what (?:is|was) (?:the|its|his|her) "
    r"(?:capital|name|cause|verdict|outcome|result|motive|colou?r|title|language|religion)\b|"
    r"what (?:caused|causes|sank|killed|destroyed|colou?r)\b)",
    re.IGNORECASE,
)
_STEADY = re.compile(
    r"\b(?:high|height|tall|long|length|wide|width|deep|depth|far|distance|old|did .+ cost|"
    r"built|founded|born|weigh|weight|area|attended|took part|lay off|laid off|seats does|storeys|"
    r"floors)\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:is|are|has|have|leads?|holds?|controls?|runs?|heads?|cost|costs|does)\b", re.IGNORECASE
)
_OPPOSITES = [
    (set(one.split()), set(other.split()))
    for one, other in (
        ("open opened reopened opens", "closed shut closes close"),
        ("accepted accepts approved granted upheld passed", "rejected rejects dismissed refused"),
        ("alive", "dead died killed"),
        ("guilty convicted", "innocent acquitted cleared"),
        ("rose rise rises risen increased grew grown", "fell fall falls fallen decreased shrank"),
        ("safe", "unsafe dangerous harmful"),
        ("won", "lost"),
        ("cancelled canceled scrapped", "ahead"),
        ("freed released", "held captive detained imprisoned"),
        ("legal lawful", "illegal unlawful"),
        ("sober", "drunk"),
        ("empty", "full occupied"),
        ("arrived", "left departed"),
        ("married", "unmarried divorced"),
        ("present", "absent"),
        ("true", "false untrue"),
        ("stay stays staying remain remains", "leave leaves leaving resigned resigns"),
    )
]
_MAX_DAYS = 7


@dataclass(frozen=True)
class Voice:
    """A sentence or two that may answer, with the short answer marked in it."""

    passage: Passage
    span: Span
    answer: Span | None
    published: date | None

    @property
    def text(self) -> str:
        return self.passage.cut(self.span)

    @property
    def marked(self) -> tuple[str, str]:
        """The words before the short answer, and its words."""
        if self.answer is None:
            return "", ""
        return self.passage.cut(Span(self.span.start, self.answer.start)), self.passage.cut(
            self.answer
        )

    @property
    def sources(self) -> list[Span]:
        """Where it names who says it, in the document."""
        parts = (span for told in self.passage.attributions for span in told.source)
        return [span for span in parts if self.span.covers(span)]

    @property
    def told(self) -> str:
        """Its words without those that say who says it."""
        cues = (span for told in self.passage.attributions for span in told.cue)
        left, at = "", self.span.start
        for span in sorted([*self.sources, *filter(self.span.covers, cues)]):
            left += self.passage.cut(Span(at, max(at, span.start)))
            at = max(at, span.end)
        return left + self.passage.cut(Span(at, self.span.end))

    @property
    def after(self) -> str:
        return self.passage.cut(Span(self.answer.end, self.span.end)) if self.answer else ""


class Differences:
    """Compares what sentences answer to one question."""

    def __init__(self, question: str, wording: Wording) -> None:
        self._question = question
        self._wording = wording
        self._kind: AnswerType | None = expected_answer(question)
        self._asked = wording.all_content(question)
        self._anchors = find_anchors(question)
        names = " ".join(anchor.text for anchor in self._anchors)
        self._unnamed = self._asked - wording.all_content(names) if names else self._asked
        self.is_yes_no = _YES_NO.match(question) is not None and " or " not in question
        self._is_of_one = _ONE_NAME.match(question) is not None
        is_named = self._kind in {"person", "place", "reason", "description"}
        self.is_comparable = self.is_yes_no or self._is_of_one or not is_named

    def relation(self, one: Voice, other: Voice) -> Relation | None:
        """Return how `other` stands to `one`, None if it need not answer the same question."""
        if not self.is_comparable or not self._is_of_one_thing(one, other):
            return None
        if self.is_yes_no:
            return self._opposition(one, other)
        kind = self._kind or kind_of(one.marked[1], other.marked[1])
        if one.answer is None or other.answer is None or not (kind or self._is_of_one):
            return None
        agreement = compare(kind, one.marked, other.marked)
        if agreement == "other" and self._is_alike(kind, one, other):
            return "earlier" if self._is_update(kind, one, other) else "differs"
        return "same" if agreement == "same" else None

    def _is_of_one_thing(self, one: Voice, other: Voice) -> bool:
        """Whether the sentences share what the question is about, its names, places and times."""
        words = [self._wording.all_content(voice.text) for voice in (one, other)]
        titles = [self._wording.all_content(v.passage.title or "") for v in (one, other)]
        of_one = self._asked & (words[0] | titles[0])
        of_other = self._asked & (words[1] | titles[1])
        share = _MIN_COVERAGE_OF_CONTRARY if self.is_yes_no else MIN_COVERAGE
        if not of_one or min(map(len, (of_one, of_other))) < share * len(of_one | of_other):
            return False
        if self._unnamed and not all(self._unnamed & of_voice for of_voice in words):
            return False
        mentions = [Mentions.of(v.text, v.published) for v in (one, other)]
        around = [Mentions.of(v.passage.title or "") for v in (one, other)]
        for anchor in self._anchors:
            if any((m | a).lack(anchor) > 0 for m, a in zip(mentions, around, strict=True)):
                return False
        return self._is_in_one_place(one, other) and self._is_at_one_time(one, other)

    def _is_in_one_place(self, one: Voice, other: Voice) -> bool:
        """Whether neither names a place that the other does not, beside the answer."""
        known = [
            Mentions.of(f"{self._question} {voice.text} {voice.passage.title or ''}")
            for voice in (other, one)
        ]
        alone = [
            any(
                _PLACE.search(voice.text[: anchor.span.start]) and of_other.lack(anchor) == 1
                for anchor in self._others(voice)
            )
            for voice, of_other in zip((one, other), known, strict=True)
        ]
        # What is counted in a place may be a part; who built something built it anywhere.
        is_part = any(alone) if self._kind == "quantity" else all(alone)
        return not is_part

    def _is_at_one_time(self, one: Voice, other: Voice) -> bool:
        if self._kind == "time":
            return True
        years = [
            {key for a in find_anchors(v.text) if a.is_time for key in a.keys if len(key) == 4}
            for v in (one, other)
        ]
        return not years[0] or not years[1] or bool(years[0] & years[1])

    @staticmethod
    def _others(voice: Voice) -> list[Anchor]:
        """The names of a sentence outside its short answer and what it attributes."""
        said = [span for told in voice.passage.attributions for span in told.source]
        marked = [*said, *([voice.answer] if voice.answer else [])]
        start = voice.span.start
        return [
            anchor
            for anchor in find_anchors(voice.text)
            if anchor.kind == "name"
            and not any(
                Span(start + anchor.span.start, start + anchor.span.end).overlaps(span)
                for span in marked
            )
        ]

    def _is_alike(self, kind: AnswerType | None, one: Voice, other: Voice) -> bool:
        """Whether the answers count the same things, or stand in the same frame."""
        if kind == "quantity":
            if bool(_PART.search(one.text)) != bool(_PART.search(other.text)):
                return False
            if bool(self._restriction(one)) != bool(self._restriction(other)):
                return False
            units = [self._unit(voice) for voice in (one, other)]
            return (
                not all(units) or units[0] == units[1] or all(unit in self._asked for unit in units)
            )
        if kind in {"time", "duration"}:
            return True
        frames = [
            self._wording.content(f"{voice.marked[0]} {voice.after}") for voice in (one, other)
        ]
        common = frames[0] & frames[1]
        return len(common) >= _MIN_FRAME * (min(map(len, frames)) or 1)

    def _restriction(self, voice: Voice) -> str:
        """What limits the things counted: "of vineyards", "who board"."""
        words = voice.marked[1]
        number = re.search(r"\d|\b[a-z]+\b", words)
        found = _RESTRICTED.match(voice.after) if number else None
        return found[0] if found else ""

    def _unit(self, voice: Voice) -> str:
        """The stem of what is counted, "" if unknown."""
        words = voice.marked[1].split()
        if len(words) > 1 and words[-1][0].isalpha():
            text = words[-1]
        elif found := _UNIT.match(voice.after):
            text = found[1]
        else:
            return ""
        stems = self._wording.all_content(text)
        return next(iter(stems), "")

    def _is_update(self, kind: AnswerType | None, one: Voice, other: Voice) -> bool:
        """Whether the answer may have changed between the days of publication."""
        if one.published is None or other.published is None or one.published == other.published:
            return False
        if kind == "quantity":
            return _STEADY.search(self._question) is None
        return kind != "time" and _NOW.search(self._question) is not None

    def _opposition(self, one: Voice, other: Voice) -> Relation | None:
        """Whether one says the contrary of the other."""
        words = [set(re.findall(r"[a-z]+", voice.text.lower())) for voice in (one, other)]
        is_turned = [len(NEGATED.findall(voice.text)) % 2 == 1 for voice in (one, other)]
        is_opposite = any(
            (words[0] & left and words[1] & right and not words[1] & left)
            or (words[0] & right and words[1] & left and not words[1] & right)
            for left, right in _OPPOSITES
            if (left | right) & (words[0] | words[1])
        )
        if is_opposite == (is_turned[0] != is_turned[1]):
            return None
        shares = [self._wording.share(a.told, b.told) for a, b in ((one, other), (other, one))]
        if max(shares) < _MIN_FRAME:
            return None
        if one.published and other.published:
            days = abs((one.published - other.published).days)
            is_past = _PAST.match(self._question) or (one.sources and other.sources)
            if days > _MAX_DAYS or (days and not is_past):
                return "earlier"
        return "differs"
