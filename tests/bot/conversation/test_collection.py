"""Questions about the documents themselves, and questions that only look like them."""

import csv
from pathlib import Path

import pytest

from bot.conversation.collection import Kind, Request, about_the_collection, read_languages
from bot.conversation.small_talk import folded_words

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


@pytest.mark.parametrize("text", [text for text, expected in _utterances() if expected])
def test_no_phrase_is_passed_over(text: str) -> None:
    words = [word for part in text.split() for word in folded_words(part.strip("?!.,…¿¡؟،"))]
    spaced = "".join(f" {word}" for word in words)
    for language in read_languages():
        for _kind, phrase in language.phrases:
            assert phrase.may_be(words) or not phrase.pattern.fullmatch(spaced)


def test_another_question_compiles_few_phrases() -> None:
    read_languages.cache_clear()
    assert about_the_collection("In what city was the first company founded?") is None
    phrases = [phrase for language in read_languages() for _kind, phrase in language.phrases]
    assert sum("pattern" in vars(phrase) for phrase in phrases) < len(phrases) / 4
