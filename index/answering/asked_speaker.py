"""Questions about what somebody says: "What did Ann Lee say about the bridge?"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from index.core.answers import Answer, Quote
from index.reader import Retrieved

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
_ARTICLE = re.compile(r"(?:the|an?) ", re.IGNORECASE)


class AskedSpeaker(NamedTuple):
    """Somebody whose words are asked for, and the subject, None for any."""

    who: str
    topic: str | None


def asked_speaker(question: str) -> AskedSpeaker | None:
    """Return whose words a question asks for, if it asks for anybody's."""
    words = " ".join(question.split()).rstrip("?!. ")
    for form in _FORMS:
        if found := form.fullmatch(words):
            who = _ARTICLE.sub("", found["who"], count=1)
            return None if who.lower() in _NOBODY else AskedSpeaker(who, found["topic"])
    return None


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

    quotes, closest = own(answer.quotes), own(answer.closest)
    told = [quote for quote in (*quotes, *closest) if quote.speaker is not None]
    if speaker.topic is None and told:  # whatever they say answers
        return replace(answer, quotes=tuple(told), closest=(), state="answered", reason=None)
    quotes = tuple(filter(is_on_topic, quotes)) if speaker.topic else quotes
    if quotes:
        return replace(answer, quotes=quotes, closest=closest)
    return replace(
        answer,
        quotes=(),
        closest=closest,
        state="none",
        reason=f"{speaker.who} says nothing on it in the documents",
        silent=speaker.who,
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
