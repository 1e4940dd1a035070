"""A speaker's own words and reports of them."""

from __future__ import annotations

import pytest

from index.attribution.quotation import speech_of
from index.core.documents import Span


@pytest.mark.parametrize(
    ("text", "content", "speech"),
    [
        ("“It is ours,” he said.", "“It is ours,”", "direct"),
        ('"It is ours," he said. "All of it."', '"All of it."', "direct"),
        ("“It is ours,” he said. “It will\nstay so.", "“It will", "direct"),
        ("«Elle est à nous», dit-il.", "«Elle est à nous»", "direct"),
        ("„Uns fehlt viel“, sagte sie, und ging.", "„Uns fehlt viel“", "direct"),
        ("„Uns fehlt viel“, sagte sie, und ging.", "und ging", "indirect"),
        ("»Uns fehlt viel«, sagte sie, und ging.", "»Uns fehlt viel«", "direct"),
        ("»Uns fehlt viel«, sagte sie, und ging.", "und ging", "indirect"),
        (
            "He said it was “ours” for as long as it rains.",
            "it was “ours” for as",
            "indirect",
        ),
        ("He said the city's fall wasn't near.", "the city's fall wasn't near", "indirect"),
        ("“No,” she said. He said it was ours.", "it was ours", "indirect"),
    ],
)
def test_kind_of_speech(text: str, content: str, speech: str) -> None:
    start = text.index(content)
    assert speech_of(text, [Span(start, start + len(content))]) == speech
