"""What the tests of parsers share: zip containers in memory, what holds of all documents."""

from __future__ import annotations

import io
import zipfile

from index.core.documents import Parsed


def zipped(members: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def with_member(data: bytes, name: str, content: str | bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members: dict[str, str | bytes] = {one: archive.read(one) for one in archive.namelist()}
    return zipped(members | {name: content})


def quotable(parsed: Parsed) -> list[str]:
    return [paragraph.span.cut(parsed.text) for paragraph in parsed.paragraphs]


def headings(parsed: Parsed) -> list[str]:
    return [paragraph.heading for paragraph in parsed.paragraphs]


def speakers(parsed: Parsed) -> list[str | None]:
    return [entry.speaker and entry.speaker.span.cut(parsed.text) for entry in parsed.entries]


def check(parsed: Parsed) -> Parsed:
    """What every document keeps: ordered slices, and entries that start one after the other."""
    at = 0
    for paragraph in parsed.paragraphs:
        cut = paragraph.span.cut(parsed.text)
        assert cut
        assert cut == cut.strip()
        assert at <= paragraph.span.start
        at = paragraph.span.end
    starts = [entry.start for entry in parsed.entries]
    assert starts == sorted(set(starts))
    for entry in parsed.entries:
        if entry.speaker is not None:
            assert entry.speaker.span.start == entry.start
            assert entry.speaker.span.cut(parsed.text) == entry.speaker.text
    return parsed


BOMB = (
    '<!DOCTYPE r [<!ENTITY a0 "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)
"""Entities that would become 10^12 characters; &a11; sets it off."""

QUADRATIC = f'<!DOCTYPE r [<!ENTITY big "{"a" * 100_000}">]>'
"""An entity that is long, and to be named often: &big;"""

EXTERNAL = '<!DOCTYPE r [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
"""An entity that is a file of the machine: &file;"""

HOSTILE = [(BOMB, "&a11;"), (QUADRATIC, "&big;" * 50_000), (EXTERNAL, "&file;")]
