"""The time that a question asks about, and the readings that fit it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.answering.sides.periods import Period, newest_of, prefer, read_period
from index.core.documents import Metadata
from index.reader import Reading
from index.text.terms import Analyzer
from tests.support.passages import make_passage

ANALYZER = Analyzer()
SATURDAY = date(2021, 7, 10)


def reading(text: str, published: date | None, score: float, document: int) -> Reading:
    made = make_passage(text, document=document)
    dated = replace(made.document, metadata=Metadata(published=published))
    passage = replace(made, document=dated)
    return Reading(passage, 0, 0, passage.span, score)


def read(question: str) -> Period:
    return read_period(question, SATURDAY, ANALYZER)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("Who fled in July 2021?", date(2021, 7, 1), date(2021, 7, 31)),
        ("Who fled on 3 July 2021?", date(2021, 7, 3), date(2021, 7, 3)),
        ("Who fled since Monday?", date(2021, 7, 5), None),
        ("Who fled since May?", date(2021, 5, 1), None),
        ("Who fled since December?", date(2020, 12, 1), None),
        ("Who fled after 2019?", date(2020, 1, 1), None),
        ("Who fled before June 2021?", None, date(2021, 5, 31)),
        ("Who fled until 5 June?", None, date(2021, 6, 5)),
        ("Кто ушёл в мае 2021?", date(2021, 5, 1), date(2021, 5, 31)),
        ("Хто пішов після 5 березня 2021?", date(2021, 3, 6), None),
        ("¿Quién huyó antes de mayo de 2021?", None, date(2021, 4, 30)),
        ("Wer floh im letzten März?", date(2021, 3, 1), date(2021, 3, 31)),
        ("Qui a fui depuis mars 2020 ?", date(2020, 3, 1), None),
        ("من غادر منذ 2019؟", date(2019, 1, 1), None),
        ("در مهر ۱۴۰۲ چه شد؟", date(2023, 9, 23), date(2023, 10, 22)),
        ("از سال ۱۴۰۰ چه شد؟", date(2021, 3, 21), None),
        ("در اسفند ۱۴۰۲ چه شد؟", date(2024, 2, 20), date(2024, 3, 19)),
        ("در ۲۵ مهر ۱۴۰۲ چه شد؟", date(2023, 10, 17), date(2023, 10, 17)),
        ("Who died in 1348?", date(1348, 1, 1), date(1348, 12, 31)),
        ("Who fled on 30 February 2021?", None, None),
        ("Who fled?", None, None),
        ("Who fled after the long war?", None, None),
        # It is the day of any week in the documents.
        ("Who fled on Monday?", None, None),
    ],
)
def test_days(question: str, since: date | None, until: date | None) -> None:
    period = read(question)
    assert (period.since, period.until) == (since, until)


def test_a_weekday_counts_from_the_newest_document() -> None:
    assert not read_period("Who fled since Monday?", None, ANALYZER)


def test_events_and_the_latest() -> None:
    assert read("Who ruled before the withdrawal?").event == {"withdraw"}
    assert read("What is the latest toll?").is_latest
    assert not read("What is the toll?")


def test_what_was_published_then_is_preferred() -> None:
    before = reading("Nine people fled.", date(2021, 6, 3), 0.9, 1)
    then = reading("Four people fled.", date(2021, 7, 3), 0.8, 2)
    asked = read("How many fled in July 2021?")
    assert prefer([before, then], asked, ANALYZER) == [then, before]
    assert prefer([before, then], read("How many fled since July 2021?"), ANALYZER)[0] is then
    assert prefer([before, then], read("How many fled before July 2021?"), ANALYZER)[0] is before


def test_a_date_in_the_sentence_counts_more_than_that_of_the_document() -> None:
    looks_back = reading("In July 2021 nine people fled.", date(2022, 1, 1), 0.8, 1)
    other = reading("In June 2021 four people fled.", date(2021, 7, 3), 0.9, 2)
    asked = read("How many fled in July 2021?")
    assert prefer([other, looks_back], asked, ANALYZER)[0] is looks_back


def test_a_sentence_that_speaks_of_the_event_is_preferred() -> None:
    silent = reading("Karim was the governor.", None, 0.9, 1)
    speaks = reading("Before the withdrawal, Daud was the governor.", None, 0.8, 2)
    asked = read("Who was governor before the withdrawal?")
    assert prefer([silent, speaks], asked, ANALYZER)[0] is speaks


def test_the_latest_is_the_newest_likely_one() -> None:
    old = reading("Four people died.", date(2021, 7, 1), 0.9, 1)
    new = reading("Nine people died.", date(2021, 7, 3), 0.8, 2)
    unlikely = reading("It rained.", date(2021, 7, 9), 0.1, 3)
    asked = read("What is the latest toll?")
    assert prefer([old, new, unlikely], asked, ANALYZER) == [new, old, unlikely]
    passages = [one.passage for one in (old, new, unlikely)]
    assert newest_of(passages) == date(2021, 7, 9)
    assert newest_of([]) is None
