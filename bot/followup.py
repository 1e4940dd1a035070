"""Questions that only make sense after the one before: "and in Herat?".

No grammar is parsed. A question that leans on the last one is asked as several whole questions, and
the documents decide: the one they answer with the most confidence is kept.
"""

from __future__ import annotations

import re

_LEAD = re.compile(r"(?:(?:and|but|or|so|then|also)\b[ ,]*)+", re.IGNORECASE)
_ABOUT = re.compile(r"(?:what|how) about\s+", re.IGNORECASE)
_POINTING = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|that|these|those|there|then|"
    r"one|ones)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can|"
    r"could|will|would|should)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"(?:in|on|at|to|from|for|of|by|with|near|against|according to|after|before|during|about)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<!^)\b[A-ZÀ-ÖØ-Þ][\w’'-]*(?: (?:of |the |de |al-)?[A-ZÀ-ÖØ-Þ][\w’'-]*)*")
_MAX_ELLIPTIC_WORDS = 4


def whole_questions(previous: str, text: str) -> list[str]:
    """Return what `text` may mean after `previous`, best guess first; [text] if it stands alone."""
    lead = _LEAD.match(text)
    rest = text[lead.end() :] if lead else text
    about = _ABOUT.match(rest)
    rest = (rest[about.end() :] if about else rest).strip().rstrip("?").strip()
    if not rest:
        return [text]
    elliptic = bool(about) or not _ASKING.match(rest) or len(rest.split()) == 1
    leaning = bool(lead or about or _POINTING.search(rest))
    if elliptic and (leaning or len(rest.split()) <= _MAX_ELLIPTIC_WORDS):
        return [*_put_into(previous, rest), f"{previous} {rest}?", text]
    if leaning:
        return [f"{previous} {rest}?", text]
    return [text]


def _put_into(previous: str, rest: str) -> list[str]:
    """The previous question with `rest` where it had something of the same kind."""
    head = previous.rstrip("? ")
    if found := _PREPOSITION.match(rest):
        at = head.lower().rfind(f" {found[0].lower()} ")
        return [f"{head[:at] if at >= 0 else head} {rest}?"]
    names = list(_NAME.finditer(head))
    if not names:
        return []
    last = names[-1]
    return [f"{head[: last.start()]}{rest}{head[last.end() :]}?"]
