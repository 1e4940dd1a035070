"""Questions about the documents themselves, and questions that only look like them."""

import csv
from pathlib import Path

import pytest

from bot.conversation.collection import Kind, Request, about_the_collection

UTTERANCES = Path(__file__).parent / "collection"


def _utterances() -> list[tuple[str, Request | None]]:
    rows: list[list[str]] = []
    for path in sorted(UTTERANCES.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            rows += csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [
        (text, None if kind == "-" else Request(Kind(kind), subject))
        for kind, text, subject in rows
    ]


@pytest.mark.parametrize(("text", "expected"), _utterances())
def test_what_is_asked_about_the_documents(text: str, expected: Request | None) -> None:
    assert about_the_collection(text) == expected
