"""Rows of a page: the fragments that share a line, and the text they read as."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from index.parsers.pdf.fragments import Fragment, is_right_to_left
from index.parsers.toolkit.scripts import lower_script, raise_script

SENTENCE_END = re.compile(r"[.!?…:;。！？；：][\"'”’»)\]」』）]*$")
_WORD_GAP = 0.15
_PHRASE_GAP = 0.35
_SMALL = 0.85
_SHIFT = 0.1
_DESCENT = 0.22
_MAX_SCRIPT_CHARS = 12
_HAN = "\u2e80-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_HAN_CHAR = re.compile(f"[{_HAN}]")
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
_DIGITS = re.compile(r"[+−–-]?\d{1,3}")
_PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NOTE_MARK = re.compile(r"([^\W\d_]{4}|[.,;:!?\"”’»)])[¹²³⁰⁴-⁹]{1,3}(?=[\s.,;:]|$)")


def rows(fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    """Return the fragments of each line, from top to bottom, each from left to right."""
    found: list[list[Fragment]] = []
    leaders: list[Fragment] = []
    for part in sorted(fragments, key=lambda part: part.middle, reverse=True):
        if found and _share_line(leaders[-1], part):
            found[-1].append(part)
            if len(part.text) > len(leaders[-1].text):
                leaders[-1] = part
        else:
            found.append([part])
            leaders.append(part)
    return [sorted(row, key=lambda part: part.left) for row in found]


def join_phrases(fragments: Sequence[Fragment]) -> list[Fragment]:
    """Return the fragments of a page, those that touch joined: exponents, words in other type."""
    found: list[Fragment] = []
    for row in rows(fragments):
        phrase, right = row[:1], row[0].right
        for part in row[1:]:
            if part.left - right < _PHRASE_GAP * part.size:
                phrase.append(part)
            else:
                found.append(_phrase(phrase))
                phrase, right = [part], part.right
            right = max(right, part.right)
        found.append(_phrase(phrase))
    return found


def _phrase(parts: Sequence[Fragment]) -> Fragment:
    return parts[0] if len(parts) == 1 else join_row(parts)


def join_row(row: Sequence[Fragment]) -> Fragment:
    """Return the fragments of one line as one, with powers, fractions and indices in place.

    Right-to-left text comes in its logical order; marks of notes are left out.
    """
    main = max(row, key=lambda part: len(part.text))
    if len(row) == 1 and row[0].is_row:
        return row[0]
    text = _join_backwards(row, main) if is_backwards(row) else _join(row, main)
    text = _NOTE_MARK.sub(r"\1", " ".join(text.split()))
    return main._replace(
        text=_BETWEEN_HAN.sub("", text),
        left=min(part.left for part in row),
        right=max(part.right for part in row),
        gaps=(),
        is_row=any(part.is_row for part in row),
    )


def is_backwards(row: Sequence[Fragment]) -> bool:
    """Whether most letters of a line run from right to left."""
    letters = [char for part in row if not part.text.isascii() for char in part.text]
    backwards = sum(map(is_right_to_left, letters))
    return backwards > 0 and backwards * 2 > sum(
        char.isalpha() for part in row for char in part.text
    )


def share_that_goes_on(texts: Sequence[str]) -> float:
    """Return the share of texts that go on with the sentence of the one before, 0..1."""
    pairs = [(above, below) for above, below in pairwise(texts) if above and below]
    going_on = sum(below[0].islower() and not SENTENCE_END.search(above) for above, below in pairs)
    return going_on / max(len(pairs), 1)


def length(text: str) -> int:
    """Return the width of a text in letters; Chinese and Japanese characters are two wide."""
    return len(text) + (0 if text.isascii() else len(_HAN_CHAR.findall(text)))


def joins_without_blank(before: str, after: str) -> bool:
    """Whether a line goes on in the next one without a blank, as in Chinese and Japanese."""
    return bool(_BETWEEN_HAN.search(f"{before[-1:]} {after[:1]}"))


def _join(row: Sequence[Fragment], main: Fragment) -> str:
    text = ""
    right = row[0].left
    for at, part in enumerate(row):
        apart = part.left - right > _WORD_GAP * main.size or part.text.startswith(" ")
        shown = part.text
        shift = _shift(part, main)
        if shift and text and not apart:
            after = row[at + 1].text if at + 1 < len(row) else ""
            shown = part.text.strip().translate(_PLAIN_DIGITS)
            before = text[-_MAX_SCRIPT_CHARS:]
            shown = raise_script(before, shown, after) if shift > 0 else lower_script(before, shown)
        text += (" " if apart and text else "") + shown
        right = max(right, part.right)
    return text


def _join_backwards(row: Sequence[Fragment], main: Fragment) -> str:
    text = ""
    left = main.right
    for part in sorted(row, key=lambda part: part.right, reverse=True):
        apart = left - part.right > _WORD_GAP * main.size or part.text.startswith(" ")
        text += (" " if apart and text else "") + part.text
        left = part.left
    return text


def _shift(part: Fragment, main: Fragment) -> int:
    """1 for a superscript, -1 for a subscript, 0 for what stands on the line."""
    text = part.text.strip()
    raised = (_baseline(part) - _baseline(main)) / main.height
    if part.size <= _SMALL * main.size and len(text) <= _MAX_SCRIPT_CHARS:
        return (raised > _SHIFT) - (raised < -_SHIFT)
    # Some only raise the digits of an exponent, and leave them as large as the rest.
    is_full = abs(part.height - main.height) < _SHIFT * main.height and _DIGITS.fullmatch(text)
    return int(bool(is_full) and raised > 2 * _SHIFT)


def _baseline(part: Fragment) -> float:
    return part.bottom + _DESCENT * part.height


def _share_line(first: Fragment, other: Fragment) -> bool:
    shared = min(first.top, other.top) - max(first.bottom, other.bottom)
    return shared > min(first.height, other.height) / 2
