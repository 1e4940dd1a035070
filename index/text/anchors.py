"""Anchors of a question: the years, dates, numbers, ordinals and names that an answer must be about.

A sentence about 2022 does not answer a question about 2019, however much the two are alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

import regex
from rapidfuzz.distance import OSA

from index.core.documents import Span
from index.text.terms import is_function_word, plain, without_possessive

AnchorKind = Literal["year", "date", "number", "ordinal", "name"]

_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_SHORT_MONTHS = {name[:3]: at for at, name in enumerate(_MONTHS, 1) if name != "may"} | {"sept": 9}
_MONTH_OF = {name: at for at, name in enumerate(_MONTHS, 1)} | _SHORT_MONTHS
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {word: at for at, word in enumerate(_UNITS)}
_VALUES |= {word: 10 * at for at, word in enumerate(_TENS, 2)}
_SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "dozen": 12,
}
_SHORT_SCALES = {"k": 1_000, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12}
_IRREGULAR = "first second third fifth eighth ninth twelfth".split()
_ORDINALS = dict(zip(_IRREGULAR, (1, 2, 3, 5, 8, 9, 12), strict=True))
_ORDINALS |= {f"{word}th": at for word, at in _VALUES.items() if at in {4, 6, 7, 10, 11}}
_ORDINALS |= {f"{word}th": at for word, at in _VALUES.items() if 12 < at < 20}
_ORDINALS |= {f"{word[:-1]}ieth": at for word, at in _VALUES.items() if at >= 20}

# A piece is a word with its apostrophes, or a number with its separators and what is tied to it.
_PIECE = regex.compile(
    r"(?P<iso>\d{4}-\d{2}-\d{2})\b"
    r"|(?P<range>(?:1\d|20)\d\d(?=[-–/](?:\d\d|\d{4})\b)[-–/](?:\d{4}|\d\d))"
    r"|(?P<decade>(?:(?:1\d|20)\d|['’]\d)0['’]?s\b)"
    r"|(?P<ordinal>\d{1,3}(?:,\d{3})*(?:st|nd|rd|th)\b)"
    r"|(?P<quarter>[QqHh][1-4]\b)"
    r"|(?P<number>\d+(?:[,  ]\d{3})*(?:\.\d+)?(?:(?:k|m|mn|bn|tn)\b)?)"
    r"|(?P<word>[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*\d*)"
)
_YEARS = range(1000, 2100)
_LINKS = frozenset("of the de del der den van von da di la le al el bin ibn and & in for".split())
# First words of a question or an instruction: with a capital they are still no names.
_OPENERS = frozenset(
    """
    name list give tell show find explain describe define please is are was were do does did has
    have had can could will would should may might must if whether hi hello hey ok yes no thanks
    according besides despite although since during between among currently today yesterday
    """.split()
)
_MIN_SHARED_LETTERS = 4
_MIN_FUZZY_LETTERS = 6


@dataclass(frozen=True, slots=True)
class Anchor:
    """A year, date, number, ordinal or name as it stands in a text.

    Attributes:
        text: its words as written.
        span: its place in the text.
        keys: what has to be found: numbers ("2019"), months ("july"), ordinals ("92nd"), words.
    """

    kind: AnchorKind
    text: str
    span: Span
    keys: tuple[str, ...]


class _Piece(NamedTuple):
    kind: str  # the group of _PIECE
    text: str
    span: Span

    @property
    def key(self) -> str:
        return plain(without_possessive(self.text))


def find_anchors(text: str) -> list[Anchor]:
    """Return the anchors of a text in order; names only where capitals tell them.

    A text without small letters tells none.
    """
    pieces = _pieces(text)
    timed = list(_dates(text, pieces))
    taken = [anchor.span for anchor in timed]
    free = [piece for piece in pieces if not any(span.overlaps(piece.span) for span in taken)]
    counted = list(_numbers(text, free))
    taken += [anchor.span for anchor in counted]
    named = [
        anchor
        for anchor in _names(text, pieces)
        if not any(span.overlaps(anchor.span) for span in taken)
    ]
    return sorted([*timed, *counted, *named], key=lambda anchor: anchor.span)


@dataclass(frozen=True, slots=True)
class Mentions:
    """The years, numbers and words that a text mentions, to look anchors up in."""

    keys: frozenset[str]
    words: tuple[str, ...]  # distinct, in lower case without accents
    initials: str  # first letters of its words with a capital, in runs parted by spaces

    @classmethod
    def of(cls, text: str, published: date | None = None) -> Mentions:
        """Return what a text mentions; its date of publication counts as mentioned."""
        pieces = _pieces(text)
        keys = {key for anchor in _dates(text, pieces) for key in anchor.keys}
        keys.update(key for anchor in _numbers(text, pieces) for key in anchor.keys)
        words = dict.fromkeys(piece.key for piece in pieces if piece.kind == "word")
        if published:
            keys |= {f"{published.year}", f"{published.day}", _MONTHS[published.month - 1]}
        keys.update(word for word in words if word in _MONTH_OF or word in _DAYS)
        return cls(frozenset(keys), tuple(words), _initials(text, pieces))

    def __or__(self, other: Mentions) -> Mentions:
        return Mentions(
            self.keys | other.keys,
            tuple(dict.fromkeys((*self.words, *other.words))),
            f"{self.initials} {other.initials}",
        )

    def lack(self, anchor: Anchor) -> float:
        """Return the share of an anchor that the text does not mention, 0..1.

        Words of names are found in other forms (Iran, Iranian), with a letter wrong, and as
        initials (UN, United Nations).
        """
        if anchor.kind != "name":
            return float(any(key not in self.keys for key in anchor.keys))
        if _is_acronym(anchor.text) and _dotless(anchor.text) in self.initials:
            return 0.0
        lacking = sum(not any(_alike(key, word) for word in self.words) for key in anchor.keys)
        return lacking / len(anchor.keys)


def _pieces(text: str) -> list[_Piece]:
    return [
        _Piece(found.lastgroup or "", found[0], Span(*found.span()))
        for found in _PIECE.finditer(text)
    ]


def _dates(text: str, pieces: Sequence[_Piece]) -> Iterator[Anchor]:
    """Years, and days and months with what belongs to them."""
    at = 0
    while at < len(pieces):
        size, keys = _date_at(text, pieces, at)
        if not size:
            at += 1
            continue
        span = Span(pieces[at].span.start, pieces[at + size - 1].span.end)
        is_year = size == 1 and pieces[at].kind in {"number", "range", "decade"}
        yield Anchor("year" if is_year else "date", span.cut(text), span, keys)
        at += size


def _date_at(text: str, pieces: Sequence[_Piece], at: int) -> tuple[int, tuple[str, ...]]:
    """The number of pieces of the date that starts at a piece, 0 for none, and its keys."""
    piece = pieces[at]
    if piece.kind == "iso":
        year, month, day = piece.text.split("-")
        named = _MONTHS[int(month) - 1] if 1 <= int(month) <= 12 else month
        return 1, (str(int(day)), named, year)
    if piece.kind == "range":
        first, last = re.split(r"[-–/]", piece.text)
        return 1, (first, last if len(last) == 4 else first[:2] + last)
    if piece.kind == "decade":
        return 1, (piece.text.strip("'’s")[-4:] + "s",)
    near = [_month(other) for other in pieces[at : at + 3]]
    days = [_day(other) for other in pieces[at : at + 3]]
    years = [_year(text, other) for other in pieces[at : at + 3]] + [None] * 3
    near, days = [*near, None, None, None], [*days, None, None, None]
    if days[0] and near[1]:  # 10 July, 10 July 2021
        keys = (days[0], near[1])
        return (3, (*keys, years[2])) if years[2] else (2, keys)
    if days[0] and _is_of(pieces, at + 1) and near[2]:  # the 10th of July
        return 3, (days[0], near[2])
    if near[0] and days[1] and not years[1]:  # July 10, July 10, 2021
        keys = (days[1], near[0])
        return (3, (*keys, years[2])) if years[2] else (2, keys)
    if near[0] and years[1]:  # July 2021
        return 2, (near[0], years[1])
    if near[0] and _is_capital(piece.text):
        return 1, (near[0],)
    if piece.kind == "word" and piece.key in _DAYS:
        return 1, (piece.key,)
    return (1, (years[0],)) if years[0] else (0, ())


def _month(piece: _Piece) -> str | None:
    at = _MONTH_OF.get(piece.key) if piece.kind == "word" else None
    return _MONTHS[at - 1] if at and (piece.key != "may" or _is_capital(piece.text)) else None


def _day(piece: _Piece) -> str | None:
    digits = piece.text.rstrip("stndrh") if piece.kind in {"ordinal", "number"} else ""
    return str(int(digits)) if digits.isdigit() and 1 <= int(digits) <= 31 else None


def _year(text: str, piece: _Piece) -> str | None:
    if piece.kind != "number" or not piece.text.isdigit() or int(piece.text) not in _YEARS:
        return None
    before, after = text[: piece.span.start][-1:], text[piece.span.end :][:1]
    is_amount = before in set("$€£¥#.") or after in set("%°€$")
    return None if is_amount else piece.text


def _is_of(pieces: Sequence[_Piece], at: int) -> bool:
    return at < len(pieces) and pieces[at].key == "of"


def _numbers(text: str, pieces: Sequence[_Piece]) -> Iterator[Anchor]:
    """Numbers and ordinals, in figures or in words."""
    at = 0
    while at < len(pieces):
        size, kind, key = _number_at(pieces, at)
        if not size:
            at += 1
            continue
        span = Span(pieces[at].span.start, pieces[at + size - 1].span.end)
        yield Anchor("ordinal" if kind == "ordinal" else "number", span.cut(text), span, (key,))
        at += size


def _number_at(pieces: Sequence[_Piece], at: int) -> tuple[int, str, str]:
    """The number of pieces of the number that starts at a piece, 0 for none, its kind and key."""
    piece = pieces[at]
    if piece.kind == "ordinal":
        return 1, "ordinal", _ordinal(int(piece.text[:-2].replace(",", "")))
    if piece.kind == "quarter" and piece.text[0] in "Qq":
        return 1, "ordinal", _ordinal(int(piece.text[1]))
    total, current, size = 0.0, 0.0, 0
    for other in pieces[at : at + 6]:
        key = other.key
        if other.kind == "number" and not size:
            current = _value(other.text)
        elif key in _ORDINALS and other.kind == "word" and (not size or current >= 20):
            return size + 1, "ordinal", _ordinal(int(total + current + _ORDINALS[key]))
        elif key in _VALUES and (not size or piece.kind == "word"):
            current += _VALUES[key]
        elif key in _SCALES and (size or key != "dozen"):
            current = max(current, 1) * _SCALES[key]
            if _SCALES[key] > 100:
                total, current = total + current, 0.0
        else:
            break
        size += 1
    is_pronoun = size == 1 and piece.key == "one"
    return (0, "", "") if not size or is_pronoun else (size, "number", f"{total + current:g}n")


def _value(text: str) -> float:
    scale = next((s for s in ("mn", "bn", "tn", "k", "m") if text.endswith(s)), "")
    figures = re.sub(r"[,  ]", "", text.removesuffix(scale))
    return float(figures) * _SHORT_SCALES.get(scale, 1)


def _ordinal(value: int) -> str:
    return f"{value}th"


def _names(text: str, pieces: Sequence[_Piece]) -> Iterator[Anchor]:
    """Runs of words with a capital, and the small words that link them."""
    if text.isupper():
        return
    run: list[_Piece] = []
    for piece in [*pieces, None]:
        if piece is not None and _continues(text, run, piece):
            run.append(piece)
            continue
        yield from _named(text, run)
        run = [piece] if piece is not None and _starts(text, piece) else []


def _starts(text: str, piece: _Piece) -> bool:
    if piece.kind not in {"word", "quarter"} or not _is_capital(piece.text):
        return False
    opens = not text[: piece.span.start].strip(" \"'“‘¿¡(").rstrip() or text[
        : piece.span.start
    ].rstrip()[-1:] in set(".!?:;")
    is_plain = is_function_word(piece.text) and not _is_acronym(piece.text)
    return not is_plain and not (opens and piece.key in _OPENERS)


def _continues(text: str, run: Sequence[_Piece], piece: _Piece) -> bool:
    if not run or not text[run[-1].span.end : piece.span.start].strip(" -–.&'’") == "":
        return False
    if "." in text[run[-1].span.end : piece.span.start] and len(run[-1].text) > 2:
        return False
    return piece.key in _LINKS or (piece.kind == "word" and _is_capital(piece.text))


def _named(text: str, run: list[_Piece]) -> Iterator[Anchor]:
    while run and run[-1].key in _LINKS and not _is_capital(run[-1].text):
        run = run[:-1]
    keys = tuple(
        dict.fromkeys(piece.key for piece in run if not is_function_word(piece.text))
    ) or tuple(piece.key for piece in run)
    if keys:
        span = Span(run[0].span.start, run[-1].span.end)
        yield Anchor("name", without_possessive(span.cut(text)), span, keys)


def _initials(text: str, pieces: Iterable[_Piece]) -> str:
    letters = ""
    capitals = [piece for piece in pieces if piece.kind == "word" and _is_capital(piece.text)]
    for before, piece in pairwise([None, *capitals]):
        assert piece is not None
        between = text[before.span.end : piece.span.start] if before else ""
        linked = not re.sub(r"\b(?:of|and|the|for|de)\b|[\s&-]", "", between)
        letters += piece.text[0] if before and linked else f" {piece.text[0]}"
    return letters.upper()


def _is_capital(word: str) -> bool:
    return word[:1].isupper()


def _is_acronym(text: str) -> bool:
    return 2 <= len(_dotless(text)) <= 6 and text.isupper()


def _dotless(text: str) -> str:
    return text.replace(".", "")


@lru_cache(maxsize=16_384)
def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= _MIN_SHARED_LETTERS and longer.startswith(shorter):
        return True
    is_long = len(shorter) >= _MIN_FUZZY_LETTERS
    return is_long and OSA.distance(one, other, score_cutoff=1) <= 1
