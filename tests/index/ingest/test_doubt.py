"""No sentence with a doubtful word may be quoted, alone or among others."""

from __future__ import annotations

from index.core.documents import Paragraph, Parsed, Span
from index.ingest.doubt import without_doubtful

TEXT = "A fox sleeps. A d0g barks. A cat purrs. It rains."


def parsed(*doubtful: str) -> Parsed:
    spans = sorted(Span(TEXT.index(word), TEXT.index(word) + len(word)) for word in doubtful)
    return Parsed(TEXT, (Paragraph(Span(0, len(TEXT)), "Mill"),), doubtful=tuple(spans))


def quoted(found: Parsed) -> list[str]:
    return [one.span.cut(TEXT) for one in found.paragraphs]


def test_without_any_nothing_changes() -> None:
    assert without_doubtful(parsed()) == parsed()


def test_the_sentences_around_it_stay_apart() -> None:
    found = without_doubtful(parsed("d0g"))
    assert quoted(found) == ["A fox sleeps.", "A cat purrs. It rains."]
    assert {one.heading for one in found.paragraphs} == {"Mill"}
    assert found.warnings == ("1 sentence is not quoted, since OCR is not sure of a word in it",)


def test_at_the_borders() -> None:
    found = without_doubtful(parsed("A fox", "rains."))
    assert quoted(found) == ["A d0g barks. A cat purrs."]
    assert found.warnings == (
        "2 sentences are not quoted, since OCR is not sure of a word in them",
    )


def test_of_nothing_but_doubt_nothing_stays() -> None:
    assert quoted(without_doubtful(parsed("fox", "d0g", "cat", "rains"))) == []
