"""Transcripts and chat logs: each turn has its speaker and its time; a question is no answer."""

from __future__ import annotations

from datetime import date, time
from typing import NamedTuple

import pytest

from index.core.documents import Parsed
from index.parsers import parse
from index.parsers.transcripts.turns import split_questions
from tests.support.containers import check


class Said(NamedTuple):
    speaker: str | None
    at: time | None
    text: str
    asked: str = ""


def said(parsed: Parsed) -> list[Said]:
    found = []
    for paragraph in check(parsed).paragraphs:
        entry = parsed.entry_at(paragraph.span.start)
        assert entry is not None
        speaker = entry.speaker and entry.speaker.text
        found.append(Said(speaker, entry.time, paragraph.span.cut(parsed.text), paragraph.heading))
    return found


def read(text: str) -> list[Said]:
    parsed = parse("a.txt", text.encode())
    assert parsed.text == text
    return said(parsed)


FERRY = "When does the ferry leave?"
NINE = "It leaves at nine."
TWO = "Two boats are new. They were built in Gdansk."


@pytest.mark.parametrize(
    ("first", "second", "third", "clock"),
    [
        ("[00:00:05] ANN LEE: ", "[00:00:09] DR. OSEI: ", "[01:00:12] ANN LEE: ", (1, 0, 12)),
        ("Ann Lee  0:05\n", "Dr. Osei  0:09\n", "Ann Lee  59:12\n", (0, 59, 12)),
        ("Ann Lee\n0:05\n", "Dr. Osei\n0:09\n", "Ann Lee\n1:00:12\n", (1, 0, 12)),
        ("Ann Lee (00:05): ", "Dr. Osei (00:09): ", "Ann Lee (00:12): ", (0, 0, 12)),
        ("0:0:5.1 --> 0:0:7.2\nAnn Lee\n", "0:0:9.1 --> 0:0:9.2\nDr. Osei\n",
         "0:0:12.0 --> 0:0:13.0\nAnn Lee\n", (0, 0, 12)),
        ("18:05 <Ann Lee> ", "18:07 <Dr. Osei> ", "18:09 <Ann Lee> ", (18, 9, 0)),
        ("Ann Lee  6:05 PM\n", "Dr. Osei  6:07 PM\n", "Ann Lee  12:09 AM\n", (0, 9, 0)),
    ],
)  # fmt: skip
def test_marks_of_many_programs(
    first: str, second: str, third: str, clock: tuple[int, int, int]
) -> None:
    turns = read(f"{first}{FERRY}\n\n{second}{NINE}\n\n{third}{TWO}\n")
    assert [turn.speaker and turn.speaker.title() for turn in turns] == ["Dr. Osei", "Ann Lee"]
    assert [turn.text for turn in turns] == [NINE, TWO]
    assert [turn.asked for turn in turns] == [FERRY, ""]
    assert turns[-1].at == time(*clock)


@pytest.mark.parametrize(
    ("stamps", "days"),
    [
        (["12/03/2023, 18:05 - ", "12/03/2023, 18:07 - "], (12, 3)),
        (["3/12/23, 6:05 PM - ", "3/12/23, 6:07 PM - "], (12, 3)),
        (["3/12/23, 18:05 - ", "3/13/23, 18:07 - "], (12, 3)),
        (["[12.03.23, 18:05:33] ", "[12.03.23, 18:07:01] "], (12, 3)),
        (["2023-03-12 18:05:33 ", "2023-03-12 18:07:01 "], (12, 3)),
    ],
)
def test_dates_of_chats(stamps: list[str], days: tuple[int, int]) -> None:
    parsed = parse("a.txt", f"{stamps[0]}Ann: {NINE}\n{stamps[1]}Ann: {TWO}\n".encode())
    assert [turn.text for turn in said(parsed)] == [NINE, TWO]
    day, month = days
    assert parsed.entries[0].published == date(2023, month, day)
    assert parsed.entries[0].time is not None
    assert parsed.entries[0].time.replace(second=0) == time(18, 5)


def test_notes_of_the_program_and_media_are_not_quoted() -> None:
    log = (
        "12/03/2023, 18:04 - Messages and calls are end-to-end encrypted.\n"
        f"12/03/2023, 18:05 - Ann: {NINE}\n"
        "12/03/2023, 18:06 - Bob: <Media omitted>\n"
        "12/03/2023, 18:06 - Bob: Which ferry?\nThe old one?\n"
        f"12/03/2023, 18:09 - Ann: {TWO}\n"
    )
    turns = read(log)
    assert [turn.text for turn in turns] == [NINE, TWO]
    assert [turn.asked for turn in turns] == ["", "Which ferry? The old one?"]


def test_names_alone_where_speakers_take_turns() -> None:
    text = (
        "Hearing of 4 May\n\n"
        f"THE JUDGE: {FERRY}\nMR. LEE: {NINE}\nTHE JUDGE: Welcome. How many are new?\n"
        f"MR. LEE: {TWO}\n"
    )
    parsed = parse("a.txt", text.encode())
    turns = said(parsed)
    assert [turn.speaker for turn in turns] == ["MR. LEE", "THE JUDGE", "MR. LEE"]
    assert [turn.asked for turn in turns] == [FERRY, "", "How many are new?"]
    assert parsed.metadata.title == "Hearing of 4 May"


def test_roles_are_no_names() -> None:
    text = f"Q. {FERRY}\nA. {NINE}\nQ. How many are new?\nA. {TWO}\n"
    turns = read(text)
    assert [(turn.speaker, turn.text) for turn in turns] == [(None, NINE), (None, TWO)]
    assert turns[1].asked == "How many are new?"


@pytest.mark.parametrize(
    "text",
    [
        "Title: The quay\nAuthor: Ann Lee\nTitle: The mill\nAuthor: Bob Roe\n",
        "09:00 - Opening: The mayor speaks.\n10:00 - Coffee: In the hall.\n11:00 - End: Go home.",
        "2023-03-12 18:05:33 INFO: It begins.\n2023-03-12 18:05:34 INFO: It ends.\n",
        "Bus 9:05\nBus 9:35\nBus 10:05\nThe bus is late.",
        "Note: it is late. Warning: the quay is wet.\n\nThe ferry left at 9:05 and came at 10:07.",
    ],
)
def test_what_is_no_transcript(text: str) -> None:
    assert parse("a.txt", text.encode()).entries == ()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("It is late.", "It is late."),
        ("Is it late?", ""),
        ("Welcome. Dr. Osei, is it late? Why?", "Welcome. "),
        ("Is it late? I think so.", "Is it late? I think so."),
        ("It cost 3.5 euros. “Why?”", "It cost 3.5 euros. "),
    ],
)
def test_questions_at_the_end_are_split_off(text: str, kept: str) -> None:
    assert text[: split_questions(text)] == kept
