"""Tells small talk from questions: greetings, thanks, laughter, "who are you"."""

from __future__ import annotations

import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import accumulate, chain, groupby
from pathlib import Path

import regex

from bot.conversation.doubts import is_doubt

PHRASES = Path(__file__).with_suffix(".toml")
MAX_CHARS = 200
"""A longer message says something."""

_SIGN = r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]|[0-9#*]\ufe0f?\u20e3"
_EMOJI = regex.compile(rf"(?:{_SIGN})[\u200d\ufe0e\ufe0f\U000e0020-\U000e007f]*")
_EMOTICON = regex.compile(r"(?<!\S)(?:[:;=][-'’]?[()DPpOo3*/|]+|<3+|\^[_.]*\^)(?!\S)")
_SOMEBODY = regex.compile(r"(?<!\S)@\w+")
_APOSTROPHE = regex.compile(r"(?<=\p{L})['’ʼ`´](?=\p{L})")
_WORD = regex.compile(r"[\p{L}\p{N}]+")
_LEFT_OUT = regex.compile(r"\p{M}|[\u0640\u200b-\u200f\u2066-\u2069]")
_ALIKE = str.maketrans("\u064a\u0649\u0643\u0629", "\u06cc\u06cc\u06a9\u0647")
"""Letters of Arabic that are others on a Persian keyboard, or often typed as others."""
_AS_TYPED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "\u200c": " "})
_LAUGHTER = regex.compile(
    r"[ae]?(?:(?:h+a+){2,}h*|(?:h+e+){2,}h*|(?:h+i+){2,}h*|(?:h+o+){2,}h*|(?:j+a+){2,}j*"
    r"|(?:j+e+){2,}|(?:j+i+){3,})|(?:a+h+){2,}|b?w?a*(?:h+a+){3,}h*|w{3,}|l+o+l+(?:o+l+)*|lma+o+"
    r"|x+d+|а?(?:(?:х+а+){2,}х*|(?:х+е+){2,}х*|(?:х+и+){2,}х*)|(?:а+х+){2,}а*|ه{2,}|(?:ها){2,}|خ{2,}"
)
_PLACE = regex.compile(r"\([^)]*\)|[^()]+")
_CLAUSE = regex.compile(r"[,.!?;:…\n،؛؟]+")
_STRETCHED = 3
_MAX_OPEN_WORDS = 4
_OPENING = regex.compile(
    r"\s*(?:([^,.!;:–—…\n]{1,60})[,.!;:–—…\n]+\s*(?=\S+\s+\S)"
    r"|(?i:(ok|okay|thanks|thank you)\s+)"
    r"(?i:(?=(?:and|but|so|then|what|how|who|when|where|why|which)\b)))"
)

Words = tuple[str, ...]


class Kind(StrEnum):
    """A kind of small talk; of several in one message, the first of these counts."""

    ABILITIES = "abilities"
    HELP = "help"
    IDENTITY = "identity"
    DOUBT = "doubt"
    THANKS = "thanks"
    BYE = "bye"
    GREETING = "greeting"
    LAUGHTER = "laughter"
    OK = "ok"
    YES = "yes"
    NO = "no"
    EMOJI = "emoji"
    PUNCTUATION = "punctuation"


OPENINGS = frozenset(
    {Kind.THANKS, Kind.BYE, Kind.GREETING, Kind.LAUGHTER, Kind.OK, Kind.YES, Kind.NO}
)
"""What may stand before a question without being one."""
LEADING_ON = frozenset({Kind.GREETING, Kind.HELP, Kind.ABILITIES})
"""What examples of questions are a reply to."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of small talk, as folded words: alternatives in each place, some of no word.

    Attributes:
        kind: None if it may only stand beside others.
        is_open: a few words of any kind follow, up to the next mark.
    """

    kind: Kind | None
    places: tuple[tuple[Words, ...], ...]
    is_open: bool

    def ends(self, words: Words, start: int) -> set[int]:
        """Return where the phrase may end if it begins at `start`."""
        reached = {start}
        for alternatives in self.places:
            reached = {
                at + len(option)
                for at in reached
                for option in alternatives
                if words[at : at + len(option)] == option
            }
        return reached - {start}

    def first_words(self) -> Iterator[str]:
        for alternatives in self.places:
            yield from (option[0] for option in alternatives if option)
            if () not in alternatives:
                return


@dataclass(frozen=True, slots=True)
class Phrases:
    """All phrases.

    Attributes:
        starting: by their first word.
        between: words that may stand between phrases only.
        asking: words that no open phrase goes on with.
        stretchable: the words of all phrases, by the same without repeated letters.
    """

    starting: dict[str, tuple[Phrase, ...]]
    between: frozenset[str]
    asking: frozenset[str]
    stretchable: dict[str, frozenset[str]]

    def cover(self, clauses: Sequence[Words], names: Collection[Words]) -> frozenset[Kind]:
        """Return the kinds of the phrases that make up all the words; none if something is left."""
        words = tuple(self._known(word) for clause in clauses for word in clause)
        borders = list(accumulate(len(clause) for clause in clauses))
        # The kinds of the phrases that lead up to each place between words.
        reached: list[frozenset[Kind] | None] = [frozenset(), *(None for _ in words)]
        for start in range(len(words)):
            before = reached[start]
            if before is None:
                continue
            for end, kind in self._steps(words, start, borders, names):
                kinds = before if kind is None else before | {kind}
                reached[end] = reached[end] or kinds
        return reached[-1] or frozenset()

    def _steps(
        self, words: Words, start: int, borders: Sequence[int], names: Collection[Words]
    ) -> list[tuple[int, Kind | None]]:
        """Return the ends of what may begin at `start`, with its kind; the kinds first."""
        steps: list[tuple[int, Kind | None]] = []
        if _LAUGHTER.fullmatch(words[start]):
            steps.append((start + 1, Kind.LAUGHTER))
        for phrase in self.starting.get(words[start], ()):
            ends = phrase.ends(words, start)
            if phrase.is_open:
                ends = {end for at in ends if (end := self._open_end(words, at, borders))}
            steps += [(end, phrase.kind) for end in ends]
        steps += [
            (start + len(name), None) for name in names if words[start : start + len(name)] == name
        ]
        if words[start] in self.between and 0 < start < len(words) - 1:
            steps.append((start + 1, None))
        return steps

    def _open_end(self, words: Words, start: int, borders: Sequence[int]) -> int:
        """Return the end of the clause that goes on at `start`, 0 if it is long or asks."""
        end = next((border for border in borders if border > start), start)
        rest = words[start:end]
        return end if 0 < len(rest) <= _MAX_OPEN_WORDS and not self.asking & set(rest) else 0

    def _known(self, word: str) -> str:
        """Return the word that was stretched, as in "helloooo"; else the word itself."""
        candidates = self.stretchable.get(_squeezed(word), frozenset())
        if word in candidates or _LAUGHTER.fullmatch(word):
            return word
        lengths = _lengths(word)
        for candidate in sorted(candidates, key=lambda known: (-len(known), known)):
            if _is_stretched(lengths, _lengths(candidate)):
                return candidate
        return word


@cache
def read_phrases() -> Phrases:
    sections = tomllib.loads(PHRASES.read_text(encoding="utf-8"))
    lists = {name: ",".join(section.values()).split(",") for name, section in sections.items()}
    starting = defaultdict(list)
    stretchable = defaultdict(set)
    for kind in (*(kind for kind in Kind if kind in lists), None):
        for phrase in _read(kind, lists[kind or "beside"]):
            for first in set(phrase.first_words()):
                starting[first].append(phrase)
            for option in chain.from_iterable(phrase.places):
                for word in option:
                    stretchable[_squeezed(word)].add(word)
    return Phrases(
        {first: tuple(phrases) for first, phrases in starting.items()},
        frozenset(chain.from_iterable(map(folded_words, lists["between"]))),
        frozenset(chain.from_iterable(map(folded_words, lists["asking"]))),
        {squeezed: frozenset(words) for squeezed, words in stretchable.items()},
    )


def small_talk(text: str, names: Sequence[str] = ()) -> Kind | None:
    """Return the kind of small talk that makes up a whole text; None if it says or asks more.

    `names` are those of the bot, which may stand beside it; whoever is named by @ may as well.
    """
    if len(text) > MAX_CHARS:
        return None
    if is_doubt(text):
        return Kind.DOUBT
    bare = _SOMEBODY.sub(" ", text)
    worded = _EMOTICON.sub(" ", _EMOJI.sub(" ", bare))
    if clauses := [words for clause in _CLAUSE.split(worded) if (words := folded_words(clause))]:
        kinds = read_phrases().cover(clauses, [folded_words(name) for name in names])
        return next((kind for kind in Kind if kind in kinds), None)
    if worded != bare:
        return Kind.EMOJI
    return Kind.PUNCTUATION if bare.strip() else None


def without_opening(text: str) -> str:
    """Return a text without the small talk it opens with, as in "Thanks. And in Herat?".

    Only what a mark sets off is left out, and at least two words stay: "Hello, Dolly!" does whole.
    """
    while (found := _OPENING.match(text)) and small_talk(found[1] or found[2]) in OPENINGS:
        text = text[found.end() :]
    return text


def _read(kind: Kind | None, texts: Iterable[str]) -> Iterator[Phrase]:
    """Yield the phrases as they are written, and in the other way to type them, if there is one."""
    for text in texts:
        for typed in {text, text.translate(_AS_TYPED)}:
            places = tuple(
                tuple(dict.fromkeys(map(folded_words, part.strip("()").split("|"))))
                for part in _PLACE.findall(typed.rstrip("* \n"))
                if part.strip()
            )
            if places:
                yield Phrase(kind, places, typed.rstrip().endswith("*"))


def folded_words(text: str) -> Words:
    """Return the words in lower case, without accents, marks and apostrophes."""
    folded = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", text).casefold())
    return tuple(_WORD.findall(_LEFT_OUT.sub("", folded).translate(_ALIKE)))


def _squeezed(word: str) -> str:
    return "".join(letter for letter, _run in groupby(word))


def _lengths(word: str) -> list[int]:
    return [len(list(run)) for _letter, run in groupby(word)]


def _is_stretched(lengths: Sequence[int], meant: Sequence[int]) -> bool:
    """Whether runs of letters are those of a word, or longer; by one letter only at its end."""
    return all(
        length == due or (length > due and (length >= _STRETCHED or at == len(meant)))
        for at, (length, due) in enumerate(zip(lengths, meant, strict=True), start=1)
    )
