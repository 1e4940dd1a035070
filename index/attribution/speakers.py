"""Names the speaker behind "he", "the ministry" or a surname, where the document is clear.

Rules, each of which leaves a source as written if more than one is meant by it or none.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.attribution.quotation import speech_of
from index.core.attributions import Attribution
from index.core.documents import Sentence, Span, Speaker

_WORD = (
    r"(?:(?:Mrs?|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Capt|Maj|Sgt|St|Jr|Sr|Prof|Del|Adm|[A-Z])\."
    r"|[A-Z][\w’'-]*)"
)
_NAME = re.compile(
    rf"{_WORD}(?:\s(?:(?:al|bin|ben|da|de|del|der|di|du|el|ibn|la|le|van|von)\s)*{_WORD})*"
)
_TITLES_TEXT = (
    "mr mrs ms miss dr prof professor sir lord lady president vice prime minister mayor "
    "governor gov senator sen representative rep congressman congresswoman secretary general "
    "gen colonel col lieutenant lt captain capt major maj sergeant sgt commissioner chairman "
    "chairwoman chair director judge justice king queen prince princess pope bishop "
    "archbishop sheikh imam mullah ambassador chancellor speaker sheriff chief detective "
    "officer attorney deputy former"
)
TITLES = frozenset(_TITLES_TEXT.split())
"""Words before the name of a person, as `plain` has them."""

_ROLES_TEXT = (
    "spokesman spokeswoman spokesperson president minister mayor governor senator secretary "
    "chief director chairman chairwoman commander general ambassador leader head official "
    "officer lawyer attorney professor analyst economist researcher scientist editor author "
    "candidate nominee manager adviser advisor activist judge executive founder resident"
)
_ROLES = _ROLES_TEXT.replace(" ", "|")
_ROLE_BEFORE = re.compile(
    rf"(?:(?:[A-Z][\w’'-]*|of|for|and|[a-z]+-[a-z]+|senior|former|deputy|foreign|interior|police|"
    rf"defen[cs]e|ministry|government|army|military|{_ROLES})\s)*(?:{_ROLES})\s$"
)
_ROLE_AFTER = re.compile(r",\s(?:an?|the|its|their|who is)\s[^,.;:\n]{3,80}(?=,)")
_BRANCH = re.compile(r",|\s(?:of|for|in|at|from|with|who|on|to)\s")
_SMALL = frozenset(["a", "an", "the", "of", "for", "in", "and", "at", "its", "his", "her", "their"])
_OPENERS_TEXT = (
    "after also although as because before but by even from however if later like meanwhile "
    "now on once or since so still that then this though to under until what when where while "
    "with yet january february march april may june july august september october november "
    "december monday tuesday wednesday thursday friday saturday sunday"
)
_OPENERS = _SMALL | frozenset(_OPENERS_TEXT.split())
_CLAUSE = re.compile(r",?\s(?:who|whose|whom|which)\b")
_HE = frozenset(("he", "she"))
_UNNAMED = _HE | {"i", "we", "they", "it", "you", "who", "which", "that", "this", "his", "her"}
_NEAR_SENTENCES = 2
_MAX_MENTION_CHARS = 160


@dataclass(frozen=True, slots=True)
class _Mention:
    """Words of a document that name somebody: "Mayor Ann Lee", "the Ministry of Health".

    Attributes:
        name: the words of the name without titles; empty for "the mayor".
        heads: the nouns that may stand for it: "mayor", "ministry".
    """

    span: Span
    words: frozenset[str]
    name: tuple[str, ...]
    heads: frozenset[str]

    @classmethod
    def of(cls, text: str, span: Span) -> _Mention:
        written = span.cut(text)
        first = _BRANCH.split(written)[0]
        named, role = split_role(first)
        runs = list(_NAME.finditer(named))
        last = runs[-1][0].split() if runs and runs[-1].end() == len(named) else []
        name = tuple(bare for word in last if (bare := _bare(word)) not in TITLES | _OPENERS)
        titles = [word for word in last if _bare(word) in TITLES]
        heads = {_bare(words[-1]) for words in (role.split(), titles) if words}
        if not heads and (words := first.split()):
            heads = {_bare(words[-1])}
        every = frozenset(map(_bare, written.split())) - _SMALL
        return cls(span, every, name, frozenset(heads))

    @property
    def is_person(self) -> bool:
        """Whether it is a full name, or a name with a title."""
        return len(self.name) > 1 or bool(self.name and self.heads - {self.name[-1]})


def name_speakers(
    text: str, sentences: Sequence[Sentence], found: Sequence[Attribution]
) -> list[Attribution]:
    """Return attributions, ordered by their cues, with their speakers and kinds of speech."""
    sources = [_Mention.of(text, _around(one.source)) for one in found if one.source]
    resolver = _Resolver(text, sentences, sources)
    return [
        replace(
            one,
            speaker=resolver.speaker(_around(one.source), one) if one.source else None,
            speech=speech_of(text, one.content) if one.source else None,
        )
        for one in found
    ]


def split_role(speaker: str) -> tuple[str, str]:
    """Return the name and the role of "ministry spokesman Ann Lee", "" for no role.

    A comma before the name, as in "the mayor, Ann Lee", is no part of the role.
    """
    names = list(_NAME.finditer(speaker))
    if not names or names[-1].end() != len(speaker):
        return speaker, ""
    name = names[-1]
    before = speaker[: name.start()].split()
    if not before or not before[-1][0].islower() or before[-1].lower() in _SMALL:
        return speaker, ""
    return name[0], " ".join(before).rstrip(",")


def merge_speakers(counted: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return speakers with their counts, each name once with the longest role; most first.

    Those that are not named ("he", "two officials") are left out.
    """
    merged: dict[str, tuple[str, int]] = {}
    for speaker, count in counted:
        name = split_role(speaker)[0].removeprefix("The ").removeprefix("the ")
        if not re.search(r"(?:^|\s)[A-Z].*", name) or _bare(speaker) in _UNNAMED:
            continue
        longest, before = merged.get(name.lower(), ("", 0))
        merged[name.lower()] = max(longest, speaker, key=len), before + count
    return sorted(merged.values(), key=lambda item: (-item[1], item[0]))


class _Resolver:
    """Finds who is meant. The speaker before, whom "he" may mean, is kept from call to call."""

    def __init__(
        self, text: str, sentences: Sequence[Sentence], sources: Sequence[_Mention]
    ) -> None:
        self._text = text
        self._starts = [sentence.span.start for sentence in sentences]
        self._names = [
            mention
            for sentence in sentences
            for match in _NAME.finditer(text, sentence.span.start, sentence.span.end)
            # One word alone is no person yet; most are single words.
            if len(match[0].split()) > 1
            and (mention := _Mention.of(text, Span(*match.span()))).is_person
        ]
        self._before: tuple[Span, Speaker] | None = None
        self._by_name: dict[str, list[_Mention]] = defaultdict(list)
        self._by_head: dict[str, list[_Mention]] = defaultdict(list)
        for mention in (*sources, *self._names):
            if len(mention.name) > 1:
                self._by_name[mention.name[-1]].append(mention)
            for head in mention.heads:
                self._by_head[head].append(mention)

    def speaker(self, span: Span, attribution: Attribution) -> Speaker:
        """Return who is meant by the source at `span`."""
        mention = _Mention.of(self._text, span)
        written = span.cut(self._text)
        meant: Span | None = span
        if written.lower() in _HE:
            meant = self._he(attribution)
        elif mention.name and not (written.isupper() or self._is_group(written)):
            meant = self._full_name(mention)
        elif written.lower().startswith("the "):
            meant = self._described(mention)
        named = self._without_clause(meant or span)
        speaker = Speaker(named.cut(self._text), named)
        self._before = (span, speaker) if meant is not None else None
        return speaker

    def _is_group(self, written: str) -> bool:
        """Whether a word is the plural of another in the text: "Republicans"."""
        is_word = bool(re.fullmatch(r"\w+s", written))
        return is_word and bool(re.search(rf"\b{written[:-1]}\b", self._text))

    def _without_clause(self, span: Span) -> Span:
        """A person without what is told of them: "Ann Lee, who was mayor until 2019"."""
        written = span.cut(self._text)
        clause = _CLAUSE.search(written)
        if clause and _Mention.of(self._text, named := _cut(span, clause.start())).is_person:
            return named
        return _cut(span, len(written.rstrip(" ,")))

    def _he(self, attribution: Attribution) -> Span | None:
        """The speaker before, if nobody else is named between."""
        if self._before is None:
            return None
        said, speaker = self._before
        last = _Mention.of(self._text, speaker.span)
        at = attribution.source[0].start
        far = bisect_right(self._starts, at) - bisect_left(self._starts, said.end)
        first = bisect_left(self._names, said.end, key=_start)
        others = (
            name
            for name in self._names[first : bisect_left(self._names, at, key=_start)]
            if not any(part.covers(name.span) for part in attribution.content)
            and name.name[-1] not in last.name
        )
        return None if far > _NEAR_SENTENCES or not last.is_person or any(others) else speaker.span

    def _full_name(self, mention: _Mention) -> Span | None:
        """The fullest name before, or else after, that ends in this one, if one person bears it."""
        end = mention.name
        same = [
            other
            for other in self._by_name[end[-1]]
            if len(other.name) > len(end) and other.name[-len(end) :] == end
        ]
        before = [other for other in same if other.span.start < mention.span.start]
        chosen = before or same
        if len({other.name for other in chosen}) > 1:
            return None
        return max((self._with_role(other.span) for other in chosen), key=len, default=mention.span)

    def _described(self, mention: _Mention) -> Span | None:
        """The named source before that "the ministry" or "the mayor" describes."""
        meant = [
            other
            for head in mention.heads
            for other in self._by_head[head]
            if other.span.end <= mention.span.start
            and mention.words <= other.words
            and any(word[:1].isupper() for word in other.span.cut(self._text).split()[1:])
        ]
        fullest = max(meant, key=lambda other: len(other.words), default=None)
        if fullest is None:
            return mention.span
        if any(not other.words <= fullest.words for other in meant):
            return mention.span
        return self._with_role(fullest.span)

    def _with_role(self, span: Span) -> Span:
        """A name with the role beside it: "health minister Ann Lee", "Ann Lee, a nurse"."""
        line = self._text.rfind("\n", 0, span.start) + 1
        if before := _ROLE_BEFORE.search(self._text[line : span.start]):
            return Span(line + before.start(), span.end)
        after = _ROLE_AFTER.match(self._text, span.end)
        return Span(span.start, after.end()) if after else span


def _around(source: Sequence[Span]) -> Span:
    """The span of a source, or of its first part if they lie far apart."""
    whole = Span(source[0].start, source[-1].end)
    return whole if len(whole) <= _MAX_MENTION_CHARS else source[0]


def _bare(word: str) -> str:
    return re.sub(r"'s$|[^\w'-]", "", word.replace("’", "'")).lower()


def _start(mention: _Mention) -> int:
    return mention.span.start


def _cut(span: Span, size: int) -> Span:
    return Span(span.start, span.start + size)
