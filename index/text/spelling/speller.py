"""Puts the words of a question right before anything else reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex
from rapidfuzz.distance import OSA

from index.text import language
from index.text.languages import lexicon
from index.text.spelling.names import unheard_names
from index.text.spelling.nearest import ASKED_HOW, WORD, Doubtful, Words, nearest
from index.text.spelling.shorthand import spelt_out, without_slips, written_out
from index.text.spelling.slips import (
    LETTER,
    MISHEARD,
    SAME,
    UNLIKE,
    max_edits,
    regular,
    slip,
)
from index.text.spelling.spaces import QUESTION_WORDS, Spaces
from index.text.terms import Analyzer, is_function_word, plain, without_possessive

CountTokens = Callable[[Sequence[str]], Sequence[int]]
"""Returns how many pieces a model's vocabulary makes of each text."""

_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|„[^“”]*[“”]")
_QUOTED_PART = re.compile(f"({_QUOTED.pattern})")
_ASKING_TEXT = """
wer wen wem wessen was wann wo woher wohin warum wieso weshalb wie wieviel welche welcher welches
quien quienes que cual cuales cuando donde como cuanto cuanta cuantos cuantas qui quoi quand ou
pourquoi comment combien quel quelle quels quelles кто кого кому что чего когда где куда откуда
почему зачем как сколько какой какая какие хто кого що коли де куди звідки чому як скільки який
яка які
چه چرا کی کجا چگونه چند چقدر کدام متى أين لماذا كيف كم ماذا من ما
"""
_ASKING = frozenset(map(plain, _ASKING_TEXT.split()))
"""Question words, which the lists of frequent words lack in part."""
_OPENING = re.compile(
    r"\W*(?:(?:and|so|but|or|then|in|on|by|to|for|at|since)\s+)*"
    r"(?P<word>[A-Za-z][a-z]*)\b(?:\s+(?P<next>\w+))?"
)
_AFTER_ASKING = ASKED_HOW.union(
    ["is", "are", "was", "were", "did", "do", "does", "has", "have", "had", "can", "will"],
    ["happened"],
)


_AFTER_HOW = frozenset(["did", "do", "does", "can", "could", "should", "would", "to"])


class Understood(NamedTuple):
    """A question as it is meant.

    Attributes:
        unknown: words of it, in order, that neither the documents nor its language know.
        names: words in small letters, in order, that are likely names and that no document has.
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
        understood = self._corrected(text)
        # Documents in any language may have a name in other letters.
        names = self._names(understood.text) if is_english and self.languages else ()
        return understood._replace(names=names)

    def _corrected(self, text: str) -> Understood:
        asked = language.plain_language(text)
        doubtful = self._doubtful(text, asked)
        if not doubtful:
            return Understood(text)
        tongue = asked or self._likely(text)
        corrected = text
        # Amid others that are misspelt, a word may find nothing: they are asked again put right.
        for _ in range(1 + (len(doubtful) > 1)):
            words = Words.of(self.find(corrected), tongue, self.analyzer.forms)
            meant = {at: self._meant(one, words) for at, one in doubtful.items()}
            corrected = _put_in(meant, text)
        unknown = (
            one.word
            for at, one in doubtful.items()
            if not meant[at] and not lexicon.is_common(one.word)
        )
        return Understood(corrected, tuple(dict.fromkeys(unknown)))

    def guess(self, question: str, unknown: Sequence[str], texts: Iterable[str]) -> Understood:
        """Return a question with its unknown words as what they are nearest to in texts.

        It may be wrong: whoever asks it looks whether it is answered better.
        """
        if not unknown:
            return Understood(question)
        tongue = language.plain_language(question) or self._likely(question)
        words = Words.of(texts, tongue, self.analyzer.forms)
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

    def _is_english(self, text: str) -> bool:
        among = set(map(language.base, self.languages)) or {"en"}
        if not text.isascii() or "en" not in among:
            return False
        plainly = language.plain_language(text)
        return plainly == "en" or (plainly is None and language.of_question(text) <= {"en"})

    def _likely(self, text: str) -> str:
        """The language that a question is likely in, though its words leave doubts."""
        found = language.guess(text, {*map(language.base, self.languages), "en"})
        return found or next(iter(self.languages), "en")

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
            meant: (not _is_shortened(word, meant), OSA.distance(word, meant))
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

    def _doubtful(self, text: str, asked: str | None) -> dict[int, Doubtful]:
        """The words that nobody knows, by where they begin."""
        quoted = [found.span() for found in _QUOTED.finditer(text)]
        likely = language.of_question(text) if not self.languages else frozenset()
        tongues = {*self.languages, *likely, *filter(None, [asked])} - {"en"}
        stop_words = self.analyzer.stop_words(text)
        found: dict[int, Doubtful] = {}
        before = ""
        for at in WORD.finditer(text):
            word = without_possessive(at[0])
            is_right = (
                not max_edits(plain(word))
                or is_function_word(word)
                or word.casefold() in stop_words
                or plain(word) in _ASKING
                or any(start <= at.start() < end for start, end in quoted)
            )
            if not is_right:
                found[at.start()] = Doubtful(at[0], before, bool(before) and at[0][0].isupper())
            before = at[0].lower()
        # The vocabulary first: it has most words, while the library takes a search for each.
        pieces = self.count_tokens([without_possessive(one.word) for one in found.values()])
        return {
            at: one
            for (at, one), count in zip(found.items(), pieces, strict=True)
            if count > 1 and not self._is_right(without_possessive(one.word), tongues)
        }

    def _is_right(self, word: str, tongues: Collection[str]) -> bool:
        return (
            self.knows(word)
            or language.is_frequent(word, tongues)
            or lexicon.is_word(word, tongues)
        )

    def _meant(self, one: Doubtful, words: Words) -> str:
        """What is meant by a word, "" if that is uncertain."""
        word = without_possessive(one.word)
        meant = nearest(one, plain(word), words)
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


def _is_shouted(text: str) -> bool:
    return text.isupper() and len(WORD.findall(text)) > 1


def _is_shortened(word: str, whole: str) -> bool:
    """Whether a word is another one that lacks letters, but for the first."""
    rest = iter(whole)
    return word[0] == whole[0] and all(letter in rest for letter in word)
