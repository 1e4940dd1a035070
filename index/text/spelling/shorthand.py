"""English as people type it in a chat: "whats", "didnt", "who r they", "ppl"."""

from __future__ import annotations

import re

from index.text.question import AUXILIARY

_ASKED = r"what|who|where|when|why|how"
_REWRITTEN = tuple(
    (re.compile(pattern), meant)
    for pattern, meant in (
        (rf"(?i)\b({_ASKED})s\b", r"\1 is"),
        (r"(?i)\b(did|does|do|is|are|was|were|has|have|had|could|would|should|ca)nt\b", r"\1n't"),
        (r"(?i)\b(they|you)re\b", r"\1're"),
        (r"(?i)\b(they|you|we)ve\b", r"\1've"),
        (r"(?i)\b(that|there|he|she)s\b", r"\1's"),
        (rf"(?i)^(\W*)(?:were|wear|ware)(?= {AUXILIARY}\b)", r"\1where"),
        (rf"\b((?i:{_ASKED}|they|we|you|u|there)) r\b", r"\1 are"),
        (r"(?i)(?<=\w)(['’]s)(?=[a-z]{3})", r"\1 "),
        (r"(?<![\w.'’-])u(?![\w.'’-])", "you"),
        (r"(?<=[^\W\d]{2}) n (?=[^\W\d]{2})|^n (?=\w)", " and "),
    )
)
_SHORT = {
    "abt": "about", "ppl": "people", "ur": "your", "cuz": "because", "coz": "because",
    "govt": "government", "yr": "year", "yrs": "years", "wud": "would", "cud": "could",
    "shud": "should", "wats": "what is", "wots": "what is", "adn": "and",
    "nd": "and", "wot": "what", "wut": "what", "whn": "when", "whr": "where", "dose": "does",
    "witch": "which", "nite": "night", "thru": "through",
}  # fmt: skip


_SLIPS = {
    "teh": "the", "hte": "the", "waht": "what", "hwat": "what", "whta": "what", "wehn": "when",
    "whne": "when", "hwen": "when", "whi": "why", "taht": "that", "thier": "their", "hwo": "who",
}  # fmt: skip
"""Frequent slips that are words of no language, be they in a document."""
_SLIP = re.compile(rf"\b(?:{'|'.join(_SLIPS)})\b", re.IGNORECASE)
_HOW = re.compile(
    r"(?i)\bhwo(?= (?:did|do|does|can|could|should|would|to|many|much|long|old|far|often|big|high|"
    r"tall|large)\b)"
)


def written_out(text: str) -> str:
    """Return an English text with contractions and single letters written as words."""
    for pattern, meant in _REWRITTEN:
        text = pattern.sub(meant, text)
    return text.lstrip()


def spelt_out(word: str) -> str:
    """Return the words that one in small letters is short for; "" if it is no shorthand."""
    return _SHORT.get(word, "")


def without_slips(text: str) -> str:
    """Return a text with frequent slips put right: "waht", "teh"."""

    def meant(found: re.Match[str]) -> str:
        right = _SLIPS[found[0].lower()]
        return right.capitalize() if found[0][0].isupper() else right

    return _SLIP.sub(meant, _HOW.sub("how", text))
