"""The documents on a subject, by its words or close in meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.core.errors import DocumentError
from index.core.scope import Scope
from index.library import Library
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf, temporary_folder

FERRY = "The ferry leaves Norderney at nine. It is never late. Nobody minds.\n\nIt returns at ten."
FILES = {
    "ferry.txt": FERRY,
    "harbour.md": "# The harbour of Norderney\n\nThe quay was built of granite in the north.\n",
    "tea.txt": "Date: 2021-07-10\n\nThe farmers picked the tea before the rain came.\n",
}


class RareWords(HashEmbedder):
    """An embedder in whose vocabulary every word is rare, so that it may be misspelt."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [2 * count for count in super().count_tokens(texts)]


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with temporary_folder() as folder:
        shelf = Shelf(Path(folder), RareWords())
        for name, text in FILES.items():
            shelf.write(name, text)
        shelf.sync()
        yield shelf.open()
        shelf.close()


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Norderney", {"ferry.txt", "harbour.md"}),
        ("the ferries of Norderney", {"ferry.txt"}),
        ("granite harbour", {"harbour.md"}),
        ("Noderney", {"ferry.txt", "harbour.md"}),
        ("tea 2021", {"tea.txt"}),
    ],
)
def test_they_have_its_words(library: Library, subject: str, expected: set[str]) -> None:
    found = library.on_subject(subject)
    assert found.are_naming
    assert {document.path for document in found.documents} == expected


def test_else_they_are_close_in_meaning(library: Library) -> None:
    found = library.on_subject("tea picked by monkeys before the rain")
    assert found.documents[0].path == "tea.txt"
    assert not found.are_naming
    assert library.on_subject("quasars").documents == ()


def test_others_are_not_seen(library: Library) -> None:
    assert library.on_subject("Norderney", Scope(("other",))).documents == ()


def test_an_opening_is_the_first_sentences(library: Library) -> None:
    by_path = {document.path: document.id for document in library.documents()}
    opening = library.opening(by_path["ferry.txt"])
    assert opening.text == "The ferry leaves Norderney at nine. It is never late. Nobody minds."
    assert opening.text == FERRY[opening.span.start : opening.span.end]
    assert (opening.answer, opening.paragraph) == ((), 1)
    assert library.opening(by_path["harbour.md"]).text.startswith("The quay")
    with pytest.raises(DocumentError):
        library.opening(12345)
