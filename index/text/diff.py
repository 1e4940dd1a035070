"""Differences between two wordings, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz.distance import Indel

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


class Op(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Part(NamedTuple):
    """A piece of text that only the old wording has, only the new one, or both."""

    op: Op
    text: str


Diff = tuple[Part, ...]
"""The parts in order. Those not added make up the old text, those not removed the new one; white
space that both have is the new one's."""


def compare(old: str, new: str) -> Diff:
    """Return how `new` differs from `old`, all white space being equal."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    parts: list[Part] = []
    for block in Indel.opcodes(_keys(before), _keys(after)):
        removed = "".join(before[block.src_start : block.src_end])
        added = "".join(after[block.dest_start : block.dest_end])
        if block.tag == "equal":
            parts.append(Part(Op.SAME, added))
        else:
            parts += [Part(Op.REMOVED, removed), Part(Op.ADDED, added)]
    return tuple(_merge(parts))


def _keys(tokens: Sequence[str]) -> list[str]:
    return [" " if token.isspace() else token for token in tokens]


def _merge(parts: Iterable[Part]) -> list[Part]:
    """Join neighbours, also across a space: "big dog" became "cat", not "big" and "dog" did."""
    merged: list[Part] = []
    removed = added = space = ""
    for op, text in parts:
        if op is Op.REMOVED:
            removed, added, space = removed + space + text, added + space, ""
        elif op is Op.ADDED:
            removed, added, space = removed + space, added + space + text, ""
        elif (removed or added) and text.isspace() and not space:
            space = text
        else:
            merged += _changed(removed, added)
            merged.append(Part(Op.SAME, space + text))
            removed = added = space = ""
    merged += _changed(removed, added)
    if space:
        merged.append(Part(Op.SAME, space))
    return merged


def _changed(removed: str, added: str) -> list[Part]:
    parts = Part(Op.REMOVED, removed), Part(Op.ADDED, added)
    return [part for part in parts if part.text]
