"""Cleans questions of courtesies and spelling mistakes, as search and the models need them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

import regex
from rapidfuzz.distance import OSA, Prefix

from index.text import language, lexicon
from index.text.terms import Analyzer, is_function_word, plain

CountTokens = Callable[[Sequence[str]], Sequence[int]]
"""Returns how many pieces a model's vocabulary makes of each text."""

_ENDS = " ?!.…؟？"
_GREETING = r"(?:hi|hello|hey|good (?:morning|afternoon|evening|day))(?: there| all| everyone)?"
_REQUEST = (
    r"(?:please(?=[\s,:]+(?:tell|show|who|whom|whose|what|which|when|where|why|how)\b)"
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
    rf"(?:{_GREETING}(?:\s*[,.!;:–-]+\s*|\s+(?={_REQUEST}\b))"
    rf"|{_REQUEST}\b(?! (?:about|more|of))[\s,:]*)+"
    r"(?:please\b[\s,]*)?(?:if |whether )?",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?:\s*[,.!?;]\s*(?:please|thanks|thank you)(?: in advance)?|\s+please)[\s.!?]*$",
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
_CONTRACTED = re.compile(r"\b(what|who|where|when|why|how)s\b", re.IGNORECASE)

_WORD = regex.compile(r"[\p{L}\p{M}]+")
# Wrong letters and the shortest word that may have them: a shorter one has too many neighbours.
_SHORTEST = {1: 4, 2: 9}
_ASKING_TEXT = """
wer wen wem wessen was wann wo woher wohin warum wieso weshalb wie wieviel welche welcher welches
quien quienes que cual cuales cuando donde como cuanto cuanta cuantos cuantas qui quoi quand ou
pourquoi comment combien quel quelle quels quelles кто кого кому что чего когда где куда откуда
почему зачем как сколько какой какая какие хто що коли де куди звідки чому як скільки який яка які
چه چرا کی کجا چگونه چند چقدر کدام متى أين لماذا كيف كم ماذا من ما
"""
_ASKING = frozenset(map(plain, _ASKING_TEXT.split()))
"""Question words, which the lists of frequent words lack in part."""
_BEFORE_VERBS = r"\b(?:they|he|she|we|you|i|it|who)"
_MIN_SLIP_CHARS = 7
_QUESTION_WORDS = ("what", "when", "where", "which", "whose")
_OPENING = re.compile(
    r"\W*(?:(?:and|so|but|or|then|in|on|by|to|for|at|since)\s+)*(?P<word>[a-z]+)\b(?:\s+(?P<next>\w+))?"
)
_ASKED_HOW = frozenset(["many", "much", "long", "old", "far", "often", "big", "high", "tall"])
_AFTER_ASKING = _ASKED_HOW.union(
    [
        "is",
        "are",
        "was",
        "were",
        "did",
        "do",
        "does",
        "has",
        "have",
        "had",
        "can",
        "will",
        "happened",
    ]
)


def as_question(text: str) -> str:
    """Return a text on one line, without English courtesies, ending in one question mark.

    The models were trained on such questions, and each further word is one that a sentence lacks.
    """
    words = " ".join(text.split())
    courtesy = _COURTESY.match(words)
    bare = _THANKS.sub("", words[courtesy.end() :] if courtesy else words)
    if (filled := _FILLER.sub("", bare)) != bare:
        bare = _ASKED_TWICE.sub(r"\1", filled)
    kept = bare if len(bare.split()) >= _MIN_WORDS else words
    ended = kept.rstrip(_ENDS)
    return f"{ended}?" if ended else text


def without_contractions(text: str) -> str:
    """Return a text with "whats" and the like, as people type them, written as two words."""
    return _CONTRACTED.sub(r"\1 is", text)


def max_edits(word: str) -> int:
    """Return how many edits may part a word from the one meant, 0 to 2; a swap is one edit."""
    if not word.isalpha():
        return 0
    return max((edits for edits, shortest in _SHORTEST.items() if len(word) >= shortest), default=0)


@dataclass(frozen=True, slots=True)
class Speller:
    """Corrects words that no passage has, by the words of the passages that search found anyway.

    A word of one piece in the vocabulary of the model is not misspelt: a question about Iran does
    not mean Iraq. `is_known` reports whether a passage of the library has a term.
    """

    analyzer: Analyzer
    is_known: Callable[[str], bool]
    count_tokens: CountTokens

    def correct(
        self, question: str, texts: Iterable[str], languages: Collection[str] = ()
    ) -> dict[str, str]:
        """Return the words that no passage has, each with the nearest word of `texts`, "" for none.

        The words are in the order of the question. Words that are listed for one of `languages` or
        for that of the question are right, and misspelt English words that are no names and near
        none of `texts` are left out.
        """
        misspelt = self._misspelt(question)
        asking = self._asking_word(question, languages)
        if not misspelt:
            return asking
        asked = language.plain_language(question)
        likely = language.of_question(question) if not languages else frozenset()
        tongues = {*languages, *likely, *filter(None, [asked])}
        misspelt = [
            word
            for word in misspelt
            if plain(word) not in _ASKING
            and not language.is_frequent(word, tongues)
            and not lexicon.is_word(word, tongues)
        ]
        # The only function words that change the question.
        written = defaultdict(Counter, {word: Counter([word]) for word in _QUESTION_WORDS})
        for word in (word for text in texts for word in _WORD.findall(text)):
            if not is_function_word(word):
                written[plain(word)][word] += 1
        nearest = {word: _nearest(plain(word), written) for word in misspelt}
        return asking | {
            word: meant
            for word, meant in nearest.items()
            if word not in asking and (meant or not self._is_slip(word, question))
        }

    def _asking_word(self, question: str, languages: Collection[str]) -> dict[str, str]:
        """The misspelt word that opens a question with the one meant: "hw many"; {} for none."""
        found = _OPENING.match(question)
        word = found["word"] if found else ""
        is_right = is_function_word(word) or language.is_frequent(word, languages)
        if found is None or is_right or self.knows(word):
            return {}
        if len(word) == 1:
            return {word: "why"} if word == "y" and found["next"] in _AFTER_ASKING else {}
        near = {
            meant: (not _is_shortened(word, meant), OSA.distance(word, meant))
            for meant in (*_QUESTION_WORDS, "who", "why", "how")
        }
        if found["next"] in _ASKED_HOW:
            near = {"how": near["how"]}
        least = min(near.values())
        best = [meant for meant, rank in near.items() if rank == least]
        # "Hat" and "wen" are words as well.
        is_word = self.count_tokens([word])[0] == 1
        may_be = least <= (False, 2) and (not is_word or found["next"] in _AFTER_ASKING)
        may_be |= least == (True, 1) and not is_word
        return {word: best[0]} if len(best) == 1 and may_be else {}

    def _is_slip(self, word: str, question: str) -> bool:
        """Whether a word is one edit from one of the model's vocabulary, and no name.

        A short word may be a name, in small letters, unless it follows what only a verb follows.
        """
        if not (word.islower() and word.isascii()):
            return False
        is_verb = re.search(rf"{_BEFORE_VERBS}\s+{word}\b", question, re.IGNORECASE) is not None
        near = _one_edit_from(word) if is_verb or len(word) >= _MIN_SLIP_CHARS else []
        return any(count == 1 for count in self.count_tokens(near)) if near else False

    def knows(self, word: str) -> bool:
        """Whether a passage of the library has a word, in a form of any of its languages."""
        return any(map(self.is_known, self.analyzer.forms(word)))

    def _misspelt(self, question: str) -> list[str]:
        stop_words = self.analyzer.stop_words(question)
        words = [
            word
            for word in dict.fromkeys(_WORD.findall(question))
            if max_edits(plain(word))
            and not (is_function_word(word) or word.casefold() in stop_words)
        ]
        # The vocabulary first: it has most words, while the library takes a search for each.
        pieces = self.count_tokens(words) if words else []
        return [
            word
            for word, count in zip(words, pieces, strict=True)
            if count > 1 and not self.knows(word)
        ]


def _is_shortened(word: str, whole: str) -> bool:
    """Whether a word is another one that lacks letters, but for the first."""
    rest = iter(whole)
    return word[0] == whole[0] and all(letter in rest for letter in word)


def _one_edit_from(word: str) -> list[str]:
    """The words that differ from a word by one letter, or by two letters exchanged."""
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    edited = {
        *(f"{head}{tail[1:]}" for head, tail in parts if tail),
        *(f"{head}{tail[1]}{tail[0]}{tail[2:]}" for head, tail in parts if len(tail) > 1),
        *(
            f"{head}{letter}{tail[1:]}"
            for head, tail in parts
            if tail
            for letter in ascii_lowercase
        ),
        *(f"{head}{letter}{tail}" for head, tail in parts for letter in ascii_lowercase),
    }
    return sorted(edited - {word})


def respell(question: str, corrections: Mapping[str, str]) -> str:
    """Return the question with the corrections that `Speller.correct` found."""
    return str(_WORD.sub(lambda found: corrections.get(found[0]) or found[0], question))


def _nearest(word: str, written: Mapping[str, Counter[str]]) -> str:
    """The commonest spelling of the nearest word, "" if none is near.

    Ties go to the more frequent word, then to the one that shares more of the beginning.
    """
    limit = max_edits(word)
    near = [
        (distance, -spellings.total(), -Prefix.similarity(word, other), other)
        for other, spellings in written.items()
        if (distance := OSA.distance(word, other, score_cutoff=limit)) <= limit
    ]
    return written[min(near)[-1]].most_common(1)[0][0] if near else ""
