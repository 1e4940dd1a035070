"""Signatures, forwarded messages and invitations in mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from email.utils import parseaddr, parsedate_to_datetime
from typing import NamedTuple

from index.parsers.mail_body import Part, plain_parts
from index.parsers.toolkit.builder import one_line
from index.parsers.toolkit.metadata import read_date

_SIGN_OFF = re.compile(
    r"(?:(?:with )?(?:kind|best|warm|many|kindest|warmest) (?:regards|wishes|greetings|thanks)"
    r"|regards|best|cheers|thanks(?: (?:again|a lot))?|thank you|sincerely|yours(?: \w+)?"
    r"|(?:mit )?(?:freundlichen|besten|herzlichen|viele[nr]?|liebe) gr(?:ü|ue)(?:ß|ss)en?|mfg|lg|vg"
    r"|(?:bien )?cordialement|bien à vous|(?:un )?(?:cordial )?saludos?|atentamente"
    r"|met vriendelijke groet(?:en)?|cordiali saluti|atenciosamente|с уважением)[ ,.!–-]*",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\b(?:confidential(?:ity)?|intended (?:only |solely )?(?:for|recipient)|vertraulich"
    r"|confidentiel|confidencial|конфиденциальн\w+)\b.*\b(?:e-?mail|message|recipient|delete"
    r"|nachricht|empfänger|destinataire|destinatario|mensaje|сообщени\w+)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAX_SIGNATURE_LINE_CHARS = 80
_FIELD = re.compile(r"\s*\*?([^\W\d_]{2,12})\*?\s?:\*?\s*(.*)")
_FROM = frozenset({"from", "von", "de", "da", "van", "от"})
_DATE_NAMES = """
date sent datum gesendet envoyé enviado inviato verzonden дата отправлено
"""
_DATE = frozenset(_DATE_NAMES.split())
_PROPERTY = re.compile(
    r"^(SUMMARY|LOCATION|DESCRIPTION|DTSTART|DTEND)(?:;[^:\n]*)?:(.*)$", re.MULTILINE
)
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d))?.*")
_LABELS = {"DTSTART": "Start: ", "DTEND": "End: ", "LOCATION": "Location: "}


class Forwarded(NamedTuple):
    """A message that another forwards, with what its head says."""

    speaker: str | None
    day: date | None
    at: time | None
    parts: list[Part]


def end_at_signature(parts: Sequence[Part]) -> list[Part]:
    """Return the parts; a closing formula, the short lines below it and notices are not own."""
    ending = len(parts)
    for at in range(len(parts) - 1, -1, -1):
        part = parts[at]
        if part.own and _SIGN_OFF.fullmatch(part.text.partition("\n")[0].strip()):
            ending = at
            break
        if part.own and not (_NOTICE.search(part.text) or _is_short(part.text)):
            break
    return [
        Part(part.text, part.own and at < ending and not _NOTICE.search(part.text))
        for at, part in enumerate(parts)
    ]


def _is_short(text: str) -> bool:
    return all(len(line) <= _MAX_SIGNATURE_LINE_CHARS for line in text.split("\n"))


def find_forwarded(parts: Sequence[Part]) -> Forwarded | None:
    """Return the message that the parts repeat, None if no head names its writer."""
    lines = "\n\n".join(part.text for part in parts).split("\n")
    fields = [_FIELD.fullmatch(line) for line in lines]
    start = next((at for at, one in enumerate(fields) if one and one[1].lower() in _FROM), None)
    if start is None:
        return None
    speaker, sent, end = None, "", start
    for end in range(start, len(lines)):  # at last the first line below
        field = fields[end]
        if field is None and (lines[end].strip() or not _more(fields[end : end + 3])):
            break
        name, value = (field[1].lower(), field[2]) if field else ("", "")
        speaker = speaker or (_speaker(value) if name in _FROM else None)
        sent = sent or (value if name in _DATE else "")
    below = end_at_signature(list(plain_parts("\n".join(lines[end:]))))
    if speaker is None or not any(part.own for part in below):
        return None
    when = _read_sent(sent)
    head = Part("\n".join(lines[:end]).strip(), False)
    at = when.time() if when else None
    return Forwarded(speaker, when.date() if when else read_date(sent), at, [head, *below])


def _more(fields: Sequence[re.Match[str] | None]) -> bool:
    """Whether the head goes on after an empty line, as where each line is a block."""
    return len(fields) > 1 and any(field and field[1].lower() in _DATE for field in fields)


def _speaker(value: str) -> str | None:
    shown, address = parseaddr(value)
    return one_line(shown or address)


def _read_sent(value: str) -> datetime | None:
    try:
        return parsedate_to_datetime(value.replace(" at ", " "))
    except (ValueError, TypeError, IndexError):
        return None


def invitation_parts(text: str) -> Iterator[Part]:
    """Yield what an invitation (RFC 5545) says of its event, a line each."""
    unfolded = re.sub(r"\r?\n[ \t]", "", text).replace("\r", "")
    event = unfolded.partition("BEGIN:VEVENT")[2].partition("END:VEVENT")[0]
    for name, value in _PROPERTY.findall(event):
        line = re.sub(r"\\([,;\\])", r"\1", value.replace("\\n", "\n"))
        if name.startswith("DT") and (stamp := _STAMP.fullmatch(line)):
            line = f"{stamp[1]}-{stamp[2]}-{stamp[3]}" + (
                f" {stamp[4]}:{stamp[5]}" if stamp[4] else ""
            )
        if line.strip():
            yield Part(f"{_LABELS.get(name, '')}{line.strip()}", True)
