"""Puts the words of a question right before anything else reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import regex
from rapidfuzz.distance import OSA

from index.text import language
from index.text.languages import lexicon, scripts
from index.text.languages.question_words import is_question_word
from index.text.spelling.known_names import CountTokens, is_no_name, known_names
from index.text.spelling.names import unheard_names
from index.text.spelling.nearest import ASKED_HOW, WORD, Doubtful, Words, nearest
from index.text.spelling.shorthand import spelt_out, without_slips, written_out
from index.text.spelling.slips import (
    LETTER,
    MISHEARD,
    SAME,
    UNLIKE,
    is_shortened,
    max_edits,
    regular,
    slip,
)
from index.text.spelling.spaces import QUESTION_WORDS, Spaces
from index.text.terms import Analyzer, is_function_word, plain, without_possessive

_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|„[^“”]*[“”]")
_QUOTED_PART = re.compile(f"({_QUOTED.pattern})")
_OPENING = re.compile(
    r"\W*(?:(?:and|so|but|or|then|in|on|by|to|for|at|since)\s+)*"
    r"(?P<word>[A-Za-z][a-z]*)\b(?:\s+(?P<next>\w+))?"
)
_AFTER_ASKING = ASKED_HOW.union(
    ["is", "are", "was", "were", "did", "do", "does", "has", "have", "had", "can", "will"],
    ["happened"],
)
_ARABIC = regex.compile(r"\p{Arabic}+")
_PERSIAN = str.maketrans("يىك", "ییک")
_JOINER = "\u200c"
"""Without width, between the parts of a Persian word."""
_AFTER_HOW = frozenset(["did", "do", "does", "can", "could", "should", "would", "to"])


class Understood(NamedTuple):
    """A question as it is meant.

    Attributes:
        unknown: words of it, in order, that neither the documents nor its language know.
        names: likely names of it, in order, that no document has.
    """

    text: str
    unknown: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Speller:
    """Corrects words that neither the documents nor the language know.

    What it takes them for stands in the documents or is a common word of the language. A word of
    one piece in the vocabulary of the model is right: a question about Iran does not mean Iraq.
    `is_known` reports whether a passage has a term, `find` yields texts that have words like those
    of a question, `languages` are those of the documents; none for any.
    """

    analyzer: Analyzer
    is_known: Callable[[str], bool]
    count_tokens: CountTokens
    find: Callable[[str], Iterable[str]]
    languages: Sequence[str] = ()

    def understand(self, question: str) -> Understood:
        """Return a question with its words put right; those in quotation marks stay."""
        text = question.lower() if _is_shouted(question) else question
        if not self.languages or "en" in map(language.base, self.languages):
            parts = _QUOTED_PART.split(text)
            parts[::2] = map(without_slips, parts[::2])
            text = "".join(parts)
        if is_english := self._is_english(text):
            text = self._opened(self._spelt_out(written_out(text)))
        if _ARABIC.search(text):
            text = self._joined(text.translate(_PERSIAN) if _is_persian(text) else text)
        understood = self._corrected(text)
        # Documents in any language may have a name in other letters.
        unheard = self._names(understood.text) if is_english and self.languages else ()
        return understood._replace(names=tuple(dict.fromkeys((*understood.names, *unheard))))

    def _corrected(self, text: str) -> Understood:
        asked = language.plain_language(text)
        foreign = self._foreign(text)
        if not foreign:
            return Understood(text)
        tongue = self.tongue_of(text)
        names = known_names([one.word for one in foreign.values()], tongue, self.count_tokens)
        others = {at: one for at, one in foreign.items() if one.word not in names}
        doubtful = self._doubtful(others, text, asked)
        corrected, meant = text, dict.fromkeys(doubtful, "")
        # Amid others that are misspelt, a word may find nothing: they are asked again put right.
        for _ in range(min(len(doubtful), 2)):
            words = Words.of(self.find(corrected), tongue, self.analyzer.forms)
            meant = {at: self._meant(one, words) for at, one in doubtful.items()}
            corrected = _put_in(meant, text)
        unknown = (
            one.word
            for at, one in foreign.items()
            if one.word in names
            or (at in meant and not meant[at] and not is_no_name(one.word, tongue))
        )
        known = (one.word for one in foreign.values() if one.word in names)
        return Understood(corrected, *(tuple(dict.fromkeys(words)) for words in (unknown, known)))

    def guess(self, question: str, unknown: Sequence[str], texts: Iterable[str]) -> Understood:
        """Return a question with its unknown words as what they are nearest to in texts.

        It may be wrong: whoever asks it looks whether it is answered better.
        """
        if not unknown:
            return Understood(question)
        words = Words.of(texts, self.tongue_of(question), self.analyzer.forms)
        meant = {word: self._guessed(word, words) for word in unknown}
        guessed = WORD.sub(lambda found: meant.get(found[0]) or found[0], question)
        return Understood(guessed, tuple(word for word in unknown if not meant[word]))

    def _names(self, text: str) -> tuple[str, ...]:
        quoted = _QUOTED.sub(" ", text)
        words = [without_possessive(word) for word in WORD.findall(quoted)]
        return tuple(dict.fromkeys(unheard_names(words, self.knows)))

    def knows(self, word: str) -> bool:
        """Whether a passage of the library has a word, in a form of any of its languages."""
        return any(map(self.is_known, self.analyzer.forms(word)))

    def tongue_of(self, question: str) -> str:
        """Return the language that a question is in, or most likely in."""
        plainly = language.plain_language(question)
        found = None if plainly else language.detect(question)
        return plainly or (found.language if found else self._likely(question))

    def _is_english(self, text: str) -> bool:
        among = set(map(language.base, self.languages)) or {"en"}
        if not text.isascii() or "en" not in among:
            return False
        plainly = language.plain_language(text)
        return plainly == "en" or (plainly is None and language.of_question(text) <= {"en"})

    def _likely(self, text: str) -> str:
        """The language that a question is likely in, though its words leave doubts."""
        of_script = scripts.script_languages_of(text)
        among = {*map(language.base, self.languages), *of_script, "en"}
        return language.guess(text, among) or next(iter(self.languages), "en")

    def _spelt_out(self, text: str) -> str:
        def whole(found: regex.Match[str]) -> str:
            word = str(found[0])
            if (ruled := regular(word)) != word:
                is_meant = lexicon.is_word(ruled, {"en"}) and not lexicon.is_word(word, {"en"})
                return ruled if is_meant else word
            meant = spelt_out(word)
            return meant if meant and not self.knows(word) else word

        return str(WORD.sub(whole, text))

    def _opened(self, text: str) -> str:
        """The text with the question word that opens it put right: "hw many"."""
        found = _OPENING.match(text)
        word = found["word"].lower() if found else ""
        is_right = is_function_word(word) or language.is_frequent(word, self.languages)
        if found is None or is_right or self.knows(word):
            return text
        meant = self._asking_word(word, (found["next"] or "").lower())
        meant = meant.capitalize() if found["word"][0].isupper() else meant
        return f"{text[: found.start('word')]}{meant}{text[found.end('word') :]}" if meant else text

    def _asking_word(self, word: str, following: str) -> str:
        """The question word that another is meant for, "" for none."""
        if len(word) == 1:
            return "why" if word == "y" and following in _AFTER_ASKING else ""
        near = {
            meant: (not is_shortened(word, meant), OSA.distance(word, meant))
            for meant in QUESTION_WORDS
        }
        if following in ASKED_HOW:
            near = {"how": near["how"]}
        least = min(near.values())
        best = [meant for meant, rank in near.items() if rank == least]
        if best == ["who", "how"]:
            best = ["how" if following in _AFTER_HOW else "who"]
        # "Hat" and "wen" are words as well.
        is_word = self.count_tokens([word])[0] == 1
        may_be = least <= (False, 2) and (not is_word or following in _AFTER_ASKING)
        may_be |= least == (True, 1) and not is_word
        return best[0] if len(best) == 1 and may_be else ""

    def _joined(self, text: str) -> str:
        """A Persian text with words joined that documents write as one: "می خواهد"."""
        pairs = [
            (one.end(), other.start(), f"{one[0]}{_JOINER}{other[0]}")
            for one, other in pairwise(WORD.finditer(text))
            if text[one.end() : other.start()] == " " and self.knows(one[0] + other[0])
        ]
        texts = list(self.find(" ".join(whole for *_, whole in pairs))) if pairs else []
        at, pieces = 0, []
        for end, start, whole in pairs:
            if end > at and any(whole in held for held in texts):
                pieces += [text[at:end], _JOINER]
                at = start
        return "".join([*pieces, text[at:]])

    def _foreign(self, text: str) -> dict[int, Doubtful]:
        """The words that no document has and that carry no form, by where they begin."""
        quoted = [found.span() for found in _QUOTED.finditer(text)]
        stop_words = self.analyzer.stop_words(text)
        found: dict[int, Doubtful] = {}
        before = ""
        for at in WORD.finditer(text):
            word = without_possessive(at[0])
            is_right = (
                not max_edits(plain(word))
                or is_function_word(word)
                or word.casefold() in stop_words
                or is_question_word(word)
                or any(start <= at.start() < end for start, end in quoted)
                or self.knows(word)
            )
            if not is_right:
                found[at.start()] = Doubtful(at[0], before, bool(before) and at[0][0].isupper())
            before = at[0].lower()
        return found

    def _doubtful(
        self, found: Mapping[int, Doubtful], text: str, asked: str | None
    ) -> dict[int, Doubtful]:
        """Those words that the language does not know either."""
        likely = language.of_question(text) if not self.languages else frozenset()
        tongues = {*self.languages, *likely, *filter(None, [asked])} - {"en"}
        pieces = self.count_tokens([without_possessive(one.word) for one in found.values()])
        return {
            at: one
            for (at, one), count in zip(found.items(), pieces, strict=True)
            if count > 1 and not _is_right(without_possessive(one.word), tongues)
        }

    def _meant(self, one: Doubtful, words: Words) -> str:
        """What is meant by a word, "" if that is uncertain."""
        word = without_possessive(one.word)
        meant = nearest(one, plain(word), words)
        if meant and self._is_form(word, meant):
            return word + one.word[len(word) :]
        if lexicon.is_word(word, {"en"}):
            is_beside = words.stands_after(plain(one.before), plain(meant))
            return meant if meant and is_beside else ""
        cost = slip(plain(word), plain(meant)) or SAME if meant else UNLIKE
        if cost >= MISHEARD and (parted := self._spaces(words).parted(word)):
            is_meant = cost >= UNLIKE or (cost >= LETTER and parted.is_likely) or parted.is_asking
            meant = parted.text if is_meant else meant
        if meant and word[0].isupper():
            meant = meant[0].upper() + meant[1:]
        return meant and meant + one.word[len(word) :]

    def _is_form(self, word: str, other: str) -> bool:
        """Whether two words are forms of one in a language that inflects its words."""
        forms = self.analyzer.forms(word)
        return not word.isascii() and not set(forms).isdisjoint(self.analyzer.forms(other))

    def _spaces(self, words: Words) -> Spaces:
        return Spaces(self.knows, words, self.find)

    def _guessed(self, word: str, words: Words) -> str:
        bare = without_possessive(word)
        meant = self._spaces(words).guessed(bare) or nearest(
            Doubtful(word, "", bare[0].isupper()), plain(bare), words, is_guess=True
        )
        return meant and meant + word[len(bare) :]


def _put_in(meant: Mapping[int, str], text: str) -> str:
    """Return a text with words, by where they begin, in place of others; "" leaves one as it is."""
    return WORD.sub(lambda found: meant.get(found.start()) or found[0], text)


def _is_right(word: str, tongues: Collection[str]) -> bool:
    return language.is_frequent(word, tongues) or lexicon.is_word(word, tongues)


def _is_persian(text: str) -> bool:
    """Whether a text is Persian, be it typed in Arabic letters: "كيست"."""
    found = language.detect(text)
    return found is not None and found.language == "fa"


def _is_shouted(text: str) -> bool:
    return text.isupper() and len(WORD.findall(text)) > 1
