"""Who is named as the speaker of a quote."""

from __future__ import annotations

import pytest

from index.core.answers import Quote
from index.core.attributions import Attribution
from index.core.documents import Document, Metadata, Passage, Sentence, Span, Speaker

TWO = "Ann said the dam held, while Tom said the bridge fell."
ONE = "On the third day Ann said that the dam had held and that nobody had left the town."
BOTH = f"{TWO} {ONE}"
BARE = "The dam broke at noon, and long after everything was over Ann said nothing."


def said(text: str, source: str, content: str) -> Attribution:
    at, start = text.index(source), text.index(content)
    named = Span(at, at + len(source))
    cue = Span(named.end + 1, named.end + 5)
    return Attribution(
        (named,), (cue,), (Span(start, start + len(content)),), Speaker(source, named), "indirect"
    )


def speaker(text: str, marked: str, *found: Attribution) -> str | None:
    document = Document(1, "library", "a.txt", Metadata(), "", len(text), 1)
    border = text.index(". ") + 1 if ". " in text else len(text)
    spans = [Span(0, border)] + ([Span(border + 1, len(text))] if border < len(text) else [])
    sentences = tuple(Sentence(span, 1) for span in spans)
    passage = Passage(1, document, text, Span(0, len(text)), "", sentences, 0, attributions=found)
    at = text.rindex(marked)
    quote = Quote.from_passage(passage, Span(0, len(text)), answer=(Span(at, at + len(marked)),))
    return quote.speaker.text if quote.speaker else None


@pytest.mark.parametrize(
    ("marked", "name"),
    [("the dam", "Ann"), ("the bridge", "Tom"), ("Tom", "Tom"), ("while", None)],
)
def test_of_two_speakers_in_a_sentence_the_one_of_the_answer_is_named(
    marked: str, name: str | None
) -> None:
    two = said(TWO, "Ann", "the dam held"), said(TWO, "Tom", "the bridge fell")
    assert speaker(TWO, marked, *two) == name


def test_a_sentence_that_is_one_report_has_its_speaker_wherever_the_answer_is() -> None:
    one = said(ONE, "Ann", "that the dam had held and that nobody had left the town")
    assert speaker(ONE, "On the third day", one) == "Ann"
    assert speaker(ONE, "nobody", one) == "Ann"


def test_a_sentence_that_only_ends_in_a_report_has_no_speaker() -> None:
    assert speaker(BARE, "noon", said(BARE, "Ann", "nothing")) is None


def test_the_denial_of_a_report_is_that_of_the_one_who_denies() -> None:
    text = "Ann said Tom denied the bridge fell."
    outer = said(text, "Ann", "Tom denied the bridge fell")
    inner = said(text, "Tom", "the bridge fell")
    assert speaker(text, "the bridge fell", outer, inner) == "Tom"
    assert speaker(text, "Tom denied the bridge fell", outer, inner) == "Ann"
