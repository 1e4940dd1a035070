"""Whether a sentence has somebody of an English question in another role than the question has.

"Who did Ridley rescue?" is not answered by "The coastguard rescued Ridley". No grammar is parsed:
what stands before a verb in its clause does it, what follows has it done to it, and the other way
round in the passive voice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from index.text.languages.lexicon import is_common, is_verb
from index.text.question import AUXILIARY
from index.text.roles.voice import Part, base_of
from index.text.spelling.slips import LETTER, slip
from index.text.terms import is_function_word, plain, without_possessive

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[;:—–()]")
_MARKS = frozenset(";:—–()")
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“(]?[A-Z0-9])")
_BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "got", "get", "gets"])
_ARTICLES = frozenset(["the", "a", "an", "his", "her", "its", "their", "this", "that"])
_AMID = frozenset(["not", "also", "been", "being", "then", "later", "first"])
_BORDERS = _MARKS | {
    "as", "while", "when", "whereas", "after", "before", "because", "although", "though", "since",
    "until", "that", "which", "who", "whom", "whose", "where", "but", "and", "if", "unless",
}  # fmt: skip
_PRONOUNS = frozenset(["he", "she", "it", "they", "him", "her", "them", "we", "i", "you"])
_PREPOSITIONS = frozenset(
    ["in", "on", "at", "by", "for", "to", "with", "near", "from", "against", "over", "across"]
).union(["into", "during", "about", "as", "than", "after", "before", "without", "of"])
_OPEN_TEXT = """
say add ask write warn reply star include meet marry fight play join collaborate cooperate
share trade talk speak compete agree differ merge unite negotiate separate
communicate discuss follow precede get
"""
_OPEN = frozenset(map(base_of, _OPEN_TEXT.split()))
"""Verbs that may stand before whoever does it, or that both do."""
_AUXILIARY = rf"(?:{AUXILIARY}|may|must)\b"
_ASKED = (
    r"(?:who|whom|what|when|where|why|how(?: much| many)?|"
    rf"(?:which|what|how many)(?: (?!{_AUXILIARY})\w+){{1,3}}?)"
)
_DOING = re.compile(rf"(?:{_ASKED} )?(?P<do>did|does|do) (?P<rest>.+)")
_DONE_BY = re.compile(
    r"by whom (?:was|were|is|are) (?P<by_whom>.+)|(?:who|what) (?:was|were|is|are) (?P<who>.+) by"
    r"|(?:was|were|is|are) (?P<whether>.+) by .+"
)
_WHO = re.compile(r"who (?:(?:has|have|had|first|also|then) )*(?P<rest>.+)")
_HOW_MANY = re.compile(rf"how many (?P<rest>(?!.*\b{_AUXILIARY}).+)")
_PAST = re.compile(
    r"[a-z]+(?:ed|en|wn|ht|un|ft|ld|id|on|ew|pt|nk)|[a-z]*(?:hit|cut|put|shot|met|made|took|beat|"
    r"fell|won|ran|came|went|saw|gave|lost|drove|broke|rose|chose|wrote|spoke|stole|sang)"
)
_SAME_FORMS = frozenset(
    ["hit", "cut", "put", "beat", "set", "let", "cost", "hurt", "spread", "read"]
)


class Party(NamedTuple):
    """Somebody or something of a question, and its part in what is done.

    Attributes:
        words: those that tell, as `plain` has them, the noun last.
        rest: those of all else that the question speaks of, but for the verb.
        is_counted: the question is how many of them do it.
    """

    words: Sequence[str]
    part: Part
    verb: str
    rest: Sequence[str]
    is_counted: bool = False


class Clause(NamedTuple):
    """What stands before and after a verb in its clause."""

    before: Sequence[str]
    after: Sequence[str]
    is_passive: bool


def is_exchanged(question: str, text: str) -> bool:
    """Whether each sentence that says what a question does has its parties in other roles."""
    asked = " ".join(question.casefold().split()).rstrip(" ?!.")
    found = False
    for sentence in _SENTENCE.split(text):
        words = [without_possessive(word) for word in _WORD.findall(sentence)]
        # A name is no verb.
        verbs = {word: base_of(word) for word in words if word.islower()}
        if (party := _party(asked, verbs)) is None:
            continue
        places = [at for at, word in enumerate(words) if verbs.get(word) == party.verb]
        clauses = [_clause(words, at) for at in places]
        if not all(_contradicts(clause, party, words) for clause in clauses):
            return False
        found = True
    return found


def _party(asked: str, verbs: Mapping[str, str]) -> Party | None:
    """The party that a question names, if its verb is among those of a sentence."""
    if found := _DOING.fullmatch(asked):
        return _before_verb(found["rest"].split(), "agent", verbs, found["do"])
    if (found := _DONE_BY.fullmatch(asked)) and found.lastgroup:
        return _before_verb(found[found.lastgroup].split(), "patient", verbs)
    if found := _HOW_MANY.fullmatch(asked):
        party = _before_verb(found["rest"].split(), "agent", verbs)
        return party and party._replace(is_counted=True)
    if found := _WHO.fullmatch(asked):
        verb, *rest = found["rest"].split()
        end = next((at for at, word in enumerate(rest) if word in _PREPOSITIONS), len(rest))
        telling, base = _telling(rest[:end]), base_of(verb)
        if telling and base in verbs.values() and not is_function_word(verb):
            return Party(telling, "patient", base, _telling(rest[end:]))
    return None


def _before_verb(
    words: Sequence[str], part: Part, verbs: Mapping[str, str], auxiliary: str = ""
) -> Party | None:
    """The words before the first verb of a question that a sentence has, as a party."""
    if words[0] in _PRONOUNS:
        return None
    for at, word in enumerate(words[1:], start=1):
        if word in _PREPOSITIONS:
            return None
        if words[at - 1] in _ARTICLES:
            continue
        telling, base = _telling(words[:at]), base_of(word)
        is_said = base in verbs.values() and not is_function_word(word)
        if telling and is_said and _is_form(word, base, verbs, auxiliary):
            return Party(telling, part, base, _telling(words[at + 1 :]))
    return None


def _is_form(word: str, base: str, verbs: Mapping[str, str], auxiliary: str) -> bool:
    """Whether a word of a question is a verb, by its form and that in the sentence."""
    if not auxiliary:
        return _PAST.fullmatch(word) is not None
    if not is_verb(word):
        return False
    said = [verb for verb, of_verb in verbs.items() if of_verb == base]
    if auxiliary == "do":
        return word in said
    return word in _SAME_FORMS or any(verb != word for verb in said)


def _telling(words: Sequence[str]) -> list[str]:
    bare = map(without_possessive, words)
    return [plain(word) for word in bare if word.isalpha() and not is_function_word(word)]


def _clause(words: Sequence[str], at: int) -> Clause:
    """The clause around the verb at a place."""
    lower = [word.casefold() for word in words]
    start = next((n + 1 for n in range(at - 1, -1, -1) if lower[n] in _BORDERS), 0)
    end = next((n for n in range(at + 1, len(words)) if lower[n] in _BORDERS), len(words))
    before = [word for word in lower[start:at] if not (word.endswith("ly") or word in _AMID)]
    is_passive = (before[-1:] != [] and before[-1] in _BE) or lower[at + 1 : at + 2] == ["by"]
    return Clause(words[start:at], words[at + 1 : end], is_passive)


def _contradicts(clause: Clause, party: Party, sentence: Sequence[str]) -> bool:
    """Whether a clause has another one in the place of a party."""
    own, other = _places(clause, party)
    by = next((at for at, word in enumerate(clause.after) if word == "by"), len(clause.after))
    is_by = party.part == "agent" and _has(clause.after[by:], party)
    if party.verb in _OPEN or is_by or _has(own, party):
        return False
    if not _names_somebody(own):
        # Somebody unnamed did it to the party.
        return clause.is_passive and not own and plain("".join(other[-1:])) in party.words
    if _has_most(other, party):
        return True
    if party.part == "agent" and not set(party.rest).isdisjoint(map(plain, own)):
        return True
    is_named = any(word[0].isupper() and not is_function_word(word) for word in own)
    if not _has(sentence, party):
        return is_named and not any(map(is_common, party.words))
    # It does something else in the sentence.
    is_told = party.part == "patient" and not clause.is_passive and is_named
    is_counted = party.is_counted and any(word[0].isdigit() for word in own)
    return (is_told or is_counted) and _has([word for word in sentence if word[0].isupper()], party)


def _places(clause: Clause, party: Party) -> tuple[Sequence[str], Sequence[str]]:
    """The words in the place of a party, and those in the place of the other one."""
    agent, patient = clause.before, clause.after
    if clause.is_passive:
        by = next((at + 1 for at, word in enumerate(patient) if word == "by"), len(patient))
        agent, patient = patient[by:], agent
    return (agent, patient) if party.part == "agent" else (patient, agent)


def _has(words: Sequence[str], party: Party) -> bool:
    """Whether words have one of a party, be it misspelt."""
    return any(_is_alike(plain(word), asked) for word in words for asked in party.words)


def _has_most(words: Sequence[str], party: Party) -> bool:
    """Whether words have half of a party, and its noun."""
    found = set(map(plain, words))
    return party.words[-1] in found and 2 * len(found & set(party.words)) >= len(party.words)


def _is_alike(word: str, asked: str) -> bool:
    cost = slip(asked, word)
    return cost is not None and cost <= LETTER


def _names_somebody(words: Sequence[str]) -> bool:
    """Whether words hold more than pronouns and words of form."""
    lower = [word.casefold() for word in words]
    return _PRONOUNS.isdisjoint(lower) and any(
        word.isalpha() and not is_function_word(word) for word in lower
    )
