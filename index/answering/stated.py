"""Compares a question with the sentence that is to answer it: all its words, and a reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set

from index.answering.missing import is_of_namesake
from index.answering.quoting import MIN_SCORE
from index.answering.sides.denials import may_deny
from index.answering.sides.wording import Wording
from index.core.answers import MAX_QUOTES, Quote, State
from index.core.documents import Passage
from index.reader import Reading
from index.search.spelling import searched_text
from index.text.answer_types import expected_answer
from index.text.languages.lexicon import is_common
from index.text.languages.reporting import tells_words, words_asked_of
from index.text.question import AUXILIARY, as_question
from index.text.roles.exchanged import is_exchanged

_YES_NO = re.compile(
    rf"(?:(?:and|so|but|or|then)\s+)*(?:{AUXILIARY}|may|might|must)(?:n['’]?t)?\s",
    re.IGNORECASE,
)
_MERE = re.compile(
    r"\b(?:really|actually|truly|indeed|ever|yet|already|still|even|just|now|true)\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+")
_DENIED = re.compile(r"\b(?:den(?:y|ies|ied)|refut(?:es?|ed)|disput(?:es?|ed))\b", re.IGNORECASE)
_AUXILIARY = rf"(?:{AUXILIARY}|must)"
_NOT_DONE = re.compile(
    r"(?:(?:in|on|at|by|to|for|from|with) )?"
    rf"(?:(?:which|what|how many|whose)(?: (?!{_AUXILIARY}\b)[\w’'-]+){{0,3}}|who|whom|where|when) "
    rf"{_AUXILIARY}(?:n['’]t|(?: (?!{_AUXILIARY}\b|i\b|you\b)[\w’'-]+){{0,4}} not) ",
    re.IGNORECASE,
)
_NOT_SAID = re.compile(
    r"\b(?:not|no|nor|never|neither|nobody|none|nothing|nowhere|cannot|without|except|unless|"
    r"instead|rather|only|but|against|free|few|less|remain\w*|fail\w*|refus\w*|den(?:y|ies|ied)|"
    r"reject\w*|lack\w*|absen\w+|avoid\w*|prevent\w*|stop\w*|miss(?:ed|ing)|un[a-z]{4,}|"
    r"forbid\w*|bann?(?:s|ed)?|prohibit\w*|exclud\w*|exempt\w*|declin\w*|withdr\w+|apolog\w+|"
    r"impossible|wrong|illegal|false)\b|n['’]t\b",
    re.IGNORECASE,
)
_MIN_WORDS = 2
_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|thanks to|as a result|result(?:s|ed|ing)? (?:of|from|in)|"
    r"so (?:that|as to)|in order|therefore|thus|hence|caus(?:e[sd]?|ing)|reasons?|amid|after|"
    r"following|lest|le(?:d|ads?|ading) to|blam\w+|attribut\w+|explain\w*|motivat\w+|"
    r"prompt(?:s|ed|ing)?|forc(?:ed|ing)|triggered|sparked|driven by|in (?:response|protest)|"
    r"on account|fear(?:s|ed|ing|ful)?|concern(?:s|ed)?|worr(?:y|ies|ied)|allow\w*|enabl\w+|"
    r"prevent\w*|avoid\w*|escap\w+|why|given that|when|"
    r"(?:as|so|for) (?:the|an?|it|he|she|they|we|i|you|his|her|its|their|our|my|this|that|these|"
    r"those|there|not|failing|lack)|(?:as|with) \w+ \w+(?:ed|ing|s)|"
    r"needs?|need(?:ed|ing)|want(?:s|ed|ing)?|hop(?:es?|ed|ing)|aim(?:s|ed|ing)?|"
    # A purpose, but not what is wanted or done: "continued to fight".
    r"(?<!begun )(?<!began )(?<!continued )(?<!going )(?<!able )(?<!used )(?<!said )"
    r"to (?!the\b|an?\b|his\b|her\b|their\b|its\b|this\b|that\b|which\b|whom\b|be\b|have\b|do\b)"
    r"[a-z]{3,}(?<!day)(?<!date)(?<!ern))\b"
)
"""What introduces a cause or a purpose; it may as well introduce something else."""


def has_reason(text: str) -> bool:
    """Whether a text may give a reason: it has a word that introduces one."""
    return _REASON.search(text) is not None


def lacks_denial(question: str, text: str) -> bool:
    """Whether a question is about a denial and a text is none."""
    return _DENIED.search(question) is not None and not may_deny(text)


def lacks_negation(question: str, text: str) -> bool:
    """Whether an English question is what is not so, and a text says that of nothing."""
    return _NOT_DONE.match(question) is not None and _NOT_SAID.search(text) is None


def words_shared(question: str, text: str, wording: Wording) -> int:
    """Return how many words matter in a question if a text has them all, else 0.

    A word of the same meaning will do.
    """
    asked = wording.all_content(_MERE.sub(" ", question))
    return len(asked) if asked <= wording.all_content(text) else 0


def apt_first(
    readings: Sequence[Reading], question: str, others: Sequence[Reading], wording: Wording
) -> list[Reading]:
    """Return readings, best first; to a question why or who denies, the best that is apt leads.

    That is the best that may give a reason or deny, of those that are quoted in any case, else of
    the `others` the best denial that has half of the words of the question.
    """
    quoted = [one for one in readings[:MAX_QUOTES] if one.score >= MIN_SCORE]
    first = None
    if expected_answer(question) == "reason":
        first = next((one for one in quoted if has_reason(one.text)), None)
    elif quoted and _DENIED.search(question):
        asked = wording.all_content(_DENIED.sub(" ", question))
        first = next((one for one in quoted if may_deny(one.text)), None) or next(
            (one for one in others if may_deny(one.text) and _has_half(asked, one, wording)), None
        )
    return [first, *(one for one in readings if one is not first)] if first else list(readings)


def _has_half(asked: Set[str], reading: Reading, wording: Wording) -> bool:
    return 0 < len(asked) <= 2 * len(asked & wording.all_content(reading.text))


def stated(
    state: State, question: str, reading: Reading, found: Iterable[Passage], wording: Wording
) -> State:
    """Return the state of an answer that begins with a reading, given that by its confidence.

    The confidence in questions without a name is low. What is asked, yes or no, and why, is likely
    answered by a sentence that says all the question does, and so is what somebody said, by one
    with their name and their words. Nothing answers why without a reason,
    and hardly yes or no if a name of the question is in no passage of `found`. `question` is as it
    was typed.
    """
    asked = as_question(question)
    asks_why = expected_answer(asked) == "reason"
    if asks_why and not has_reason(reading.text):
        return "unsure" if state == "answered" else state
    if who := words_asked_of(asked):
        is_theirs = wording.all_content(" ".join(who)) <= wording.all_content(reading.text)
        if is_theirs and tells_words(reading.text):
            return "unsure" if state == "none" else "answered"
    if not (asks_why or _YES_NO.match(question)):
        return state
    shared = words_shared(asked, reading.text, wording)
    if shared >= _MIN_WORDS:
        return "unsure" if state == "none" else "answered"
    if asks_why:
        return "unsure" if shared and state == "none" else state
    is_amiss = state == "answered" and _has_unknown_name(asked, found, wording)
    return "unsure" if is_amiss else state


def _has_unknown_name(question: str, found: Iterable[Passage], wording: Wording) -> bool:
    """Whether a word of a question is in no passage, and likely a name, be it in small letters."""
    texts = " ".join(map(searched_text, found))
    told = wording.all_content(texts)
    return any(
        not wording.all_content(word) <= told and not is_common(word)
        for word in _WORD.findall(question)
    )


def is_beside_the_point(question: str, quote: Quote, found: Iterable[Passage]) -> bool:
    """Whether a quote says something else of what is asked: by somebody else, or the contrary."""
    return (
        lacks_denial(question, quote.text)
        or lacks_negation(question, quote.text)
        or is_exchanged(question, quote.text)
        or is_of_namesake(question, quote, found)
    )
