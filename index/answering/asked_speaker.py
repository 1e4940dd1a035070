"""Questions about what somebody says: "What did Ann Lee say about the bridge?"."""

from __future__ import annotations

import re
from typing import NamedTuple

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
