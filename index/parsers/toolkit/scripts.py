"""Raised and lowered characters of marked-up text: powers stay powers, marks of notes go."""

from __future__ import annotations

import re

_DIGITS = "0123456789+-=()ni"
_RAISED = str.maketrans(_DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans(_DIGITS[:15], "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_MINUS = str.maketrans("−–‐‑", "----")
_NUMBER = re.compile(r"[+\-]?\d{1,6}|[ni]|[()\d+\-=ni]{2,8}")
_NOTE = re.compile(r"[\[(]?(?:\d{1,3}(?:\s?[,–-]\s?\d{1,3})*|[a-z*†‡§¶#]{1,2})[\])]?[,.;]?")
_ORDINAL = re.compile(r"st|nd|rd|th|er|ère|re|e|ème|o|a|os|as|º|ª|te|de", re.IGNORECASE)
_BASE = re.compile(r"[\d)\]]$|(?<![^\W\d_])(?:[kcmdhµμ]?m|[^\W\d_]|ft|in|yd|mi|km|sec|min)$")
_UNIT_POWER = re.compile(r"[+\-]?\d{1,2}|n")


def raise_script(before: str, script: str, after: str) -> str:
    """Return how a superscript reads between two texts.

    A digit after a number or a unit is a power (10⁶, m³); after a word it is the mark of a note and
    nothing of it stays; the numerator of a fraction and the end of an ordinal stay on the line.
    """
    inner = script.strip().translate(_MINUS)
    if after[:1] in {"/", "⁄"}:
        return f" {inner}" if before[-1:].isdigit() else inner
    if before[-1:].isdigit() and _ORDINAL.fullmatch(inner):
        return script
    if _BASE.search(before) and inner:
        after_digit = not before[-1:].isalpha()
        if (_NUMBER if after_digit else _UNIT_POWER).fullmatch(inner):
            return inner.translate(_RAISED)
        if before[-1:].isdigit() and not inner.startswith("["):
            return f"^{inner}" if len(inner) == 1 or inner[:1] == "(" else f"^({inner})"
    return "" if _NOTE.fullmatch(script.strip()) else script


def lower_script(before: str, script: str) -> str:
    """Return how a subscript reads after a text; one after a slash ends a fraction."""
    inner = script.strip().translate(_MINUS)
    is_index = before[-1:].isalnum() and _NUMBER.fullmatch(inner) and not inner.isalpha()
    return inner.translate(_LOWERED) if is_index else script
