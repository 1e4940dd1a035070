"""A web page that a browser saved as one file (.mhtml): MHTML, RFC 2557."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import Message

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers.html import parse_html
from index.parsers.mail import MALFORMED, refuse_hostile

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_ADDRESS = re.compile(r"https?://\S+")


def parse_mhtml(name: str, data: bytes) -> Parsed:
    """Return the article in a page saved with its pictures; see `parse_html`.

    Raises:
        DocumentError: there is no page in it, or one that `parse_html` refuses.
    """
    refuse_hostile(name, data)
    try:
        message = message_from_bytes(data, policy=policy.compat32)
        page = next((part for part in message.walk() if part.get_content_type() in _PAGES), None)
        source = page.get_payload(decode=True) if page is not None else None
    except (RecursionError, *MALFORMED) as error:
        raise DocumentError(name, f"a malformed saved page ({error}); save it again") from error
    if page is None or not isinstance(source, bytes):
        raise DocumentError(name, "no web page in it; save the page again, as HTML")
    parsed = parse_html(name, source)
    address = parsed.metadata.url or _address(message, page)
    return replace(parsed, metadata=replace(parsed.metadata, url=address))


def _address(message: Message, page: Message) -> str | None:
    """Where the page was, as the browser noted it."""
    said = (message["snapshot-content-location"], page["content-location"])
    return next((str(url) for url in said if url and _ADDRESS.fullmatch(str(url))), None)
