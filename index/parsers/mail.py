"""Mail messages (.eml): what the sender wrote; what others wrote before is not quoted."""

from __future__ import annotations

import binascii
import codecs
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime

from index.errors import DocumentError
from index.parsers.builder import TextBuilder, one_line
from index.parsers.mail_body import Part, html_parts, plain_parts
from index.records import Metadata, Parsed

_MAX_HEADER_CHARS = 20_000
_HEADERS_READ = frozenset(
    {"subject", "from", "date", "content-type", "content-disposition", "content-id"}
)
# Python's codecs for other uses, some of which take time that grows with the square of the size.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape"})
# What the standard library's parser of malformed headers is known to raise.
_MALFORMED = (ValueError, LookupError, AttributeError, TypeError, AssertionError, binascii.Error)


def parse_eml(name: str, data: bytes) -> Parsed:
    """Return the document in the bytes of a mail message.

    The sender is its speaker. Replies quoted in it, what was forwarded and the signature are not
    quoted; attachments are not read.

    Raises:
        DocumentError: no mail message, no readable text in it, or a header beyond the limit.
    """
    try:
        return _read(name, data)
    except RecursionError as error:
        raise DocumentError(
            name, "its parts are nested too deep to be read; save the inner message on its own"
        ) from error
    except _MALFORMED as error:
        raise DocumentError(name, f"a malformed mail message ({error})") from error


def _read(name: str, data: bytes) -> Parsed:
    _check_headers(name, data)
    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage) or not (message["from"] or message["subject"]):
        raise DocumentError(name, "not a mail message: it has neither a sender nor a subject")
    sent = _sent(message)
    sender = _sender(message)
    builder = TextBuilder()
    builder.start_entry(
        published=sent.date() if sent else None, at=sent.time() if sent else None, speaker=sender
    )
    for part in _parts(name, message):
        if part.own:
            builder.add_paragraph(part.text)
        else:
            builder.add_unquoted(part.text)
    return builder.build(
        Metadata(
            title=one_line(message["subject"]),
            published=sent.date() if sent else None,
            author=sender,
        )
    )


def _check_headers(name: str, data: bytes) -> None:
    """Refuse headers so long that the standard library would take minutes over them."""
    header, size = b"", 0
    for line in data.split(b"\n"):
        folded = line[:1] in {b" ", b"\t"}
        if not folded:
            header, size = line.partition(b":")[0].strip().lower(), 0
        size += len(line)
        if size > _MAX_HEADER_CHARS and header.decode("ascii", "replace") in _HEADERS_READ:
            raise DocumentError(
                name,
                f"its header {header.decode('ascii', 'replace')!r} is longer than "
                f"{_MAX_HEADER_CHARS:,} characters, the limit; save the text as a .txt file",
            )


def _sent(message: EmailMessage) -> datetime | None:
    """When it was sent, as the sender's clock showed it."""
    try:
        return parsedate_to_datetime(str(message["date"])) if message["date"] else None
    except ValueError:
        return None


def _sender(message: EmailMessage) -> str | None:
    """The sender's name, or else the address."""
    found = getaddresses([str(message["from"] or "")])
    return next((one_line(shown or address) for shown, address in found if shown or address), None)


def _parts(name: str, message: EmailMessage) -> Iterator[Part]:
    bodies = [_body(message, kind) for kind in ("plain", "html")]
    for body, kind in zip(bodies, ("plain", "html"), strict=True):
        if body is None:
            continue
        text = _decode(name, body)
        if not text.strip():
            continue
        if kind == "html":
            yield from html_parts(name, text)
        else:
            params = body["content-type"].params if body["content-type"] else {}
            flowed = params.get("format", "").lower() == "flowed"
            yield from plain_parts(text, flowed, params.get("delsp", "").lower() == "yes")
        return
    kinds = sorted({part.get_content_type() for part in message.walk() if not part.is_multipart()})
    raise DocumentError(
        name, f"no text in it that can be read; it holds {', '.join(kinds)[:200] or 'nothing'}"
    )


def _body(message: EmailMessage, kind: str) -> EmailMessage | None:
    body = message.get_body((kind,))
    return body if isinstance(body, EmailMessage) else None


def _decode(name: str, body: EmailMessage) -> str:
    """The text of a part, in its charset, or else in UTF-8 or Windows-1252, strictly."""
    payload = body.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    declared = body.get_content_charset() or "utf-8"
    for charset in dict.fromkeys((declared, "utf-8", "cp1252")):
        try:
            if codecs.lookup(charset).name not in _NO_CHARSETS:
                return payload.decode(charset)
        except (UnicodeError, LookupError):
            continue
    raise DocumentError(name, f"its text is not in {declared!r}, as it says; save it as UTF-8")
