"""What the name of a file says of its content, for documents that have no title."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from index.urls import is_url

_WORD = re.compile(r"[^\W\d_]+")
_MIN_WORD_CHARS = 3
_MIN_LONGEST_CHARS = 4


def name_words(path: str) -> str:
    """Return the words in a name ("annual-report_2020.pdf": "annual report"), "" for none.

    Of a URL only the path counts. Numbers, single letters and scraps of a checksum say nothing.
    """
    words = _WORD.findall(PurePosixPath(_file_path(path)).stem)
    telling = [word for word in words if len(word) >= _MIN_WORD_CHARS]
    longest = max(map(len, telling), default=0)
    return (
        " ".join(words) if longest >= _MIN_LONGEST_CHARS and len(telling) * 2 > len(words) else ""
    )


def _file_path(path: str) -> str:
    return unquote(urlsplit(path).path) if is_url(path) else path
