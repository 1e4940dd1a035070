"""Speakers: named fully where the document is clear, else left as written."""

from __future__ import annotations

import re

import pytest

from index.attribution.speakers import merge_speakers, name_speakers, split_role
from index.core.attributions import Attribution
from index.core.documents import Paragraph, Span
from index.text.sentences import split_sentences

_MARKED = re.compile(r"\[([^\]]*)\]")


def speakers(marked: str) -> list[str]:
    """The speakers of the sources in brackets; all after each in its line is the content."""
    text = _MARKED.sub(r"\1", marked)
    found = []
    for at, match in enumerate(_MARKED.finditer(marked)):
        start = match.start() - 2 * at
        source = Span(start, start + len(match[1]))
        end = text.find("\n", source.end)
        content = Span(source.end + 1, end if end > 0 else len(text))
        found.append(Attribution((source,), (content,), (content,)))
    paragraphs = [Paragraph(Span(*line.span())) for line in re.finditer(r".+", text)]
    named = name_speakers(text, split_sentences(text, paragraphs), found)
    said = [one.speaker for one in named if one.speaker is not None]
    assert all(speaker.span.cut(text) == speaker.text for speaker in said)
    return [speaker.text for speaker in said]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[Mayor Ann Lee] said no.\n[Lee] added that it rains.", "Mayor Ann Lee"),
        ("[Ann Lee, who runs the port,] said no.\n[She] said it rains.", "Ann Lee"),
        ("[Ann Lee] said no.\n[Ms. Lee] said it rains.", "Ann Lee"),
        ("[Mayor Bill de Vries] said no.\n[The mayor] said it rains.", "Mayor Bill de Vries"),
        (
            "[The Norwegian Ministry of Health] said no.\n[The health ministry] said it rains.",
            "The Norwegian Ministry of Health",
        ),
        (
            "The port is shut, [harbour ministry spokesman Ola Berg] said.\n[Berg] said it rains.",
            "harbour ministry spokesman Ola Berg",
        ),
        (
            "The visit of Ann Lee, a nurse from Oslo, was short.\n[Lee] said it rains.",
            "Ann Lee, a nurse from Oslo",
        ),
    ],
)
def test_who_is_meant(marked: str, expected: str) -> None:
    assert speakers(marked)[-1] == expected


@pytest.mark.parametrize(
    "marked",
    [
        "[Ann Lee] said no.\n[Bob Lee] said yes.\n[Lee] said it rains.",
        "[Ann Lee] said no.\nBob Ray came in.\n[He] said it rains.",
        "[The Ministry of Health] said no.\n[The Ministry of Trade] agreed.\n[The ministry] left.",
        "[Ann Lee] said no.\nIt rained.\nIt snowed.\nIt stopped.\n[She] said it rains.",
        "[Another official] said no.\n[Two officials] said it rains.",
        "[Port Authority Workers] said no. A Worker left.\n[Workers] said it rains.",
    ],
)
def test_the_unclear_stays_as_written(marked: str) -> None:
    assert speakers(marked)[-1] == _MARKED.findall(marked)[-1]


def test_name_and_role() -> None:
    assert split_role("defence ministry spokesman Ola Berg") == (
        "Ola Berg",
        "defence ministry spokesman",
    )
    assert split_role("the mayor, Tim Kruse") == ("Tim Kruse", "the mayor")
    assert split_role("the White House") == ("the White House", "")
    assert split_role("Mayor Ann Lee") == ("Mayor Ann Lee", "")


def test_speakers_with_one_name_are_one() -> None:
    full = "harbour ministry spokesman Ola Berg"
    counted = [("he", 9), ("Ola Berg", 3), (full, 2), ("the mob", 1)]
    assert merge_speakers(counted) == [(full, 5)]
