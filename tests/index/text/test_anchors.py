"""What a question is about is found in a text however either writes it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.anchors import Mentions, find_anchors


def kinds(text: str) -> list[tuple[str, str]]:
    return [(anchor.kind, anchor.text) for anchor in find_anchors(text)]


def lacks(question: str, text: str) -> list[float]:
    mentions = Mentions.of(text)
    return [mentions.lack(anchor) for anchor in find_anchors(question)]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("who won in 2019?", ["2019"]),
        ("the 2018–19 season", ["2018", "2019"]),
        ("the season 1999/2000", ["1999", "2000"]),
        ("the season 1999/00", ["1999", "2000"]),
        ("music of the 1990s", ["1990s"]),
        ("music of the '90s", ["1990s"]),
        ("the 92nd time", ["92th"]),
        ("the ninety-second time", ["92th"]),
        ("the one hundred and first time", ["101th"]),
        ("Q3 results", ["3th"]),
        ("the third quarter", ["3th"]),
        ("20 people", ["20n"]),
        ("twenty people", ["20n"]),
        ("5 million people", ["5000000n"]),
        ("5m people", ["5000000n"]),
        ("5,000,000 people", ["5000000n"]),
        ("five million people", ["5000000n"]),
        ("two hundred and fifty-one", ["251n"]),
        ("a dozen eggs", ["12n"]),
        ("$2000 in cash", ["2000n"]),
        ("1,000 men", ["1000n"]),
        ("2,019 men", ["2019n"]),
        ("one of them", []),
        ("wait a second, or one second", ["2th"]),
        ("you may march on", []),
        ("held in May", ["may"]),
        ("May I ask?", []),
        ("January was cold", ["january"]),
        ("May 10, 2021 was cold", ["10", "may", "2021"]),
        ("may 2021", ["may", "2021"]),
        ("on sunday", ["sunday"]),
        ("в мае", ["may"]),
        ("je ne mange mai", []),
        ("el mayo", []),
        ("سینما بهمن", []),
        ("در سال ۱۳۹۹", ["1399"]),
        ("۲۱۲ سفینه", ["212n"]),
        ("٣٫٥", ["3.5n"]),
        ("١٬٠٠٠", ["1000n"]),
    ],
)
def test_figures_have_one_key_however_written(text: str, keys: list[str]) -> None:
    assert [key for anchor in find_anchors(text) for key in anchor.keys] == keys


@pytest.mark.parametrize(
    "written",
    [
        "10 July 2021",
        "10th July 2021",
        "10th of July, 2021",
        "July 10, 2021",
        "Jul. 10 2021",
        "july 10th 2021",
        "2021-07-10",
    ],
)
def test_a_date_in_any_order(written: str) -> None:
    (anchor,) = find_anchors(f"what did they take on {written}?")
    assert (anchor.kind, anchor.text) == ("date", written)
    assert set(anchor.keys) == {"10", "july", "2021"}


@pytest.mark.parametrize(
    "written",
    [
        "15. Februar 2022",
        "15 февраля 2022",
        "15 лютого 2022",
        "15 de febrero de 2022",
        "15 février 2022",
        "15 febbraio 2022",
        "15 lutego 2022",
        "15 فبراير 2022",
        "١٥ فبراير ٢٠٢٢",
        "۱۵ فوریه ۲۰۲۲",
        "15.02.2022",
    ],
)
def test_a_date_in_any_language(written: str) -> None:
    (anchor,) = find_anchors(written)
    assert (anchor.text, anchor.keys) == (written, ("15", "february", "2022"))
    assert lacks("on 15 February 2022", written) == [0.0]


def test_a_date_of_the_calendar_of_iran() -> None:
    assert lacks("۲۵ مهر ۱۴۰۲", "25 مهر ماه 1402") == [0.0]
    assert lacks("۲۵ مهر ۱۴۰۲", "۲۵ آبان ۱۴۰۲") == [pytest.approx(1 / 3)]
    published = Mentions.of("", date(2023, 10, 9))
    assert [published.lack(one) for one in find_anchors("مهر ۱۴۰۲, مهر ۱۴۰۱")] == [0.0, 0.5]


def test_a_first_is_a_day() -> None:
    assert find_anchors("le 1er octobre 1999")[0].keys == ("1", "october", "1999")


@pytest.mark.parametrize(
    ("question", "text", "lack"),
    [
        ("что в Киеве", "Киев ждёт", 0.0),
        ("про Гергиева", "Гергиев уехал", 0.0),
        ("у Ираке", "Іран чекає", 1.0),
        ("в Иране", "Ирак ждёт", 1.0),
        ("у Римі", "до Риму", 0.0),
    ],
)
def test_names_have_cases(question: str, text: str, lack: float) -> None:
    assert lacks(question, text) == [lack]


def test_numeric_dates_claim_only_what_is_sure() -> None:
    assert find_anchors("31/12/2021")[0].keys == ("31", "december", "2021")
    assert find_anchors("10/07/2021")[0].keys == ("2021",)
    assert find_anchors("2021-07")[0].keys == ("july", "2021")
    assert find_anchors("13-2021")[1].keys == ("2021",)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Who won the Tour de France?", ["Tour de France"]),
        ("Is the Bank of England in London?", ["Bank of England", "London"]),
        ("What's Pakistan's Imran Khan known for?", ["Pakistan", "Imran Khan"]),
        ("Name the books of J. K. Rowling.", ["J. K. Rowling"]),
        ("Taliban gains. Did the U.S. Senate know?", ["Taliban", "U.S. Senate"]),
        ("What does Erdoğan say of Łódź?", ["Erdoğan", "Łódź"]),
        ("How Many People Do You Think Live In Paris?", []),
        ("WHO WON IN PARIS?", []),
        ("who won in paris?", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert [words for kind, words in kinds(text) if kind == "name"] == names


def test_anchors_stand_in_order() -> None:
    assert kinds("Who was Best Actor at the 92nd Academy Awards of 2020?") == [
        ("name", "Best Actor"),
        ("ordinal", "92nd"),
        ("name", "Academy Awards"),
        ("year", "2020"),
    ]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Did Iran win?", "the Iranian team won"),
        ("Did Italy win?", "the Italian team won"),
        ("Did France win?", "the French team won"),
        ("Did the UN meet?", "The United Nations met"),
        ("Did the United Nations meet?", "the UN met"),
        ("Did the U.S. Senate meet?", "the Senate of the United States met"),
        ("Did J.K. Rowling write?", "written by J. K. Rowling"),
        ("Did Erdogan win?", "Erdoğan’s party won"),
        ("Did Macrron win?", "Macron won"),
        ("Who sang in the 1990s?", "they sang in 1995"),
        ("Who led in Q3?", "in the third quarter"),
        ("Who won 20 races?", "he won twenty of them"),
    ],
)
def test_what_is_mentioned_in_other_words(question: str, text: str) -> None:
    assert lacks(question, text) == [0]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Did Iran win?", "Iraq won"),
        ("Did Mark win?", "the market won"),
        ("Did the UN meet?", "under no condition"),
        ("Who won in 2019?", "the winner of 2018"),
        ("Who won in 2000?", "2,000 people won"),
        ("Who won the 92nd?", "the 93rd"),
        ("Who won 92 races?", "the 92nd race"),
        ("What was in May?", "it may be"),
        ("How many of 1,234,567?", "of 1,234,568"),
    ],
)
def test_what_is_not_mentioned(question: str, text: str) -> None:
    assert lacks(question, text) == [1]


def test_a_share_of_a_name_is_lacking() -> None:
    assert lacks("Who is Nick Carter?", "Nick Jonas sang") == [0.5]
    assert lacks("Who spoke on 10 July 2021?", "July 2021") == [pytest.approx(1 / 3)]


def test_mentions_of_a_sentence_its_title_and_its_date() -> None:
    title, sentence = Mentions.of("Kabul falls"), Mentions.of("They won.", date(2021, 7, 10))
    (name, day) = find_anchors("Who won Kabul on 10 July 2021?")
    assert sentence.lack(name) == 1
    assert sentence.lack(day) == 0
    assert (title | sentence).lack(name) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["9", "1,000", "2019-", "99/", "1st", "one ", "July ", "10 May ", "A. "]
)
def test_any_length_is_looked_through(piece: str) -> None:
    text = piece * 5_000
    anchors = find_anchors(text)
    assert not any(map(Mentions.of(text).lack, anchors[:3]))


@given(st.text(st.sampled_from("0129-–/.,' ’sthmkQaAé")))
def test_anchors_are_slices_that_their_text_mentions(text: str) -> None:
    anchors = find_anchors(text)
    mentions = Mentions.of(text)
    for before, anchor in zip([None, *anchors], anchors, strict=False):
        assert anchor.span.cut(text).startswith(anchor.text)
        assert anchor.keys
        assert mentions.lack(anchor) == 0
        assert before is None or before.span.end <= anchor.span.start
