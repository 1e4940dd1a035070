"""Puts a few words in the place of what is of the same kind in the question before."""

from __future__ import annotations

import re

from bot.conversation.followups.question_words import DAY, DETERMINED, NAME, PREPOSITION, WORD
from bot.conversation.followups.references import Before, determined, last_noun, recased
from index.text.terms import is_function_word

_STAND_IN = re.compile(r"\s+ones?$", re.IGNORECASE)
_SUBJECT = re.compile(
    r"(?:[\w’'-]+ ){1,4}?(?:(?P<be>is|are|was|were)|did|does|do|has|have|had|will|would|can)\s+",
    re.IGNORECASE,
)
_ARTICLES = "der|die|das|den|dem|le|la|les|el|los|las"
_ARTICLE = re.compile(rf"(?:{_ARTICLES})\s", re.IGNORECASE)
_ARTICLE_BEFORE = re.compile(rf"\b(?:{_ARTICLES})\s+$", re.IGNORECASE)
_PLACE = ("in", "at", "near", "on")
_VERBS = frozenset({"say", "do", "have"})


def put_into(before: Before, rest: str) -> str:
    """Put `rest` in place of something of the same kind in the previous question; "" if none."""
    head = recased(before)
    day = DAY.search(rest)
    days = list(DAY.finditer(head))
    if day and days and len(day[0]) == len(days[-1][0]) and day[0].isdigit():
        return f"{head[: days[-1].start()]}{day[0]}{head[days[-1].end() :]}?"
    if found := PREPOSITION.match(rest):
        return f"{_put_after(found[0].lower(), head, rest)}?"
    is_day = bool(DAY.match(rest))
    names = [name for name in NAME.finditer(head) if bool(DAY.match(name[0])) == is_day]
    if DETERMINED.match(rest) and (span := _noun_like(head, rest)):
        start, end = span
    elif names:
        start, end = names[-1].span()
    elif not DETERMINED.match(rest) and (span := _subject(head, rest)):
        start, end = span
    else:
        return _put_last(head, rest)
    if _ARTICLE.match(rest):
        start -= len(head[:start]) - len(_ARTICLE_BEFORE.sub("", head[:start]))
    noun = last_noun(head) if DETERMINED.match(rest) else ""
    return f"{head[:start]}{_STAND_IN.sub(f' {noun}'.rstrip(), rest)}{head[end:]}?"


def _noun_like(head: str, rest: str) -> tuple[int, int] | None:
    """Return the place of the first noun with an article, to be replaced by another such noun."""
    span = determined(head)
    if span is None:
        return None
    # "The defense ministry" stands for all of "the ministry of the interior".
    alike = set(head[span[0] : span[1]].casefold().split()[1:]) & set(rest.casefold().split())
    following = re.compile(r"\s+of\s+", re.IGNORECASE).match(head, span[1])
    return (span[0], _end_of_object(head, following.end())) if alike and following else span


def _subject(head: str, rest: str) -> tuple[int, int] | None:
    """Return the place of as many words after the auxiliary as a name in small letters has."""
    found = _SUBJECT.match(head)
    if found is None:
        return None
    words = list(WORD.finditer(head, found.end()))
    end = next((at for at, word in enumerate(words) if is_function_word(word[0])), len(words))
    # What follows the name is the verb, be it one like "say".
    is_verb_next = end < len(words) and words[end][0].casefold() in _VERBS
    most = end if found["be"] else min(end - (not is_verb_next), len(rest.split()))
    return (words[0].start(), words[most - 1].end()) if most > 0 else None


def _put_last(head: str, rest: str) -> str:
    """Put `rest` in place of the object of a preposition that ends `head`; "" if none does."""
    found = list(PREPOSITION.finditer(head))
    if not found or DETERMINED.match(rest) or not head[found[-1].end() :].strip():
        return ""
    return f"{head[: found[-1].end()]} {rest}?"


def _put_after(preposition: str, head: str, rest: str) -> str:
    """Put `rest` in place of the object of the same preposition in `head`, or at its end."""
    is_day = bool(DAY.match(rest, len(preposition) + 1))
    alike = "|".join(_PLACE) if preposition in _PLACE and not is_day else preposition
    for found in reversed(list(re.finditer(rf"\s(?:{alike})\s+", head, re.IGNORECASE))):
        if bool(DAY.match(head, found.end())) != is_day:
            continue
        end = _end_of_object(head, found.end())
        return f"{head[: found.start()]} {rest}{head[end:]}"
    return f"{head} {rest}"


def _end_of_object(head: str, start: int) -> int:
    """Return the end of a preposition's object: a name, or all up to the next preposition."""
    if name := NAME.match(head, start):
        return name.end()
    following = (found for found in PREPOSITION.finditer(head, start) if found[0].lower() != "of")
    return next((found.start() - 1 for found in following), len(head))
