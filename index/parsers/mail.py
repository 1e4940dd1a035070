"""Mail (.eml, .mbox): the sender's own words, without the messages below them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from itertools import pairwise

from index.core.documents import Metadata, Parsed
from index.core.errors import DocumentError
from index.parsers.mail_body import Part, html_parts, plain_parts
from index.parsers.mail_parts import end_at_signature, find_forwarded, invitation_parts
from index.parsers.toolkit.builder import TextBuilder, one_line

_MAX_HEADER_BYTES = 20_000
_MAX_MULTIPARTS = 30
_MAX_REASONS = 3
_FIRST_YEAR = 1971
_MAX_STUB_CHARS = 300
_STUB_RATIO = 4
_MAX_DAMAGED_SHARE = 0.05
_POINTS_TO_HTML = re.compile(
    r"\bhtml\b|view (?:this|it|the) .*(?:browser|online)|im browser|navigateur|в браузере",
    re.IGNORECASE,
)
_MBOX_FROM = re.compile(rb"(?:\A|(?<=\n))From \S+.*\d{4}[^\n]*\n(?=[!-9;-~]+:)")
_MBOX_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEADERS_READ = frozenset(
    {"subject", "from", "date", "received", "content-type", "content-disposition", "content-id"}
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

    Earlier messages and the signature are not quoted; a forwarded one is, in the name of its
    writer, if the sender adds nothing. Attached messages are entries, other attachments not read.

    Raises:
        DocumentError: no mail message, no readable text, or a header beyond the limit.
    """
    builder = TextBuilder()
    message = _message(name, data)
    day = _add(builder, name, message, None)
    title = one_line(_header(message, "subject"))
    metadata = Metadata(title=title, published=day, author=_sender(message))
    return builder.build(metadata.read_in("mail header"))


def parse_mbox(name: str, data: bytes) -> Parsed:
    """Return the messages of a mailbox, each an entry with subject, sender, day and time.

    Raises:
        DocumentError: no message in it can be read.
    """
    builder = TextBuilder()
    left_out: list[str] = []
    starts = [found.start() for found in _MBOX_FROM.finditer(data)]
    for number, (start, end) in enumerate(pairwise([*starts, len(data)]), 1):
        source = data[start:end].partition(b"\n")[2]
        try:
            message = _message(name, _MBOX_ESCAPED.sub(rb"\1", source))
            _add(builder, name, message, one_line(_header(message, "subject")))
        except DocumentError as error:
            left_out.append(f"message {number}: {error.reason}")
    if len(left_out) == len(starts):
        raise DocumentError(name, left_out[0] if left_out else "not a mailbox: no message in it")
    if (more := len(left_out) - _MAX_REASONS) > 0:
        left_out[_MAX_REASONS:] = [f"{more:,} more messages that cannot be read"]
    return replace(builder.build(Metadata()), left_out=tuple(left_out))


def _message(name: str, data: bytes) -> Message:
    refuse_hostile(name, data)
    # The default policy parses the headers of every part, a minute for 50,000 parts.
    try:
        message = message_from_bytes(data, policy=policy.compat32)
    except RecursionError as error:
        raise _too_deep(name) from error
    except MALFORMED as error:
        raise DocumentError(name, f"a malformed mail message ({error})") from error
    if not (message["from"] or message["subject"]):
        raise DocumentError(name, "not a mail message: it has neither a sender nor a subject")
    return message


def _too_deep(name: str) -> DocumentError:
    return DocumentError(
        name, "its parts are nested too deep to be read; save the inner message on its own"
    )


def _add(builder: TextBuilder, name: str, message: Message, title: str | None) -> date | None:
    """Add a message and those attached to it; return its day."""
    try:
        return _add_entry(builder, name, message, title)
    except RecursionError as error:
        raise _too_deep(name) from error
    except MALFORMED as error:
        raise DocumentError(name, f"a malformed mail message ({error})") from error


def _add_entry(builder: TextBuilder, name: str, message: Message, title: str | None) -> date | None:
    attached = list(_attached(message))
    sent, speaker = _sent(message), _sender(message)
    day = sent.date() if sent else None
    try:
        parts = list(_parts(name, message))
    except DocumentError:
        if not attached:
            raise
        parts = []
    if not any(part.own for part in parts) and (forwarded := find_forwarded(parts)):
        builder.start_entry(title, forwarded.day, forwarded.at, forwarded.speaker)
        if speaker:
            builder.add_unquoted(f"forwarded by {speaker}")
        parts = forwarded.parts
    elif parts:
        builder.start_entry(title, day, sent.time() if sent else None, speaker)
    for part in parts:
        add = builder.add_paragraph if part.own else builder.add_unquoted
        add(part.text)
    for inner in attached:
        with suppress(DocumentError):  # what is attached to a message that is read
            _add_entry(builder, name, inner, one_line(_header(inner, "subject")))
    return day


def _attached(message: Message) -> Iterator[Message]:
    """The messages attached to a message, without those attached to them."""
    payload = message.get_payload() if message.is_multipart() else ()
    for part in payload:
        if isinstance(part, Message):
            if message.get_content_type() == "message/rfc822":
                yield part
            else:
                yield from _attached(part)


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
    # message[header] would replace bytes that are not ASCII.
    named = (str(value) for name, value in message.raw_items() if name.lower() == header)
    octets = next(named, "").encode("utf-8", "surrogateescape")
    try:
        raw = octets.decode("utf-8")
    except UnicodeDecodeError:
        raw = octets.decode("cp1252", "replace")
    try:
        return str(policy.default.header_factory(header, " ".join(raw.splitlines())))
    except (RecursionError, *MALFORMED):
        return ""


def _sent(message: Message) -> datetime | None:
    """The time in its Date, else that at which the last server received it."""
    received = str(message["received"] or "").rpartition(";")[2]
    for text in (_header(message, "date"), " ".join(received.split())):
        with suppress(*MALFORMED):
            sent = parsedate_to_datetime(text)
            if _FIRST_YEAR <= sent.year <= datetime.now(UTC).year + 1:
                return sent
    return None


def _sender(message: Message) -> str | None:
    found = getaddresses([_header(message, "from")])
    return next((one_line(shown or address) for shown, address in found if shown or address), None)


def _parts(name: str, message: Message) -> list[Part]:
    """The parts of the plain text, or of the HTML where the plain text only points to it."""
    found: dict[str, list[Part]] = {}
    for body in _texts(message):
        kind = body.get_content_subtype()
        if kind in found or not (text := _decode(name, body)).strip():
            continue
        if kind == "html":
            found[kind] = list(html_parts(name, text))
        elif kind == "calendar":
            found[kind] = list(invitation_parts(text))
        elif kind == "plain":
            flowed = str(body.get_param("format", "")).lower() == "flowed"
            delete = str(body.get_param("delsp", "")).lower() == "yes"
            found[kind] = list(plain_parts(text, flowed, delete))
    plain, html = found.get("plain", []), found.get("html", [])
    if plain and not (html and _is_stub(plain, html)):
        return end_at_signature(plain)
    if html:
        return end_at_signature(html)
    if "calendar" in found:
        return found["calendar"]
    kinds = sorted({part.get_content_type() for part in message.walk() if not part.is_multipart()})
    raise DocumentError(
        name, f"no text in it that can be read; it holds {', '.join(kinds)[:200] or 'nothing'}"
    )


def _is_stub(plain: Sequence[Part], html: Sequence[Part]) -> bool:
    """Whether a plain text is a short note, such as "view this in HTML", in place of the other."""
    text = " ".join(part.text for part in plain)
    whole = sum(len(part.text) for part in html)
    if len(text) > _MAX_STUB_CHARS:
        return False
    return len(text) * _STUB_RATIO < whole or bool(_POINTS_TO_HTML.search(text))


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
    """The text of a part in its charset, else in UTF-8 or Windows-1252, damaged bytes lost."""
    payload = body.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    declared = body.get_content_charset() or "utf-8"
    charsets = dict.fromkeys((declared, "utf-8"))
    if declared.startswith(("iso-8859-1", "latin")) and not declared[10:]:
        charsets = {"cp1252": None, declared: None}  # as browsers read it
    for charset in charsets:
        with suppress(UnicodeError, LookupError):
            if codecs.lookup(charset).name not in _NO_CHARSETS:
                return payload.decode(charset)
    text = payload.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    if damaged * 2 > sum(character > "\x7f" for character in text):
        with suppress(UnicodeError):
            return payload.decode("cp1252")
    if damaged > _MAX_DAMAGED_SHARE * len(text):
        raise DocumentError(name, f"its text is not in {declared!r}, as it says; save it as UTF-8")
    return text
