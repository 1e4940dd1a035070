"""Addresses of quotes in their sources on the web.

https://wicg.github.io/scroll-to-text-fragment/
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit
from urllib.parse import quote as percent_encode

from index.core.answers import Quote
from index.sources.names import is_url

EDGE_WORDS = 5
EDGE_CHARS = 60
_RESERVED = "%/:=&?~#+!$,;'@()*[]"
_CLAUSE = re.compile(r"[^。、，；：！？｡､።፣।॥]+[。、，；：！？｡､።፣।॥]*")
"""A clause of scripts that put no space between words, where a browser would find no border."""


def original_url(quote: Quote) -> str | None:
    """Return the address of a quote's source, at the page of a PDF or the words of a web page.

    None if it has no address on the web.
    """
    parts = _split(quote.source.metadata.url or "")
    if parts is None:
        return None
    url = urlunsplit(parts)
    if parts.fragment:
        return url
    if parts.path.lower().endswith(".pdf") or (quote.page and is_url(quote.document.path)):
        return f"{url}#page={quote.page}" if quote.page else url
    # The file had pages, but what stands at its address may be one or have them.
    page = f"page={quote.page}" if quote.page else ""
    return f"{url}#{page}:~:text={','.join(map(_in_fragment, ends(quote.text)))}"


def ends(text: str) -> list[str]:
    """Return the first and the last words of a text, or all of it if it is short."""
    words = text.split()
    if len(words) <= 2 * EDGE_WORDS and len(text) <= 4 * EDGE_CHARS:
        return [" ".join(words)]
    first, last = " ".join(words[:EDGE_WORDS]), " ".join(words[-EDGE_WORDS:])
    if len(first) > EDGE_CHARS and (clauses := _CLAUSE.findall(first)):
        first = clauses[0]
    if len(last) > EDGE_CHARS and (clauses := _CLAUSE.findall(last)):
        last = clauses[-1]
    return [first, last] if len(first) + len(last) < len(text) else [" ".join(words)]


def _split(url: str) -> SplitResult | None:
    """The parts of a web address in ASCII, as Telegram takes them in a button."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        ascii_host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    path, query, fragment = (
        part if part.isascii() and " " not in part else percent_encode(part, safe=_RESERVED)
        for part in (parts.path, parts.query, parts.fragment)
    )
    place = parts.netloc if host.isascii() else f"{ascii_host}:{port}" if port else ascii_host
    return SplitResult(parts.scheme, place, path, query, fragment)


def _in_fragment(text: str) -> str:
    """A text as a browser looks for it; a dash would mean what stands before or behind it."""
    return percent_encode(text, safe="", errors="replace").replace("-", "%2D")
