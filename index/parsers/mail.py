"""Mail messages (.eml): the sender's own words, without the messages below them."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from index.core.documents import Metadata, Parsed
from index.core.errors import DocumentError
from index.parsers.mail_body import Part, html_parts, plain_parts
from index.parsers.toolkit.builder import TextBuilder, one_line

_MAX_HEADER_BYTES = 20_000
_MAX_MULTIPARTS = 30
_HEADERS_READ = frozenset(
    {"subject", "from", "date", "content-type", "content-disposition", "content-id"}
)
# Codecs that are no charsets, some of them of quadratic time.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape"})
MALFORMED = (
    ValueError,
    OverflowError,
    LookupError,
    AttributeError,
    TypeError,
    AssertionError,
    UnboundLocalError,
)
"""Errors that the standard library's parser of mail is known to raise on malformed headers."""


def parse_eml(name: str, data: bytes) -> Parsed:
    """Return the document in a mail message; its speaker is the sender.

    Earlier messages, forwarded ones and the signature are not quoted, attachments not read.

    Raises:
        DocumentError: no mail message, no readable text, or a header beyond the limit.
    """
    try:
        return _read(name, data)
    except RecursionError as error:
        raise DocumentError(
            name, "its parts are nested too deep to be read; save the inner message on its own"
        ) from error
    except MALFORMED as error:
        raise DocumentError(name, f"a malformed mail message ({error})") from error


def _read(name: str, data: bytes) -> Parsed:
    refuse_hostile(name, data)
    # The default policy parses the headers of every part, a minute for 50,000 parts.
    message = message_from_bytes(data, policy=policy.compat32)
    if not (message["from"] or message["subject"]):
        raise DocumentError(name, "not a mail message: it has neither a sender nor a subject")
    sent = _sent(message)
    sender = _sender(message)
    day = sent.date() if sent else None
    builder = TextBuilder()
    builder.start_entry(published=day, at=sent.time() if sent else None, speaker=sender)
    for part in _parts(name, message):
        add = builder.add_paragraph if part.own else builder.add_unquoted
        add(part.text)
    title = one_line(_header(message, "subject"))
    return builder.build(Metadata(title=title, published=day, author=sender))


def refuse_hostile(name: str, data: bytes) -> None:
    """Reject messages that take the standard library minutes: long headers, nested parts."""
    if data.lower().count(b"boundary=") > _MAX_MULTIPARTS:
        raise DocumentError(
            name,
            f"more than {_MAX_MULTIPARTS} parts with parts of their own, the limit; save the inner "
            "messages on their own",
        )
    header, size = "", 0
    for line in data.split(b"\n"):
        if line[:1] not in {b" ", b"\t"}:
            header, size = line[:40].partition(b":")[0].strip().lower().decode("latin-1"), 0
        size += len(line)
        if size > _MAX_HEADER_BYTES and header in _HEADERS_READ:
            raise DocumentError(
                name,
                f"its header {header!r} is longer than {_MAX_HEADER_BYTES:,} bytes, the limit; "
                "save the text as a .txt file",
            )


def _header(message: Message, header: str) -> str:
    """A header decoded; "" if it is missing, or malformed, which must not cost the text."""
    raw = str(message[header] or "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        return str(policy.default.header_factory(header, " ".join(raw.splitlines())))
    except (RecursionError, *MALFORMED):
        return ""


def _sent(message: Message) -> datetime | None:
    try:
        return parsedate_to_datetime(_header(message, "date"))
    except MALFORMED:
        return None


def _sender(message: Message) -> str | None:
    found = getaddresses([_header(message, "from")])
    return next((one_line(shown or address) for shown, address in found if shown or address), None)


def _parts(name: str, message: Message) -> Iterator[Part]:
    texts = list(_texts(message))
    for kind in ("plain", "html"):
        for body in texts:
            if body.get_content_subtype() != kind or not (text := _decode(name, body)).strip():
                continue
            if kind == "html":
                return html_parts(name, text)
            flowed = str(body.get_param("format", "")).lower() == "flowed"
            return plain_parts(text, flowed, str(body.get_param("delsp", "")).lower() == "yes")
    kinds = sorted({part.get_content_type() for part in message.walk() if not part.is_multipart()})
    raise DocumentError(
        name, f"no text in it that can be read; it holds {', '.join(kinds)[:200] or 'nothing'}"
    )


def _texts(message: Message) -> Iterator[Message]:
    """The text parts that are neither attached nor in an attached message."""
    if message.get_content_disposition() == "attachment":
        return
    if message.get_content_maintype() == "multipart":
        payload = message.get_payload()
        for part in payload if isinstance(payload, list) else ():
            if isinstance(part, Message):
                yield from _texts(part)
    elif message.get_content_maintype() == "text":
        yield message


def _decode(name: str, body: Message) -> str:
    """The text of a part in its charset, else in UTF-8 or Windows-1252; all strictly."""
    payload = body.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    declared = body.get_content_charset() or "utf-8"
    for charset in dict.fromkeys((declared, "utf-8", "cp1252")):
        with suppress(UnicodeError, LookupError):
            if codecs.lookup(charset).name not in _NO_CHARSETS:
                return payload.decode(charset)
    raise DocumentError(name, f"its text is not in {declared!r}, as it says; save it as UTF-8")
