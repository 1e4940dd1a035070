"""Questions about what somebody says or denies: "What did Ann Lee say about the bridge?"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from rapidfuzz.distance import OSA

from index.answering.sides.denials import find_denial
from index.core.answers import Answer, Quote
from index.core.scope import Scope
from index.reader import Retrieved
from index.store.attributions import Attributions
from index.store.passages import PassageReader

_ON = r"(?: (?:about|on|of|to|regarding|concerning) (?P<topic>.+?))?"
_SAY = r"(?:say|said|says|think|claim|claimed|announce|announced|state|stated)"
_REPLY = (
    r"(?:commented|comment|responded|respond|reacted|react|replied|reply|spoken|speak|"
    r"(?:said|say) anything|(?:made|make|given|give) (?:a|any) (?:statement|comment))"
)
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"what (?:did|does|do|has|have|had) (?P<who>.+?) {_SAY}{_ON}",
        rf"(?:has|have|had|did|does|do|how did|how has|how have) (?P<who>.+?) {_REPLY}{_ON}",
        rf"what (?:is|was) (?P<who>.+?)['’]s? (?:comment|reaction|response|view|position){_ON}",
    )
]
_DENIES = re.compile(
    r"(?:what )?(?:did|does|do|has|have|had) (?P<who>(?:(?!been\b|ever\b|not\b|never\b)\S+ )+?)"
    r"(?:ever )?(?:den(?:y|ied)|disputed?|refuted?|contradict(?:ed)?)(?: (?P<topic>.+))?",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"(?:it|this|that|them|(?:the|any|these|those|his|her|their) "
    r"(?:reports?|claims?|rumou?rs?|allegations?|accusations?|charges?|stor(?:y|ies)))",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    [
        "he",
        "she",
        "it",
        "they",
        "we",
        "you",
        "i",
        "people",
        "anyone",
        "anybody",
        "someone",
        "somebody",
    ]
)
_MAX_SPEAKERS = 5_000
_LETTERS_A_SLIP = 5
"""Of a word, for each that may be wrong in it."""
_ARTICLE = re.compile(r"(?:the|an?) ", re.IGNORECASE)


class AskedSpeaker(NamedTuple):
    """Somebody whose words are asked for.

    Attributes:
        topic: the subject; None for any.
        denies: whether they deny something is asked.
    """

    who: str
    topic: str | None
    denies: bool = False


def asked_speaker(question: str) -> AskedSpeaker | None:
    """Return whose words a question asks for, if it asks for anybody's."""
    words = " ".join(question.split()).rstrip("?!. ")
    for form in _FORMS:
        if found := form.fullmatch(words):
            who = _ARTICLE.sub("", found["who"], count=1)
            return None if who.lower() in _NOBODY else AskedSpeaker(who, found["topic"])
    return _asked_denier(words)


def _asked_denier(words: str) -> AskedSpeaker | None:
    """Whose denial a question asks for; bail and visas are denied otherwise."""
    found = _DENIES.fullmatch(words)
    if found is None:
        return None
    who, topic = _ARTICLE.sub("", found["who"].strip(), count=1), found["topic"]
    if who.lower() in _NOBODY or (topic and find_denial(f"{who} denied {topic}.") is None):
        return None
    is_any = topic is None or _CLAIM.fullmatch(topic)
    return AskedSpeaker(who, None if is_any else topic, denies=True)


def find_speaker(
    speaker: AskedSpeaker, scope: Scope, passages: PassageReader
) -> tuple[AskedSpeaker, Scope]:
    """Return who is meant, and the scope narrowed to what they say, if the documents quote them.

    A name that none of those quoted has is taken for one that is written almost alike.
    """
    who: str | None = speaker.who
    if len(passages.ids_within(replace(scope, said=who))) == 0:
        quoted = Attributions(passages.engine).speakers(scope.collections)
        who = written_alike(speaker.who, [name for name, _number in quoted[:_MAX_SPEAKERS]])
    if who is None:
        return speaker, scope
    return speaker._replace(who=who), replace(scope, said=who)


def written_alike(who: str, speakers: Iterable[str]) -> str | None:
    """Return a name with its words as the first speaker that has them almost alike is written.

    "defence ministry" is written almost as "the defense ministry". None if no speaker fits.
    """
    for speaker in speakers:
        words = re.findall(r"[^\W_]+", speaker)
        meant = [next(filter(partial(_is_alike, word), words), "") for word in who.split()]
        if all(meant):
            return " ".join(meant) or None
    return None


def _is_alike(word: str, other: str) -> bool:
    one, two = word.lower(), other.lower()
    most = len(one) // _LETTERS_A_SLIP
    return one[0] == two[0] and OSA.distance(one, two, score_cutoff=most) <= most


def is_said_by(speaker: str, who: str) -> bool:
    """Whether a speaker, as the text names them, has all words of a name."""
    return all(word in speaker.lower() for word in who.lower().split())


def as_told(answer: Answer, speaker: AskedSpeaker, is_on_topic: Callable[[Quote], bool]) -> Answer:
    """The answer to a question for somebody's words, which nobody else's can answer."""

    def own(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
        return tuple(
            quote
            for quote in quotes
            if quote.speaker is None or is_said_by(quote.speaker.text, speaker.who)
        )

    if speaker.denies:
        return _of_denials(answer, speaker.who, own(answer.quotes or answer.closest))
    quotes, closest = own(answer.quotes), own(answer.closest)
    told = [quote for quote in (*quotes, *closest) if quote.speaker is not None]
    if speaker.topic is None and told:  # whatever they say answers
        return replace(answer, quotes=tuple(told), closest=(), state="answered", reason=None)
    quotes = tuple(filter(is_on_topic, quotes)) if speaker.topic else quotes
    if quotes:
        return replace(answer, quotes=quotes, closest=closest)
    return _silent(answer, speaker.who, closest)


def _of_denials(answer: Answer, who: str, shown: tuple[Quote, ...]) -> Answer:
    """The answer to whether somebody denies something: a denial of theirs, or silence."""
    denials = [
        quote
        for quote in shown
        if find_denial(quote.text) and (quote.speaker or is_said_by(quote.text, who))
    ]
    if not denials:
        return _silent(answer, who, shown)
    ordered = (*denials, *(quote for quote in shown if quote not in denials))
    return replace(answer, quotes=ordered) if answer.quotes else replace(answer, closest=ordered)


def _silent(answer: Answer, who: str, closest: tuple[Quote, ...]) -> Answer:
    return replace(
        answer,
        quotes=(),
        closest=closest,
        state="none",
        reason=f"{who} says nothing on it in the documents",
        silent=who,
        confidence=0.0 if answer.quotes else answer.confidence,
    )


def sentences_by(who: str, retrieved: Sequence[Retrieved]) -> Iterator[Retrieved]:
    """Each sentence of passages that tells what somebody says, as a passage of its own."""
    for item in retrieved:
        passage = item.passage
        said = tuple(
            one
            for one in passage.attributions
            if one.speaker is not None and is_said_by(one.speaker.text, who)
        )
        for at, sentence in enumerate(passage.sentences):
            span = sentence.span
            entry = passage.entry_at(span.start)
            writer = entry and entry.speaker
            told = [one for one in said if any(part.overlaps(span) for part in one.content)]
            if passage.span.covers(span) and (told or (writer and is_said_by(writer.text, who))):
                alone = replace(
                    passage,
                    text=passage.cut(span),
                    span=span,
                    sentences=(sentence,),
                    first=passage.first + at,
                    attributions=tuple(replace(one, content=(span,)) for one in told),
                )
                yield Retrieved(alone, item.hit)
