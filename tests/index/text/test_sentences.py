"""Sentences are slices that lose nothing and mix in nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.core.documents import Paragraph, Parsed, Span
from index.text.sentences import MAX_SENTENCE_CHARS, split_sentences
from tests.support.paragraphs import ANY, documents, outside


def sentences_of(text: str, language: str = "en") -> list[str]:
    spans = split_sentences(text, [Paragraph(Span(0, len(text)))], language)
    return [sentence.span.cut(text) for sentence in spans]


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

    @pytest.mark.parametrize(
        ("language", "parts"),
        [
            (
                "de",
                ["Seit der Mitte des 19. Jahrhunderts lag sie auf dem 3. Platz.", "Dann nicht."],
            ),
            ("de", ["Er war 25.", "Die Stadt zählte 12.", "Im Jahr darauf ging er."]),
            ("da", ["Det var i det 19. århundrede.", "Nu er det forbi."]),
            ("fr", ["Le nématode C. elegans est petit.", "Vers 350 av. J.-C. il vivait."]),
            ("es", ["El agua tenía E. coli.", "Vive en EE. UU. desde 1990."]),
            ("ru", ["Это было до н. э. или позже.", "Так и есть."]),
            ("ar", ["ولد سنة 356 ق.م، وتوفي.", "كان ذلك في بابل."]),
            ("ar", ["قال د. أحمد ذلك.", "غرق مركب سنة 1345 هـ.", "انتهى."]),
            ("fa", ["دکتر ا. احمدی آمد.", "سال ۱۳۹۹ ه.ش. بود.", "او رفت."]),
            ("ru", ["Объезд по ул. Кирова, корп. 2, закрыт.", "См. рис. 3 на стр. 12."]),
            ("uk", ["Мешканка вул. Набережної, буд. 5, скаржиться.", "Див. рис. 4."]),
            ("de", ["Die Fa. Müller baut ca. 40 Häuser.", "Das war's."]),
            ("es", ["Costó 3 mill. de euros.", "El Sr. Goñi pagó."]),
        ],
        ids=lambda given: given if isinstance(given, str) else given[0],
    )
    def test_known_cases_in_other_languages(self, language: str, parts: list[str]) -> None:
        assert sentences_of(" ".join(parts), language) == parts

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

    def test_initials_are_not_parted(self) -> None:
        text = (
            "The act (a law of 2010, which “they” had long wanted) requires all non-U.S. "
            "('foreign') institutions to search their records for customers with indicia of "
            "'U.S.-person' status, such as a U.S. place of birth, and to report the assets and "
            "identities of such persons to the U.S. Department of the Treasury, whatever they say "
            "of it and whoever asks for them."
        )
        assert sentences_of(text) == [text]
        assert sentences_of("So it was.The war went on.") == ["So it was.", "The war went on."]

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
            assert not outside(paragraph.span, held, parsed.text)

    @pytest.mark.slow
    @settings(max_examples=25)
    @given(st.text(alphabet="a “.,;\n", min_size=1600, max_size=4000).filter(str.strip))
    def test_none_is_longer_than_the_limit(self, text: str) -> None:
        pieces = sentences_of(text)
        assert max(map(len, pieces)) <= MAX_SENTENCE_CHARS
        assert "".join("".join(pieces).split()) == "".join(text.split())
