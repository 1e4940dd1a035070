"""The JSON answer is a public contract."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time

from index.answering.json import answer_to_json
from index.core.answers import Answer, Quote
from index.core.documents import Document, Entry, Metadata, Span, Speaker
from index.store.certificates import certificate_id

ANSWER_KEYS = [
    "question",
    "understood",
    "answered",
    "confidence",
    "reason",
    "elapsed_ms",
    "quotes",
    "closest",
    "state",
    "missing",
]
QUOTE_KEYS = [
    "document",
    "start",
    "end",
    "text",
    "answer",
    "title",
    "published",
    "page",
    "paragraph",
    "speaker",
    "speech",
    "dates",
    "score",
    "time",
    "url",
    "section",
    "ocr",
    "language",
    "certificate",
]
OPTIONAL = {"speaker", "speech", "page", "title", "published", "time", "url", "section", "language"}
DOCUMENT = Document(1, "library", "a/b.txt", Metadata("T", date(2021, 7, 10)), "", 100, 1)
QUOTE = Quote(
    document=DOCUMENT,
    span=Span(10, 22),
    text="He is late 😀",
    paragraph=2,
    score=0.123456,
    answer=(Span(10, 12),),
    page=3,
    speaker=Speaker("Ann", Span(30, 33)),
    speech="direct",
    section="Evening",
    entry=Entry(0, time=time(14, 3), url="https://example.org/late"),
)
ANSWER = Answer("Who?", (QUOTE,), confidence=0.9, elapsed_ms=12.3456, state="answered")


def test_an_answer() -> None:
    told = answer_to_json(ANSWER)
    assert list(told) == ANSWER_KEYS
    assert list(told["quotes"][0]) == [*QUOTE_KEYS, "also", "beside"]
    assert told == {
        "question": "Who?",
        "understood": None,
        "answered": True,
        "confidence": 0.9,
        "reason": None,
        "elapsed_ms": 12.35,
        "quotes": [
            {
                "document": "a/b.txt",
                "start": 10,
                "end": 22,
                "text": "He is late 😀",
                "answer": [{"start": 10, "end": 12}],
                "title": "T",
                "published": "2021-07-10",
                "page": 3,
                "paragraph": 2,
                "speaker": {"text": "Ann", "start": 30, "end": 33},
                "speech": "direct",
                "dates": [],
                "score": 0.1235,
                "time": "14:03",
                "url": "https://example.org/late",
                "section": "Evening",
                "ocr": False,
                "language": None,
                "certificate": certificate_id(QUOTE),
                "also": [],
                "beside": [],
            }
        ],
        "closest": [],
        "state": "answered",
        "missing": [],
    }
    assert json.loads(json.dumps(told)) == told


def test_an_abstention_shows_the_closest_in_the_same_shape() -> None:
    plain = replace(
        QUOTE,
        speaker=None,
        speech=None,
        page=None,
        answer=(),
        section="",
        entry=None,
        document=replace(DOCUMENT, metadata=Metadata()),
    )
    silent = replace(ANSWER, quotes=(), closest=(plain,), reason="nothing says so", state="none")
    told = answer_to_json(replace(silent, missing=("2019", "Wimbledon")))
    assert list(told) == ANSWER_KEYS
    assert told["answered"] is False
    assert told["state"] == "none"
    assert told["reason"] == "nothing says so"
    assert told["missing"] == ["2019", "Wimbledon"]
    assert told["quotes"] == []
    (closest,) = told["closest"]
    assert list(closest) == [*QUOTE_KEYS, "also", "beside"]
    assert {key for key in QUOTE_KEYS if closest[key] is None} == OPTIONAL
    assert closest["answer"] == []


def test_an_unsure_answer_has_its_quotes_but_is_not_answered() -> None:
    told = answer_to_json(replace(ANSWER, state="unsure", reason="they may not answer"))
    assert (told["answered"], told["state"]) == (False, "unsure")
    assert len(told["quotes"]) == 1


def test_others_that_say_the_same_have_the_same_shape_without_others() -> None:
    other = replace(QUOTE, document=replace(DOCUMENT, id=2, path="c.txt"))
    told = answer_to_json(replace(ANSWER, quotes=(replace(QUOTE, also=(other,)),)))
    (also,) = told["quotes"][0]["also"]
    assert list(also) == QUOTE_KEYS
    assert also["document"] == "c.txt"
    assert also["text"] == QUOTE.text


def test_the_other_side_has_the_same_shape_and_tells_how_it_stands() -> None:
    denial = replace(QUOTE, side="disputed", span=Span(40, 52))
    told = answer_to_json(replace(ANSWER, quotes=(replace(QUOTE, beside=(denial,)),)))
    (beside,) = told["quotes"][0]["beside"]
    assert list(beside) == ["side", *QUOTE_KEYS]
    assert (beside["side"], beside["start"]) == ("disputed", 40)
    assert beside["certificate"] == certificate_id(denial)
