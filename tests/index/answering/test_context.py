"""What is shown around a quote is cut from the document as it is now, or there is nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.core.answers import Quote
from index.core.documents import Span
from index.core.errors import DocumentError
from index.core.scope import Scope
from index.library import Library
from tests.support.folders import Shelf, temporary_folder

NUMBERS = ("one", "two", "three", "four", "five", "six")
SENTENCES = [f"Sentence {word} stands here." for word in NUMBERS]
TEXT = " ".join(SENTENCES)


def stored(shelf: Shelf, text: str, path: str = "a.txt") -> Library:
    shelf.write(path, text)
    library = shelf.open()
    library.sync(shelf.folder)
    return library


def quote_at(library: Library, start: int, end: int) -> Quote:
    """Return a quote of the only document."""
    (document,) = library.documents()
    text = library.store.text(document.id)
    return Quote(document, Span(start, end), text[start:end], paragraph=1, score=1.0)


def quote_of(library: Library, text: str) -> Quote:
    (document,) = library.documents()
    start = library.store.text(document.id).index(text)
    return quote_at(library, start, start + len(text))


@pytest.mark.parametrize(
    ("quoted", "shown"),
    [((0, 1), (0, 3)), ((2, 3), (0, 5)), ((2, 4), (0, 6)), ((5, 6), (3, 6)), ((0, 6), (0, 6))],
)
def test_two_sentences_on_either_side(
    shelf: Shelf, quoted: tuple[int, int], shown: tuple[int, int]
) -> None:
    library = stored(shelf, TEXT)
    quote = quote_of(library, " ".join(SENTENCES[slice(*quoted)]))
    (piece,) = library.context(quote)
    assert piece.text == " ".join(SENTENCES[slice(*shown)])
    assert piece.answer == (quote.span,)


def test_the_place_is_that_of_the_quote(shelf: Shelf) -> None:
    library = stored(shelf, "\n\n".join(SENTENCES))
    (piece,) = library.context(quote_of(library, SENTENCES[3]))
    assert piece.text == "\n\n".join(SENTENCES[1:])
    assert piece.paragraph == 4


def test_a_heading_is_not_quoted(shelf: Shelf) -> None:
    blocks = ["# A title", *SENTENCES[:2], "## A heading", SENTENCES[2]]
    library = stored(shelf, "\n\n".join(blocks), "a.md")
    quote = quote_of(library, SENTENCES[2])
    before, marked = library.context(quote)
    assert before.text == f"{SENTENCES[0]}\n\n{SENTENCES[1]}"
    assert (before.answer, before.paragraph) == ((), 1)
    assert (marked.text, marked.answer, marked.section) == (
        SENTENCES[2],
        (quote.span,),
        "A heading",
    )


def test_each_message_of_a_chat_keeps_its_speaker(shelf: Shelf) -> None:
    messages = [
        {"id": at, "type": "message", "date": f"2021-07-0{at}T10:00:00", "from": name, "text": text}
        for at, (name, text) in enumerate(
            [
                ("Ann", "The ship left port."),
                ("Bob", "It sank at night."),
                ("Cy", "Nobody drowned."),
            ],
            start=1,
        )
    ]
    export = {"name": "Crew", "type": "private_group", "id": 1, "messages": messages}
    library = stored(shelf, json.dumps(export), "result.json")
    quote = library.ask("When did it sank?", Scope(), 10)
    found = next(q for q in quote.quotes + quote.closest if "sank" in q.text)
    pieces = library.context(found)
    assert [piece.speaker and piece.speaker.text for piece in pieces] == ["Ann", "Bob", "Cy"]
    assert [bool(piece.answer) for piece in pieces] == [False, True, False]


def test_a_document_that_changed_elsewhere_is_shown_as_it_is_now(shelf: Shelf) -> None:
    library = stored(shelf, TEXT)
    quote = quote_of(library, SENTENCES[0])
    stored(shelf, TEXT.replace("two", "TWO"))
    (piece,) = library.context(quote)
    assert piece.text == " ".join(SENTENCES[:3]).replace("two", "TWO")


def test_a_renamed_document_is_found(shelf: Shelf) -> None:
    library = stored(shelf, TEXT)
    quote = quote_of(library, SENTENCES[0])
    (shelf.folder / "a.txt").rename(shelf.folder / "b.txt")
    library.sync(shelf.folder)
    assert library.context(quote)[0].document.path == "b.txt"


@pytest.mark.parametrize("text", [f"A new lead. {TEXT}", "Something else is written here.", ""])
def test_no_context_once_the_quote_is_not_at_its_place(shelf: Shelf, text: str) -> None:
    library = stored(shelf, TEXT)
    quote = quote_of(library, SENTENCES[5])
    stored(shelf, text)
    with pytest.raises(DocumentError, match=r"a\.txt: changed or removed since it was quoted"):
        library.context(quote)


def test_no_context_from_another_collection(shelf: Shelf) -> None:
    library = stored(shelf, TEXT)
    quote = quote_of(library, SENTENCES[0])
    elsewhere = replace(quote, document=replace(quote.document, collection="uploads"))
    with pytest.raises(DocumentError):
        library.context(elsewhere)


PARAGRAPHS = st.lists(
    st.sampled_from(["The red fox sleeps.", "It rains 😀.", "Photo: AP", "# Mill", "- One\n- Two"]),
    min_size=1,
    max_size=9,
)


@pytest.mark.slow
@settings(max_examples=15)
@given(PARAGRAPHS, st.sampled_from([" ", "\n", "\n\n", "\r\n\r\n"]))
def test_every_piece_is_a_slice_of_whole_sentences(paragraphs: list[str], gap: str) -> None:
    with temporary_folder() as folder:
        shelf = Shelf(folder)
        text = gap.join(paragraphs)
        library = stored(shelf, text, "a.md")
        ids = library.store.passages.ids().get("library", [])
        passages = library.store.passages.read([int(at) for at in ids])
        sentences = sorted({s for passage in passages for s in passage.sentences}, key=str)
        for sentence in sentences:
            quote = quote_at(library, sentence.span.start, sentence.span.end)
            pieces = library.context(quote)
            spans = [piece.span for piece in pieces]
            assert all(
                piece.text == text[s.start : s.end] for piece, s in zip(pieces, spans, strict=True)
            )
            assert all(one.end <= other.start for one, other in pairwise(spans))
            assert {s.start for s in spans} <= {s.span.start for s in sentences}
            assert {s.end for s in spans} <= {s.span.end for s in sentences}
            assert [span for piece in pieces for span in piece.answer] == [quote.span]
        shelf.close()
