"""What stands before the text: a date line or YAML front matter."""

from __future__ import annotations

import re

from index.core.documents import Metadata
from index.parsers.toolkit.dates import read_date
from index.parsers.toolkit.metadata import read_metadata, read_yaml

_DATE_HEAD = re.compile(r"\s*date:?[ \t]+(\d{4}-\d{2}-\d{2})\b[ \t]*\n?", re.IGNORECASE)
_FRONT_MATTER = re.compile(
    r"\s*---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE
)


def read_head(text: str) -> tuple[Metadata, int]:
    """Return what the head of `text` says, and the offset at which the body begins (0: no head).

    A head that cannot be read is body: nothing is lost by a wrong guess.
    """
    if found := _FRONT_MATTER.match(text):
        if (fields := read_yaml(found[1])) is not None:
            return read_metadata(fields), found.end()
    elif (found := _DATE_HEAD.match(text)) and (published := read_date(found[1])):
        return Metadata(published=published), found.end()
    return Metadata(), 0
