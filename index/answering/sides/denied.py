"""Finds the other side of a claim: the sentences that deny it, or that it denies."""

from __future__ import annotations

from collections.abc import Sequence

from index.answering.sides.denials import Denial, find_denial, may_deny
from index.answering.sides.sentences import LOOK_BACK, Context, Told
from index.answering.sides.wording import NEGATED, Wording
from index.text.anchors import Mentions, find_anchors

MIN_SHARE = 0.6
"""Of the content of a denial, that a claim must have to be the one that is denied."""
_MIN_SHARE_WITHOUT_PREDICATE = 0.8
_MIN_WORDS_ELSEWHERE = 2


class Denied:
    """Matches denials and claims among the sentences that were found."""

    def __init__(self, context: Context, wording: Wording) -> None:
        self._context = context
        self._wording = wording
        self._denials = [
            (told, denial)
            for passage in context.passages
            if may_deny(passage.text)
            for told in context.of(passage)
            if (denial := find_denial(told.text))
        ]

    def other_side(self, claim: Sequence[Told]) -> list[Told]:
        """Return the sentences that deny what some say, or that these deny; nearest first."""
        if not self._denials:
            return []
        ours = {(told.document_id, told.ordinal) for told in claim}
        own = [pair for pair in self._denials if pair[0].key in ours]
        found = [
            told
            for told, denial in self._denials
            if told.key not in ours and not own and self._is_of(told, denial, claim)
        ]
        for told, denial in own:
            found += [one for one in self._claims(told, denial) if one.key not in ours]
        place = claim[0]

        def distance(told: Told) -> tuple[bool, int]:
            is_elsewhere = told.document_id != place.document_id
            is_sorted = is_elsewhere or bool(own)
            return is_elsewhere, 0 if is_sorted else abs(told.ordinal - place.ordinal)

        return sorted({told.key: told for told in found}.values(), key=distance)

    def _is_of(self, told: Told, denial: Denial, claim: Sequence[Told]) -> bool:
        """Whether a denial is one of a claim."""
        if denial.content:
            return any(self._denies(told, denial.content, one) for one in claim)
        meant = self._meant(told, denial)
        return any(
            one.key == other.key
            or (one.document_id != other.document_id and self._says(one.text, other.text))
            for one in claim
            for other in meant
        )

    def _claims(self, told: Told, denial: Denial) -> list[Told]:
        """The sentences that a denial denies."""
        if not denial.content:
            return self._meant(told, denial)
        return [
            one
            for one in self._context
            if find_denial(one.text) is None and self._denies(told, denial.content, one)
        ]

    def _meant(self, told: Told, denial: Denial) -> list[Told]:
        """The sentences before that "the reports" or "it" stands for."""
        before = self._context.before(told, LOOK_BACK)
        reports = [one for one in before if one.is_report and find_denial(one.text) is None]
        if not reports:
            return before[:1] if before and find_denial(before[0].text) is None else []
        share, further = self._wording.share, denial.further
        if denial.is_plural:
            nearest = reports[0]
            reports = [
                one
                for one in reports
                if one is nearest
                or share(further, one.text) > 0
                or share(nearest.text, one.text) > 0
            ]
        closest = sorted(reports, key=lambda one: -share(further, one.text))
        return closest if denial.is_plural else closest[:1]

    def _denies(self, told: Told, content: str, claim: Told) -> bool:
        """Whether a claim says what a denial denies."""
        words, of_claim = self._wording.content(content), self._wording.content(claim.text)
        common = words & of_claim
        if not words or len(common) < MIN_SHARE * len(words):
            return False
        is_elsewhere = told.document_id != claim.document_id
        if len(common) < (_MIN_WORDS_ELSEWHERE if is_elsewhere or len(words) > 1 else 1):
            return False
        predicates = self._wording.predicates(content)
        if not predicates <= of_claim and len(common) < _MIN_SHARE_WITHOUT_PREDICATE * len(words):
            return False
        if NEGATED.search(claim.text) and not NEGATED.search(content):
            return False
        return self._is_of_same_names(content, claim)

    def _says(self, one: str, other: str) -> bool:
        """Whether sentences of two documents tell the same."""
        shorter, longer = sorted((one, other), key=lambda text: len(self._wording.content(text)))
        common = self._wording.content(shorter) & self._wording.content(longer)
        is_alike = self._wording.share(shorter, longer) >= MIN_SHARE
        numbers = [
            {k for a in find_anchors(t) if a.kind == "number" for k in a.keys} for t in (one, other)
        ]
        return is_alike and len(common) > _MIN_WORDS_ELSEWHERE and numbers[0] == numbers[1]

    def _is_of_same_names(self, content: str, claim: Told) -> bool:
        """Whether all that a denial names is named by the claim or around it."""
        around = Mentions.of(f"{claim.passage.title or ''} {claim.passage.text}")
        return all(
            around.lack(anchor) < 1 for anchor in find_anchors(content) if not anchor.is_time
        )
