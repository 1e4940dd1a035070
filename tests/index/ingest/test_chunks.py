"""Passages are slices that lose nothing and mix in nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.core.documents import Chunk, Paragraph, Parsed, Sentence, Span
from index.ingest.chunks import split_passages
from index.text.sentences import split_sentences
from tests.support.paragraphs import documents, outside


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def pack(parsed: Parsed, budget: int, short: int) -> tuple[list[Sentence], list[Chunk]]:
    sentences = split_sentences(parsed.text, parsed.paragraphs)
    return sentences, split_passages(parsed, sentences, count_words, lambda _: budget, short)


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
            assert not outside(chunk.span, paragraphs, parsed.text)
            for sentence in sentences[chunk.first : chunk.last + 1]:
                assert parsed.paragraphs[sentence.paragraph - 1].heading == chunk.heading

    @given(documents(), st.integers(3, 40), st.integers(1, 40))
    def test_every_sentence_is_in_one_and_at_most_one_is_in_two(
        self, parsed: Parsed, budget: int, short: int
    ) -> None:
        sentences, chunks = pack(parsed, budget, short)
        spans = [chunk.span for chunk in chunks]
        for sentence in sentences:
            assert not outside(sentence.span, spans, parsed.text)
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
            words = count_words([span.cut(parsed.text) for span in of_it])
            counted = (max(n, 1 + len(span) // 32) for n, span in zip(words, of_it, strict=True))
            if sum(counted) <= budget:
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
