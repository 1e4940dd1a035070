"""Sentences and passages are slices that lose nothing and mix in nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.core.documents import Chunk, Paragraph, Parsed, Sentence, Span
from index.text.sentences import MAX_SENTENCE_CHARS, split_passages, split_sentences

JUNK = "\n@junk@\n"
MARKS = [
    "?",
    "!",
    "...",
    "“",
    "”",
    '"',
    "—",
    "1.",
    "3.5",
    "A.",
    "😀",
    "\n",
    "\r\n",
    "\u2028",
    "\x85",
]
WORDS = st.sampled_from(["the", "Fox", "ran.", "Mr.", "U.S.", "said,", "(yes)", "x" * 130, *MARKS])
PROSE = st.lists(WORDS, min_size=1, max_size=40).map(" ".join).filter(str.strip)
ANY = (st.text(min_size=1, max_size=300) | PROSE).filter(str.strip)


@st.composite
def documents(draw: st.DrawFn, prose: st.SearchStrategy[str] = PROSE) -> Parsed:
    text, paragraphs = JUNK, []
    heading = ""
    for body in draw(st.lists(prose, min_size=1, max_size=8)):
        gap = draw(st.sampled_from(["\n\n", "\n", JUNK]))
        heading = draw(st.sampled_from([heading, heading, "One", "Two"]))
        text += gap
        stripped = body.strip()
        paragraphs.append(Paragraph(Span(len(text), len(text) + len(stripped)), heading))
        text += stripped
    return Parsed(text + JUNK, tuple(paragraphs))


def sentences_of(text: str) -> list[str]:
    spans = split_sentences(text, [Paragraph(Span(0, len(text)))])
    return [sentence.span.cut(text) for sentence in spans]


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def pack(parsed: Parsed, budget: int, short: int) -> tuple[list[Sentence], list[Chunk]]:
    sentences = split_sentences(parsed.text, parsed.paragraphs)
    return sentences, split_passages(parsed, sentences, count_words, lambda _: budget, short)


class TestSentences:
    @pytest.mark.parametrize(
        "parts",
        [
            ["Mr. Arian denied the reports.", "Dr. Aman did not."],
            ["The U.S. forces left.", "The war went on."],
            ["They seized Qala-e-Naw — the capital — on Wednesday.", "It fell."],
            ["It rose by 3.5 percent to $1.25.", "It fell later."],
            ["J. R. R. Tolkien wrote it.", "Nobody read it."],
            ["“The city is ours,” he said.", "Others said it was not."],
            ["He said, “It is over.”", "Then he left."],
            ["“Is it over?” she asked.", "“It is!”"],
            ["He asked: is it over?", "It was!", "It was..."],
            ["A sentence with a stray “ mark in it.", "And the next one."],
            ["It was the No. 1 of them.", "See p. 7 of it."],
        ],
        ids=lambda parts: parts[0],
    )
    def test_known_cases(self, parts: list[str]) -> None:
        assert sentences_of(" ".join(parts)) == parts

    def test_the_seed_borders(self) -> None:
        text = (
            "In the past week, the Taliban has overrun areas bordering five countries — Iran, "
            "Tajikistan, Turkmenistan, China and Pakistan — as US-led forces end their two-decade "
            "intervention and the domestic security situation deteriorates."
        )
        assert sentences_of(text) == [text]

    def test_a_stray_quotation_mark_does_not_swallow_what_follows(self) -> None:
        parts = ["He said “it is so."] + [f"The sentence {n} is a plain one." for n in range(20)]
        assert sentences_of(" ".join(parts)) == parts

    def test_a_list_number_is_no_sentence(self) -> None:
        assert sentences_of("1. The first one is here.") == ["1. The first one is here."]

    def test_a_long_sentence_is_cut_at_a_soft_border(self) -> None:
        text = "a word and more, " * 300
        pieces = sentences_of(text)
        assert len(pieces) > 1
        assert all(piece.endswith(",") for piece in pieces)

    def test_paragraphs_are_counted_from_one(self) -> None:
        text = "One. Two.\n\nThree."
        paragraphs = [Paragraph(Span(0, 9)), Paragraph(Span(11, 17))]
        assert [s.paragraph for s in split_sentences(text, paragraphs)] == [1, 1, 2]

    @given(documents(ANY))
    def test_they_hold_all_of_a_paragraph_but_white_space(self, parsed: Parsed) -> None:
        sentences = split_sentences(parsed.text, parsed.paragraphs)
        at = 0
        for sentence in sentences:
            cut = sentence.span.cut(parsed.text)
            assert sentence.span.start >= at
            assert cut.strip() == cut != ""
            assert len(cut) <= MAX_SENTENCE_CHARS
            assert parsed.paragraphs[sentence.paragraph - 1].span.covers(sentence.span)
            at = sentence.span.end
        for number, paragraph in enumerate(parsed.paragraphs, start=1):
            held = [s.span for s in sentences if s.paragraph == number]
            assert not _outside(paragraph.span, held, parsed.text)

    @settings(max_examples=25)
    @given(st.text(alphabet="a “.,;\n", min_size=1600, max_size=4000).filter(str.strip))
    def test_none_is_longer_than_the_limit(self, text: str) -> None:
        pieces = sentences_of(text)
        assert max(map(len, pieces)) <= MAX_SENTENCE_CHARS
        assert "".join("".join(pieces).split()) == "".join(text.split())


class TestPassages:
    @given(documents(), st.integers(3, 40), st.integers(1, 40))
    def test_they_are_runs_of_whole_sentences_within_the_budget(
        self, parsed: Parsed, budget: int, short: int
    ) -> None:
        sentences, chunks = pack(parsed, budget, short)
        paragraphs = [paragraph.span for paragraph in parsed.paragraphs]
        for chunk in chunks:
            first, last = sentences[chunk.first], sentences[chunk.last]
            if chunk.span != Span(first.span.start, last.span.end):
                assert chunk.first == chunk.last
                assert first.span.covers(chunk.span)
                assert count_words([first.span.cut(parsed.text)])[0] > budget or "x" * 101 in (
                    first.span.cut(parsed.text)
                )
            assert count_words([chunk.span.cut(parsed.text)])[0] <= budget
            assert not _outside(chunk.span, paragraphs, parsed.text)
            for sentence in sentences[chunk.first : chunk.last + 1]:
                assert parsed.paragraphs[sentence.paragraph - 1].heading == chunk.heading

    @given(documents(), st.integers(3, 40), st.integers(1, 40))
    def test_every_sentence_is_in_one_and_at_most_one_is_in_two(
        self, parsed: Parsed, budget: int, short: int
    ) -> None:
        sentences, chunks = pack(parsed, budget, short)
        spans = [chunk.span for chunk in chunks]
        for sentence in sentences:
            assert not _outside(sentence.span, spans, parsed.text)
        for one, following in pairwise(chunks):
            assert following.span.start > one.span.start
            assert following.span.end > one.span.end
            assert following.first >= one.last
            if following.first == one.last and one.span.overlaps(following.span):
                shared = sentences[one.last].span
                assert one.span.covers(shared)
                assert following.span.covers(shared)

    @given(documents(), st.integers(10, 60))
    def test_a_paragraph_within_the_budget_is_in_one_piece(
        self, parsed: Parsed, budget: int
    ) -> None:
        sentences, chunks = pack(parsed, budget, 20)
        for number in range(1, len(parsed.paragraphs) + 1):
            of_it = [s.span for s in sentences if s.paragraph == number]
            whole = Span(of_it[0].start, of_it[-1].end)
            if sum(count_words([span.cut(parsed.text) for span in of_it])) <= budget:
                assert any(chunk.span.covers(whole) for chunk in chunks)

    def test_short_neighbours_share_one(self) -> None:
        text = "One is here.\n\nTwo is here.\n\nThree is here."
        spans = [Span(0, 12), Span(14, 26), Span(28, 42)]
        _, chunks = pack(Parsed(text, tuple(Paragraph(span) for span in spans)), 60, 5)
        assert [chunk.span.cut(text) for chunk in chunks] == [text[:26], text[28:]]

    def test_a_long_paragraph_overlaps_by_a_sentence(self) -> None:
        text = "One is here. Two is here. Three is here. Four is here."
        _, chunks = pack(Parsed(text, (Paragraph(Span(0, len(text))),)), 7, 7)
        assert [(chunk.first, chunk.last) for chunk in chunks] == [(0, 1), (1, 2), (2, 3)]


def _outside(span: Span, held: Sequence[Span], text: str) -> str:
    """What of `span` lies in none of `held`, but for white space."""
    return "".join(
        text[at]
        for at in range(span.start, span.end)
        if not text[at].isspace() and not any(one.start <= at < one.end for one in held)
    )
