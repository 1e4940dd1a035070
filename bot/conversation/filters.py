"""Filters in a question, as in `since:2021-07 source:"Al Jazeera" who left the city?`."""

from __future__ import annotations

import re
from dataclasses import replace

from index.core.scope import Scope, first_day, language_tag, last_day

_LIMIT = re.compile(
    r"""(?<!\S)(since|until|source|said|lang):\s*("[^"]*"|“[^”]*”|\S+)\s*""", re.IGNORECASE
)
_FIRST_LIMITS = re.compile(rf"\s*(?:{_LIMIT.pattern})+", re.IGNORECASE)


def split_limits(text: str) -> tuple[str, str]:
    """Return the limits at the beginning of a text, and the rest."""
    found = _FIRST_LIMITS.match(text)
    return (text[: found.end()], text[found.end() :]) if found else ("", text)


def read_limits(text: str, scope: Scope) -> tuple[str, Scope]:
    """Return the question without its limits, and the scope narrowed by them.

    Raises:
        QuestionError: a limit is no day, month or year, or no language.
    """
    for name, value in _LIMIT.findall(text):
        bare = value.strip('"“”')
        match name.lower():
            case "since":
                scope = replace(scope, since=first_day(bare))
            case "until":
                scope = replace(scope, until=last_day(bare))
            case "said":
                scope = replace(scope, said=bare)
            case "lang":
                scope = replace(scope, language=language_tag(bare))
            case _:
                scope = replace(scope, source=bare)
    return _LIMIT.sub("", text).strip(), scope


def write_limits(question: str, scope: Scope) -> str:
    """Return a question with the limits of its scope in front, as `read_limits` reads them."""
    limits = []
    if scope.since is not None:
        limits.append(f"since:{scope.since}")
    if scope.until is not None:
        limits.append(f"until:{scope.until}")
    if scope.source is not None:
        limits.append(f'source:"{scope.source}"')
    if scope.said is not None:
        limits.append(f'said:"{scope.said}"')
    if scope.language is not None:
        limits.append(f"lang:{scope.language}")
    return " ".join([*limits, question])
