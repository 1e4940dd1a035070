"""A question apart from the story that is told before it or after it."""

from __future__ import annotations

import re
from typing import NamedTuple

from index.text.question import ASKS, AUXILIARY, as_question
from index.text.terms import is_function_word

_ASKS = rf"(?:{ASKS}|{AUXILIARY})"
_NO_ABBREVIATION = r"(?<!\b[A-Z]\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bInc\.)"
_BORDER = re.compile(
    rf"(?<=[.!?…]){_NO_ABBREVIATION}[\"'”’)]*\s+|\s*\n\s*"
    r"|\b(?:want(?:s|ed)? to know|wonder(?:s|ed|ing)?|curious|tell me|asked(?: me| us)?)[ ,:]+"
    rf"(?:(?:about|if|whether) )?(?={_ASKS}\b)",
    re.IGNORECASE,
)
_ASKING = re.compile(
    rf"(?:(?:and|so|but|or|then|also|in|on|by|to|for|at|since)\s+)*{_ASKS}\b", re.IGNORECASE
)
_MARKED = re.compile(r"[?？][\"'”’)!?]*$")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_POINTING = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|its|their|this|that|these|those|there)\b", re.IGNORECASE
)
_MIN_STORY_WORDS, _MIN_TELLING_WORDS, _MIN_IF_POINTING = 8, 1, 2


class Told(NamedTuple):
    """A question, and the story around it."""

    question: str
    story: str


def apart(text: str) -> Told | None:
    """Return the only question of a text without its story; None if there is no such story."""
    parts = [part for part in _BORDER.split(text) if part and part.strip()]
    marked = [at for at, part in enumerate(parts) if _MARKED.search(part.strip())]
    asking = marked or [at for at, part in enumerate(parts) if _asks(part)]
    if len(asking) != 1:
        return None
    others = [part for at, part in enumerate(parts) if at != asking[0]]
    # Else an abbreviation parts one question: "Who leads Lee, Inc. of Sarn?"
    if not _asks(parts[asking[0]]) and any(map(_asks, others)):
        return None
    story = " ".join(others)
    question = parts[asking[0]].strip()
    is_long = len(story.split()) >= _MIN_STORY_WORDS
    telling = [word for word in _WORD.findall(question) if not is_function_word(word)]
    least = _MIN_IF_POINTING if _POINTING.search(question) else _MIN_TELLING_WORDS
    is_whole = len(telling) >= least
    return Told(question, story) if is_long and is_whole else None


def _asks(part: str) -> bool:
    return _ASKING.match(as_question(part)) is not None
