"""The kind of words that answer an English question: a person, a time, a quantity, a place."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import regex

from index.text.figures import NUMBER_WORDS, find_figures
from index.text.roles.voice import asked_role, plays
from index.text.terms import is_function_word, plain, without_possessive

AnswerType = Literal["person", "time", "quantity", "duration", "place", "reason", "description"]
"""A duration is a quantity or a time; a description says who or what something is."""

# Words before the question word: "in which year", "and whose", "exactly when".
_LEAD = (
    r"^(?:(?:and|so|but|or|then|now|exactly|just|about|around|in|on|at|by|to|from|for|of|with|since"
    r"|until|till|under|during|within|through|after|before|over)\s+)*"
)
_TIMES = r"(?:exact |calendar )?(?:years?|dates?|days?|months?|decades?|century|centuries)"
_COUNTS = (
    r"(?:percentage|percent|number|proportion|fraction|population|height|length|width|depth"
    r"|distance|temperature|price|cost|age|total|amount|average)"
)
_PLACES = (
    r"(?:country|countries|city|cities|towns?|villages?|states?|provinces?|regions?|county"
    r"|continents?|islands?)"
)
_IS = r"(?:\s+(?:is|are|was|were)|['’]s)\s+"
_THE = r"(?:the|its|his|her|their)\s+"
# "When he left, what did he take?" asks for no time.
_ONLY = r"(?:['’]s)?\b(?!.*\b(?:what|which|who|whom|whose|how|why|rank(?:s|ed)?)\b)"
_QUESTIONS: tuple[tuple[str, AnswerType | None], ...] = (
    (r"\bhow (?:long|old|often|frequently|much time|soon|late|early)\b", "duration"),
    (r"\bhow (?:many|much|far|tall|high|deep|wide|heavy|thick)\b", "quantity"),
    (rf"\bwhat {_COUNTS}\b|\bwhat{_IS}{_THE}(?:\w+ )?{_COUNTS}\b", "quantity"),
    (rf"\b(?:what|which) {_TIMES}\b|\bwhat{_IS}{_THE}(?:date|year)\b", "time"),
    (_LEAD + rf"(?:what time|when){_ONLY}|\bwhen$", "time"),
    (rf"\b(?:what|which) {_PLACES}\b", "place"),
    (_LEAD + rf"where{_ONLY}|\bwhere$", "place"),
    (_LEAD + r"(?:why|how come|(?:what|which) reasons?)\b|\bwhy$", "reason"),
    (rf"\bwhat{_IS}{_THE}(?:\w+ )?reasons?\b", "reason"),
    (_LEAD + r"(?:who|whom|whose)\b|\bwhom?$", "person"),
    (r"\b(?:what|which)\b|^(?:when|where)\b", None),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _QUESTIONS)
# "Which borders?" asks for their names, and not how many they are.
_CHOOSES = re.compile(_LEAD + r"which\b", re.IGNORECASE)
_WHO_IS = re.compile(rf"^who{_IS}(?P<name>[^,]+)$", re.IGNORECASE)
_WHAT_IS = re.compile(rf"^what{_IS}(?P<article>(?:an?|the)\s+)?(?P<name>[^,]+)$", re.IGNORECASE)
_MEANING = re.compile(
    r"^(?:define|explain|what do(?:es)? .+ mean\b|what is (?:the|a) (?:meaning|definition) of)",
    re.IGNORECASE,
)
_MAX_NAME_WORDS = 4
_MAX_OPENING_WORDS = 3

_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’][\p{L}\p{M}]+)*")
_UNCASED = regex.compile(r"\p{Lo}")
_DIGIT = re.compile(r"\d")
_TIME = re.compile(
    r"(?<![\d.,$£€])(?:\d{3,4}(?!\d|[.,]\d|\s*%|\s[a-z]{4,}s\b)|\d\d?(?:st|nd|rd|th)\b|\d\d?:\d\d"
    r"|\d\d?\s*[ap]\.?m\b)"
)

_CALENDAR = """
january february march april may june july august september october november december jan feb mar
apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday
"""
_TIME_UNITS = """
second seconds minute minutes hour hours day days night nights week weeks weekend month months
quarter year years decade decades century centuries millennium millennia
"""
_TIME_WORDS = """
if ago yesterday today tonight tomorrow now morning afternoon evening midnight noon midday dawn
dusk sunrise sunset spring summer autumn fall winter season annual annually daily weekly monthly
yearly hourly currently recently lately soon early late later earlier last next previous previously
former formerly once before after during while until since when whenever upon following prior
simultaneously immediately eventually never always eve christmas easter ramadan birthday
anniversary era age ages period reign dynasty war times time end beginning start middle antiquity
medieval ancient modern present past pm am bc bce ad ce earliest oclock
"""
_QUANTITIES = """
half halves third thirds quarters several multiple few fewer more most little less least none no
all both every each any some single pair couple double twice thrice triple once dozen dozens score
scores hundreds thousands millions billions trillions percent percentage majority minority enough
zero nil nobody nothing various numerous countless unlimited infinite equal plenty lot lots bulk
entirety amount free year month week day hour minute
"""
_FREQUENCIES = """
often rarely seldom sometimes occasionally usually typically frequently regularly constantly
shortly indefinitely forever permanently life lifetime
"""
_ROLES = """
man men woman women people person persons king queen emperor president general captain chief chiefs
head boss pope prince princess duke lord lady god goddess father mother son daughter brother sister
wife husband child children boy girl family team band group company firm government army police
troops forces navy military union council committee parliament court church club crew public
society staff members member crowd masses poor rich youth elite clergy nobility male males female
females students student parents parent friend friends guest guests voters residents experts
officials official engineers everyone everybody anyone anybody nobody individuals client agent
native natives relative relatives representative representatives employee employees executive
executives minister secretary director governor senator ambassador leader founder author commander
mayor professor
"""
_ROLE_ENDING = re.compile(r".{2,}(?:[eo]rs?|ists?|[ic]ians?|[ae]nts|m[ae]n|women|folks?)")
_ARTICLES = frozenset(["the", "a", "an"])

_CALENDAR_WORDS = frozenset(_CALENDAR.split())
_TIMED = _CALENDAR_WORDS.union(_TIME_UNITS.split(), _TIME_WORDS.split())
_COUNTED = NUMBER_WORDS.union(_QUANTITIES.split())
_PEOPLE = frozenset(_ROLES.split())
_LASTING = _TIMED.union(_COUNTED, _FREQUENCIES.split())
_IN_WORDS = {"time": _TIMED, "quantity": _COUNTED, "duration": _LASTING}


@lru_cache(maxsize=256)
def expected_answer(question: str) -> AnswerType | None:
    """Return what kind of words answers a question, None for any and for other languages."""
    asked = " ".join(question.split()).rstrip(" ?")
    if _MEANING.match(asked):
        return "description"
    found = [
        (match.start(), at) for at, (p, _) in enumerate(_PATTERNS) if (match := p.search(asked))
    ]
    kind = _PATTERNS[min(found)[1]][1] if found else None
    if kind == "person":
        return _who(asked)
    if kind is None and (named := _WHAT_IS.match(asked)):
        return "description" if _is_name(named["name"], named["article"] or "") else None
    return kind


def fits(expected: AnswerType | None, question: str, words: str, sentence: str, at: int) -> bool:
    """Return whether words of a sentence may answer a question that expects a kind of words.

    Words that the question itself has do not, but where it offers a choice. `at` is where in the
    sentence they begin.
    """
    if _UNCASED.search(words):
        return True
    found = _WORD.findall(words)
    bare = [plain(without_possessive(word)) for word in found]
    chooses = expected in {None, "place"} and _CHOOSES.match(question)
    if (
        _ARTICLES.issuperset(bare)
        or _repeats(question, bare)
        or (chooses and _is_count_of(found, bare))
        or (expected == "person" and _is_somebody_else(question, words, sentence, at))
    ):
        return False
    if expected in _IN_WORDS:
        in_figures = bool(_TIME.search(words)) if expected == "time" else _is_counted(words)
        return in_figures or not _IN_WORDS[expected].isdisjoint(bare)
    if expected in {"person", "place"}:
        is_any = expected == "place" or sentence.islower()
        return _is_something(bare) if is_any else _is_somebody(found, bare)
    if expected == "description":
        return not _is_bare_name(found, bare) or _is_acronym_of(question, found)
    return expected != "reason" or len(found) > 1


def _who(question: str) -> AnswerType | None:
    """Somebody by name, or, if the question names one, who that is."""
    named = _WHO_IS.match(question)
    if not named or not _WORD.search(named["name"]):
        return "person"
    words = _WORD.findall(named["name"])
    article, *rest = words if words[0] == "the" else ["", *words]
    if rest and _is_bare_name(rest, [plain(word) for word in rest]):
        # "Who are the Beatles?" may ask for what they are or for their names.
        return None if article else "description"
    # Without capitals "who is nick carter" looks like "who is prime minister".
    is_unsure = question.islower() and not any(map(is_function_word, words))
    return None if is_unsure else "person"


def _is_name(words: str, article: str) -> bool:
    """Whether "what is" and these words ask what something is, not for some part of it."""
    found = _WORD.findall(words)
    if not 1 <= len(found) <= _MAX_NAME_WORDS or any("'" in word or "’" in word for word in found):
        return False
    if article.strip().lower() == "the" and not found[0][0].isupper():
        return False
    if len(found) > 1 and not article.strip() and not all(word[0].isupper() for word in found):
        return False
    return not any(is_function_word(word) for word in found)


def _repeats(question: str, bare: list[str]) -> bool:
    """Whether words but for articles stand in a question that offers no choice."""
    telling = bare[1:] if bare[0] in _ARTICLES else bare
    return f" {' '.join(telling)} " in _asked(question)


@lru_cache(maxsize=256)
def _asked(question: str) -> str:
    """The words of a question between spaces; none if it offers a choice."""
    words = [plain(without_possessive(word)) for word in _WORD.findall(question)]
    return f" {' '.join(words)} " if "or" not in words else ""


def _is_counted(words: str) -> bool:
    """Whether words have a number that is none of a date and no ordinal."""
    has_digits = _DIGIT.search(words) is not None
    return has_digits and any(f.kind in {"number", "year"} for f in find_figures(words))


def _is_count_of(words: list[str], bare: list[str]) -> bool:
    """Whether words tell how many there are of something without a name: "five countries"."""
    has_name = any(word[0].isupper() for word in words)
    return len(bare) > 1 and not has_name and (bare[0] in _COUNTED or bare[0].isdecimal())


def _is_something(bare: list[str]) -> bool:
    return any(
        not is_function_word(word) and word not in _LASTING and not _DIGIT.match(word)
        for word in bare
    )


def _is_somebody(words: list[str], bare: list[str]) -> bool:
    return any(
        lower in _PEOPLE
        or _ROLE_ENDING.fullmatch(lower)
        or (word[0].isupper() and not is_function_word(lower) and lower not in _CALENDAR_WORDS)
        for word, lower in zip(words, bare, strict=True)
    )


def _is_somebody_else(question: str, words: str, sentence: str, at: int) -> bool:
    """Whether words of a sentence name somebody in another role than the one asked for.

    What has two words of the question in a row after its beginning is a clause about them.
    """
    if (role := asked_role(question)) is None:
        return False
    bare = [plain(without_possessive(word)) for word in _WORD.findall(words)]
    is_clause = any(
        f" {one} {other} " in _asked(question)
        for one, other in pairwise(bare[_MAX_OPENING_WORDS:])
        if not (is_function_word(one) or is_function_word(other))
    )
    is_whole = not (sentence[:at] + sentence[at + len(words) :]).strip(" .!?")
    return (is_clause and not is_whole) or not plays(
        role, words, sentence[:at], sentence[at + len(words) :]
    )


def _is_bare_name(words: list[str], bare: list[str]) -> bool:
    """Whether words are a name and nothing else, such as what its bearer is."""
    telling = [word for word, lower in zip(words, bare, strict=True) if not is_function_word(lower)]
    is_name = bool(telling) and all(word[0].isupper() for word in telling)
    return is_name and _PEOPLE.isdisjoint(bare)


def _is_acronym_of(question: str, words: list[str]) -> bool:
    initials = "".join(word[0] for word in words if word[0].isupper())
    return len(initials) > 1 and initials in _WORD.findall(question)
