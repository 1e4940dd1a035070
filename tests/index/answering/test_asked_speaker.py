"""Questions for somebody's words."""

from __future__ import annotations

import pytest

from index.answering.asked_speaker import asked_speaker, is_said_by


@pytest.mark.parametrize(
    ("question", "who", "topic"),
    [
        ("What did Fawad Aman say about the city?", "Fawad Aman", "the city"),
        ("what does the defence ministry say", "defence ministry", None),
        ("Has the ministry commented?", "ministry", None),
        ("How did Ann Lee react to the strike?", "Ann Lee", "the strike"),
        ("What was Ann Lee's response?", "Ann Lee", None),
    ],
)
def test_whose_words(question: str, who: str, topic: str | None) -> None:
    assert asked_speaker(question) == (who, topic)


@pytest.mark.parametrize(
    "question",
    ["Who denied the reports?", "What did he say about it?", "What happened in Herat?", "What did"],
)
def test_other_questions(question: str) -> None:
    assert asked_speaker(question) is None


def test_a_speaker_has_all_words_of_a_name() -> None:
    assert is_said_by("Afghan Ministry of Defense", "defense ministry")
    assert not is_said_by("Tariq Arian", "Fawad Arian")
