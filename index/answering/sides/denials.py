"""Finds the sentences that deny or doubt a claim, and the claim that each of them means."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_CLAIM = (
    r"(?:reports?|claims?|allegations?|accusations?|accounts?|rumou?rs?|statements?|suggestions?|"
    r"assertions?|story|stories|charges?|findings?|figures?|numbers?|versions?|announcements?|"
    r"news|article|study|posts?|videos?)"
)
_FALSE = (
    r"(?:false|untrue|baseless|unfounded|groundless|fabricated|incorrect|wrong|fake|nonsense|"
    r"invented|lies?|hoax|fabrications?|misleading|not true|rubbish|propaganda|disinformation|"
    r"fiction)"
)
_DETERMINER = r"(?:(?:the|this|that|these|those|such|any|all|both|an?|his|her|its|their|our)\s)?"
_MODIFIERS = r"(?:[\w’'-]+\s){0,3}?"
_DENIES = (
    r"\b(?:den(?:y|ies|ied|ying)|refut(?:es?|ed|ing)|rebut(?:s|ted)?|disput(?:es|ed|ing)|"
    r"contradict(?:s|ed|ing)?|debunk(?:s|ed)?)\b"
)
# These deny only claims: a bill that is rejected was none.
_REJECTS = (
    r"\b(?:reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|contest(?:s|ed)?|challeng(?:es|ed)|"
    r"repudiat(?:es|ed)|question(?:s|ed)|doubt(?:s|ed)?|cast(?:s)? doubt on)"
    rf"(?=\s{_DETERMINER}{_MODIFIERS}{_CLAIM}\b|\s(?:it|this|that|them|whether)\b)"
)
_DOUBTS = (
    r"\b(?:(?:could|can)(?: ?not|n't) (?:\w+ly )?(?:be )?(?:\w+ly )?(?:verif|confirm|corrobor)\w*"
    r"|(?:has|have|had|was|were) not (?:yet )?(?:been )?(?:\w+ly )?(?:confirmed|verified)"
    r"|no (?:independent |official )?(?:confirmation|proof|evidence)"
    r"|(?:is|was|are|were|remains?|remained) un(?:confirmed|verified|proven|substantiated)"
    r"|far from (?:certain|clear)|s[ck]eptical|(?:unclear|not clear|uncertain) whether)"
)
_CALLS_FALSE = (
    r"\b(?:call(?:s|ed|ing)|describ(?:es|ed|ing)|label(?:s|led)|brand(?:s|ed))\s"
    rf"{_DETERMINER}{_MODIFIERS}(?:{_CLAIM}|it|this|that|them)\s(?:(?:that|of)\s[^;]+?\s)?(?:as\s)?"
    rf"(?:an?\s)?(?:\w+\s)?{_FALSE}\b"
)
_CALLED = re.compile(
    rf"\b{_CLAIM}\s(?:that|of)\s(?P<content>.+?)\s(?:as\s)?(?:an?\s)?(?:\w+\s)?{_FALSE}$",
    re.IGNORECASE,
)
_CUES = [
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("verb", _DENIES),
        ("verb", _REJECTS),
        ("true", r"\bno truth (?:in|to|behind)\b|\bnot true\b(?! enough)"),
        ("called", _CALLS_FALSE),
        ("false", rf"\b(?:is|was|are|were|be|been)\s(?:an?\s)?(?:\w+ly\s)?{_FALSE}\b"),
        ("verb", _DOUBTS),
    )
]
_STEMS = re.compile(
    r"\b(?:den[iy]|refut|rebut|disput|contradict|debunk|reject|dismiss|contest|challeng|repudiat|"
    r"question|doubt|cast|no truth|not true|call|describ|label|brand|false|untrue|baseless|"
    r"unfounded|groundless|fabricat|incorrect|wrong|fake|nonsense|invented|lies?|hoax|misleading|"
    r"rubbish|propaganda|disinformation|fiction|(?:could|can|has|have|had|was|were) ?not|"
    r"couldn't|can't|no (?:independent |official )?(?:confirm|proof|eviden)|"
    r"un(?:confirm|verif|proven|substan|clear|certain)|not clear|far from|s[ck]eptic)",
    re.IGNORECASE,
)
_UNSAID = re.compile(
    r"(?:\b(?:not|never|neither|nor|nobody|no one|without|cannot|"
    r"(?:refus|declin|fail)\w+ to|stopped short of)|n['’]t)\s"
    r"(?:\w+ly\s|ever\s|yet\s|be\s|have\s)*$",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\b(?:would|could|might|may|should|will|shall|must|"
    r"(?:expected|likely|going|ready|about|able|free|plans?|hopes?|wants?|had|has|have) to)\s"
    r"(?:[\w]+\s){0,2}$|^\W*(?:if|had|unless|should|were|suppose)\b|\b(?:if|unless|whether)\s[^,.;]*$",
    re.IGNORECASE,
)
_NO_CLAIM = re.compile(
    r"\s(?:[\w’'-]+\s){0,4}?(?:access|entry|entrance|bail|permission|visas?|asylum|treatment|"
    r"admission|parole|chance|requests?|licen[cs]es?|permits?|appeals?|applications?|petitions?|"
    r"motions?|leave|services?|aid|fines?|offers?|bills?|plans?|proposals?|territory|waters|"
    r"islands?|regions?|borders?|elections?|wills?)\b(?! (?:that|had|has|was|were|is))",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"\s*(?:(?:{_DETERMINER}(?:[\w’'-]+\s){{0,3}}?{_CLAIM})|it|this|that|them)"
    r"(?=\s*(?:$|[,.;:!?”\"—–-]|(?:and|but|as|in|on|after|before|at|when|by|to|with|through)\b))",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    rf"\s*(?:on \w+\s)?{_DETERMINER}(?:[\w’'-]+\s){{0,4}}?{_CLAIM}\s"
    r"(?:that|of|about|by|saying|on)\s|\s*(?:on \w+\s)?that\s",
    re.IGNORECASE,
)
_BEFORE_FALSE = re.compile(
    rf"(?:\b{_CLAIM}\s(?:that|of)\s(?P<content>.+)|\b(?P<bare>{_CLAIM}|it|this|that))\s*$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[,;:—–]\s|[”\"]|\s(?:and|but)\s(?:(?:he|she|it|they|who)\s)?"
    r"(?:said|says|saying|that|called|blamed|points?|published|added|insist\w*|calls?)\b"
)
MAX_CHARS = 1000
"""Longer sentences are lists and tables, which deny nothing."""


class Denial(NamedTuple):
    """A claim that a sentence denies or doubts.

    Attributes:
        content: the claim in the sentence's words, "" for one that stands elsewhere: "denied it".
        further: what the sentence says beside it.
        is_plural: it speaks of several: "the reports".
    """

    content: str
    further: str
    is_plural: bool


def may_deny(text: str) -> bool:
    """Whether a text has any word of denial or doubt; fast."""
    return _STEMS.search(text) is not None


@lru_cache(maxsize=4096)
def find_denial(sentence: str) -> Denial | None:
    """Return what a sentence denies or doubts, None for nothing.

    What is not, might be or is not to be denied does not count, nor what is refused to somebody.
    """
    if len(sentence) > MAX_CHARS or sentence.rstrip('”" ').endswith("?") or not may_deny(sentence):
        return None
    for kind, pattern in _CUES:
        for cue in pattern.finditer(sentence):
            before, after = sentence[: cue.start()], sentence[cue.end() :]
            if _UNSAID.search(before) or _SUPPOSED.search(before):
                continue
            if found := _READ[kind](before, cue[0], after):
                return found
    return None


def _of_verb(before: str, cue: str, after: str) -> Denial | None:
    """What follows "denied"; of "the report was disputed", what stands before."""
    passive = re.search(r"\b(?:is|was|are|were|been|being)\s(?:\w+ly\s)?$", before)
    is_doubt = " " in cue and not cue.lower().endswith(" on")
    if passive or (is_doubt and not re.match(r"\s*(?:that|whether|of|the|how)\b", after)):
        told = _BEFORE_FALSE.search(before[: passive.start()] if passive else before)
        if told and told["content"]:
            return Denial(told["content"], "", is_plural=False)
        if is_doubt or told:
            return Denial("", after, is_plural=False)
        return None
    if not is_doubt and _NO_CLAIM.match(after):
        return None
    if bare := _BARE.match(after):
        return Denial("", after[bare.end() :], bare[0].rstrip().endswith("s"))
    content, further = _until_next(_INTRODUCED.sub("", after, count=1))
    return Denial(content, further, is_plural=False) if content.strip(" .") else None


def _of_true(_before: str, _cue: str, after: str) -> Denial | None:
    """What follows "it is not true", or "there is no truth in"."""
    if re.match(r"\s*(?:that|this|it|them)?\s*(?:$|[,.;:”\"])", after) or _BARE.match(after):
        return Denial("", after, is_plural=True)
    content, further = _until_next(_INTRODUCED.sub("", after, count=1))
    return Denial(content, further, is_plural=False)


def _of_called(before: str, cue: str, after: str) -> Denial | None:
    """The claim that is called false: "the report that …", or one that stands elsewhere."""
    if told := _CALLED.search(cue):
        return Denial(told["content"], f"{before} {after}", is_plural=False)
    return Denial("", f"{before} {after}", re.search(r"s\b.*", cue.split()[-2]) is not None)


def _of_false(before: str, _cue: str, after: str) -> Denial | None:
    """What a report says that is false."""
    told = _BEFORE_FALSE.search(before)
    if told is None:
        return None
    if told["content"]:
        return Denial(told["content"], after, is_plural=False)
    if that := re.match(r"\s*that\s", after):
        content, further = _until_next(after[that.end() :])
        return Denial(content, further, is_plural=False)
    return Denial("", after, told["bare"].endswith("s") and told["bare"] != "this")


_READ = {"verb": _of_verb, "true": _of_true, "called": _of_called, "false": _of_false}


def _until_next(text: str) -> tuple[str, str]:
    """The clause at the beginning of a text, and the rest."""
    border = _AFTER.search(text)
    return (text[: border.start()], text[border.end() :]) if border else (text, "")


_ASKED = re.compile(
    r"\b(?:den(?:y|ies|ied|ial)|disput(?:e|es|ed)|reject(?:s|ed)?|refut(?:e|es|ed)|dismiss(?:ed)?|"
    r"contradict(?:s|ed)?|disagree(?:s|d)?|doubt(?:s|ed)?)\b",
    re.IGNORECASE,
)


def asks_for_denial(question: str) -> bool:
    """Whether a question asks who or what denies something."""
    return _ASKED.search(question) is not None
