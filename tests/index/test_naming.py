"""What the name of a file adds to a document without a title."""

import pytest

from index.naming import name_words
from index.records import Scope
from tests.index.shelf import Shelf


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("a/annual-report_2020.pdf", "annual report"),
        ("Doctor of Medicine.txt", "Doctor of Medicine"),
        ("годовой отчёт.txt", "годовой отчёт"),
        ("000_568990b876bf0f1d.txt", ""),
        ("IMG_2031.txt", ""),
        ("a.txt", ""),
        ("3f2b-9e1c-abcd-77.txt", ""),
        ("https://example.org/news/city-elects-mayor.html", "city elects mayor"),
        ("https://example.org/city-elects-mayor?utm_source=newsletter", "city elects mayor"),
        ("https://example.org/f%C3%BCchse-im-wald", "füchse im wald"),
        ("https://www.example.org/", ""),
    ],
)
def test_only_words_count(path: str, words: str) -> None:
    assert name_words(path) == words


def test_a_document_without_a_title_is_found_by_its_name(shelf: Shelf) -> None:
    text = "The capital has two million inhabitants and lies on the river."
    shelf.write("portugal.txt", text)
    shelf.write("norway.txt", text.replace("two", "one"))
    library = shelf.open()
    library.sync(shelf.folder)
    question = "How many inhabitants has the capital of Norway?"
    quote = library.ask(question).quotes[0]
    assert quote.document.path == "norway.txt"
    assert quote.document.metadata.title is None
    assert len(library.rank("Portugal", Scope(), 5)["lexical"]) == 1


def test_a_title_goes_before_the_name(shelf: Shelf) -> None:
    shelf.write("norway.txt", "---\ntitle: Sweden\n---\nThe capital lies on the water.")
    library = shelf.open()
    library.sync(shelf.folder)
    assert library.rank("Norway", Scope(), 5)["lexical"] == []
    assert len(library.rank("Sweden", Scope(), 5)["lexical"]) == 1
