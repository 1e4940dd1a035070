"""What somebody typed as the question that search and models know."""

from __future__ import annotations

import re

_ENDS = " ?!.…؟？"
_GREETING = r"(?:hi|hello|hey|good (?:morning|afternoon|evening|day))(?: there| all| everyone)?"
_REQUEST = (
    r"(?:please(?=[\s,:]+(?:tell|show|who|whom|whose|what|which|when|where|why|how)\b)"
    r"|(?:can|could|would|will) you(?: please)? (?:tell|show) (?:me|us)"
    r"|(?:do you|does any(?:one|body)) know|(?:please )?tell (?:me|us)|i wonder"
    r"|i(?:'d|’d| would) like to know|i want(?:ed)? to know)"
)
_COURTESY = re.compile(
    rf"(?:{_GREETING}(?:\s*[,.!;:–-]+\s*|\s+(?={_REQUEST}\b))"
    rf"|{_REQUEST}\b(?! (?:about|more|of))[\s,:]*)+"
    r"(?:please\b[\s,]*)?(?:if |whether )?",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?:\s*[,.!?;]\s*(?:please|thanks|thank you)(?: in advance)?|\s+please)[\s.!?]*$",
    re.IGNORECASE,
)
_MIN_WORDS = 2


def as_question(text: str) -> str:
    """Return a text on one line, without English courtesies, with one question mark at its end.

    The models were trained on such questions, and each word more is one that a sentence lacks.
    """
    words = " ".join(text.split())
    courtesy = _COURTESY.match(words)
    bare = _THANKS.sub("", words[courtesy.end() :] if courtesy else words)
    kept = bare if len(bare.split()) >= _MIN_WORDS else words
    ended = kept.rstrip(_ENDS)
    return f"{ended}?" if ended else text
