"""Cleans questions of courtesies, as search and the models need them."""

from __future__ import annotations

import re

import regex

from index.text.languages.question_words import is_question_word

_ENDS = " ?!.…؟？"
_SIGN = regex.compile(r"\p{Emoji_Presentation}[\u200d\ufe0f\p{Emoji_Modifier}]*")
_GREETING = (
    r"(?:hi|hello|hey|hiya|yo|good (?:morning|afternoon|evening|day))"
    r"(?: there| all| everyone| guys| folks| bot)?"
)
ASKS = r"(?:who|whom|whose|what|which|when|where|why|how)"
AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)"
"""What an English question begins with, as parts of expressions."""
_REQUEST = (
    rf"(?:(?:please|pls|plz)(?=[\s,:]+(?:tell|show|{ASKS})\b)"
    rf"|(?:ok|okay|so|well|u+m+|u+h+|just|quick question|i was wondering|just curious|wondering)"
    rf"(?=[\s,:]+{ASKS}\b)"
    r"|(?:can|could|would|will) you(?: please)? (?:tell|show) (?:me|us)"
    r"|(?:do (?:you|u)|does any(?:one|body))(?: happen to)? know"
    r"|(?:have (?:you|u) |has any(?:one|body) )?(?:got )?any (?:idea|clue)s?(?: on| of| about)?"
    r"|(?:please )?tell (?:me|us)|i wonder"
    r"|i(?:'d|’d| would) like to know|i want(?:ed)? to know"
    r"|is it (?:really |actually )?(?:true|correct|right|the case|a fact)"
    r"(?: that|(?= (?!to|or|for|of|in|on|and)\w+ \w+))"
    r"|(?:can|could) (?:you|any(?:one|body)) confirm(?: that| whether| if)?"
    r"|(?:has|was) it (?:been )?(?:confirmed|verified) that|did it really happen that)"
)
_COURTESY = re.compile(
    rf"(?:{_GREETING}(?:\s*[,.!;:–-]+\s*|\s+(?=(?:{_REQUEST}|{ASKS})\b))"
    rf"|{_REQUEST}\b(?! (?:about|more|of))[\s,:]*)+"
    r"(?:please\b[\s,]*)?(?:if |whether )?",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?:\s*[,.!?;]\s*(?:please|thanks|thank you)(?: a lot| in advance)?"
    r"|\s+(?:please|thx|lol))[\s.!?]*$",
    re.IGNORECASE,
)
# Amid a question, as people type in a chat: "how many any idea who fled".
_FILLER = re.compile(
    r"(?:(?<!\bhave)(?<!\bhas)(?<!\bhad)(?<!\bwithout)(?<!\bgive)(?:,\s*|\s+)"
    r"any (?:idea|clue)s?"
    r"|(?:,\s*|(?<!\bwhat)(?<!\bwho)(?<!\bwhom)(?<!\bhow)(?<!\bwhy)(?<!\bwhere)"
    r"(?<!\bwhen)\s+)do (?:you|u)(?: happen to)? know"
    r"|(?:,\s*|\s+)(?:(?:if|in case) (?:(?:you|u) know|any(?:one|body) knows)|by any chance|pls|"
    r"plz|btw|tbh|kindly|(?:please|i mean|you know)(?=,)|keine ahnung|por favor|porfa|"
    r"s['’]il (?:te|vous) pla[iî]t|stp|svp|пожалуйста|будь ласка))(?=[\s,.?!]|$),?",
    re.IGNORECASE,
)
_ASKED_TWICE = re.compile(r"\b(how (?:many|much)) (?:who|what)\b", re.IGNORECASE)
_MIN_WORDS = 2
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}'’]*")
_IN = frozenset(["in", "im", "en", "em", "au", "в", "у", "за", "در", "سال", "في", "عام", "année"])
_IN |= frozenset(["año", "jahr", "году", "році", "год", "рік", "year"])
_AND = frozenset(
    ["and", "but", "und", "aber", "y", "et", "mais", "e", "а", "и", "і", "та", "но", "و"]
)


def asks_nothing(text: str) -> bool:
    """Whether a text has no words for what it asks about: "and when?", "and in 2019?"."""
    words = _WORD.findall(text.casefold())
    asking = [word for word in words if is_question_word(word)]
    if bool(asking) and all(word in _AND or is_question_word(word) for word in words):
        return True
    is_going_on = bool(words) and words[0] in _AND
    return is_going_on and all(word in _IN or word.isdecimal() for word in words[1:])


def as_question(text: str) -> str:
    """Return a text on one line, without English courtesies, ending in one question mark.

    The models were trained on such questions, and each further word is one that a sentence lacks.
    """
    words = " ".join(_SIGN.sub(" ", text).split())
    courtesy = _COURTESY.match(words)
    bare = _THANKS.sub("", words[courtesy.end() :] if courtesy else words)
    if (filled := _FILLER.sub("", bare)) != bare:
        bare = _ASKED_TWICE.sub(r"\1", filled)
    kept = bare if len(bare.split()) >= _MIN_WORDS else words
    ended = kept.rstrip(_ENDS)
    return f"{ended}?" if ended else text
