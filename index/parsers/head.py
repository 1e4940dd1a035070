"""What stands before the text: a date line or YAML front matter."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import yaml

from index.records import Metadata

_DATE_HEAD = re.compile(r"\s*date:?[ \t]+(\d{4}-\d{2}-\d{2})\b[ \t]*\n?", re.IGNORECASE)
_FRONT_MATTER = re.compile(
    r"\s*---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE
)
_MAX_FRONT_MATTER_CHARS = 16_384


def read_head(text: str) -> tuple[Metadata, int]:
    """Return what the head of `text` says, and the offset at which the body begins (0: no head).

    A head that cannot be read is body: nothing is lost by a wrong guess.
    """
    if found := _FRONT_MATTER.match(text):
        if (metadata := _read_front_matter(found[1])) is not None:
            return metadata, found.end()
    elif (found := _DATE_HEAD.match(text)) and (published := as_date(found[1])):
        return Metadata(published=published), found.end()
    return Metadata(), 0


def _read_front_matter(source: str) -> Metadata | None:
    if len(source) > _MAX_FRONT_MATTER_CHARS:
        return None
    try:
        # Builds nothing but strings, lists and mappings: no tag or number of a file can do harm.
        fields: Any = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    named = {str(key).lower(): value for key, value in fields.items()}
    published = (named.get(key) for key in ("date", "published", "publish_date"))
    return Metadata(
        title=as_line(named.get("title")),
        published=next((day for day in map(as_date, published) if day), None),
        author=as_line(named.get("author")),
    )


def as_date(value: object) -> date | None:
    """Return the day in a text that begins with YYYY-MM-DD; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def as_line(value: object) -> str | None:
    """Return text as one line with single spaces; None for anything else or nothing."""
    return " ".join(value.split()) or None if isinstance(value, str) else None
