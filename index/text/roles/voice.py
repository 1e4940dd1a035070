"""Who did something and to whom it was done, by the voice of an English question and sentence."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

import Stemmer

Part = Literal["agent", "patient"]

_BE = r"(?:is|are|was|were|be|been|being|got|gets?)"
_HAVE = r"(?:has|have|had)"
_DO = r"(?:do|does|did)"
_LATER = r"(?:will|would|can|could|may|might|must|should)"
_LEAD = r"^\W*(?:(?:and|so|but|or|then)\s+)*"
_NO_VERB = rf"(?!(?:{_BE}|{_HAVE}|{_DO}|{_LATER}|else|all|the|a|an)\b)"
_PARTICIPLE = (
    r"(?P<verb>\w+(?:ed|en|wn|ht|un|ft|ld|id|on)|\w*(?:hit|cut|put|shot|led|fed|met|made))"
)
_QUESTIONS: tuple[tuple[Part, str], ...] = (
    ("agent", rf"(?:by whom|who)\b.*\b{_BE}\b.*\bby$"),
    ("agent", rf"by whom\b.*\b{_BE}\b"),
    ("patient", rf"whom?\s+(?:{_HAVE}\s+)?{_BE}\s+(?:\w+ly\s+)?{_PARTICIPLE}\b(?!.*\bto\b)"),
    (
        "patient",
        rf"whom?\s+{_DO}\s+(?:(?:the|an?)\s+)?(?:(?!of\b|in\b|on\b|for\b)\w+\s+){{1,3}}(?P<verb>\w+)$",
    ),
    ("agent", rf"who\s+(?:{_HAVE}|{_LATER})\s+(?:\w+ly\s+)?{_NO_VERB}(?P<verb>\w+)\b"),
    ("agent", rf"who\s+{_BE}\s+(?P<verb>\w+ing)\b"),
    ("agent", rf"who\s+(?:\w+ly\s+)?{_NO_VERB}(?P<verb>\w+)\b"),
)
_PATTERNS = tuple((part, re.compile(_LEAD + form, re.IGNORECASE)) for part, form in _QUESTIONS)

_NAME = r"[A-Z][\w’'.-]*(?: (?:of |the |de |al-)?[A-Z][\w’'.-]*)*"
# What stands after one of these does nothing in the sentence: "the crossing at Iran and China".
_BESIDE = re.compile(
    r"\b(?:in|at|near|against|over|across|into|inside|outside|bordering|within|around|beyond|"
    rf"towards?|via|than)\s+(?:the\s+|both\s+)?(?:{_NAME},? and\s+)?$"
)
# Nor does it after this one, unless it is said to do something, or to do it with somebody.
_WITH = re.compile(rf"(?<!ed )\bwith\s+(?:the\s+|both\s+)?(?:{_NAME},? and\s+)?$")
_TAKING_PART = re.compile(r"(?:['’]s)?\s+(?:as\b|\w+ing\b)|['’]s\b")
_WORD = re.compile(r"\w+")
_BY = re.compile(r"\bby\s+(?:the\s+|an?\s+)?$", re.IGNORECASE)
_BEFORE = re.compile(r"(?P<verb>\w+)\s+(?:the\s+|an?\s+)?$")
_AFTER = re.compile(rf"^\s+(?:{_HAVE}\s+)?(?P<be>{_BE}\s+)?(?:been\s+)?(?:\w+ly\s+)?(?P<verb>\w+)")
_FORMS_TEXT = """
took take takes taken taking, won win wins winning, beat beats beaten beating, gave give gives
given, caught catch catches, shot shoot shoots, hit hits, held hold holds, led lead leads, built
build builds, bought buy buys, sold sell sells, stole steal steals stolen, wrote write writes
written, found find finds, lost lose loses, made make makes, met meet meets, paid pay pays, sent
send sends, taught teach teaches, threw throw throws thrown, broke break breaks broken, chose
choose chooses chosen, fought fight fights, drove drive drives driven, sang sing sings sung
"""
_FORMS = {form: forms.split()[0] for forms in _FORMS_TEXT.split(",") for form in forms.split()}
# Whoever does it may follow: "…", said Lee; it stars Lee.
_TURNED = frozenset(["said", "say", "told", "tell", "ad", "ask", "wrote", "warn", "repli", "star"])
_stemmer = Stemmer.Stemmer("english")


class Role(NamedTuple):
    """The part that a question asks for: whoever does something, or has it done to them.

    Attributes:
        verb: what is done, as `base_of` has it; "" if unknown.
    """

    part: Part
    verb: str


@lru_cache(maxsize=256)
def asked_role(question: str) -> Role | None:
    """Return the part that a question for a person asks for, None for any."""
    words = " ".join(question.split()).rstrip(" ?!.")
    for part, pattern in _PATTERNS:
        if found := pattern.search(words):
            return Role(part, base_of(found.groupdict().get("verb") or ""))
    return None


def plays(role: Role, words: str, before: str, after: str) -> bool:
    """Whether words may play a role in their sentence, by what stands before and after them."""
    if not (before.strip() or after.strip(" .!?")):
        return True  # the whole sentence
    if role.part == "agent" and role.verb in map(base_of, words.split()):
        return False  # a clause
    verb_before, verb_after = _BEFORE.search(before), _AFTER.match(after)
    is_by = _BY.search(before) is not None
    does = verb_after and not verb_after["be"] and base_of(verb_after["verb"]) == role.verb
    is_done_to = verb_after and verb_after["be"] and base_of(verb_after["verb"]) == role.verb
    follows = verb_before and base_of(verb_before["verb"]) == role.verb
    if role.part == "patient":
        return not (is_by or does)
    if is_done_to or (follows and role.verb not in _TURNED):
        return False
    if _WITH.search(before) and role.verb not in map(base_of, _WORD.findall(before)):
        return _TAKING_PART.match(after) is not None
    return is_by or not _BESIDE.search(before)


def base_of(verb: str) -> str:
    """Return what the forms of a verb have in common, as "took" and "taken" do."""
    lower = verb.lower()
    return _FORMS.get(lower) or str(_stemmer.stemWord(lower)) if lower else ""
