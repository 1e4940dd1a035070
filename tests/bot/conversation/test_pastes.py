"""A long text that ends in a question asks that question."""

import pytest

from bot.conversation.pastes import is_paste, last_question
from bot.conversation.questions import Request

STORY = "They reached five borders in a week. " * 20


@pytest.mark.parametrize(
    ("end", "question"),
    [
        ("Who fled?", "Who fled?"),
        ("\n\nI read this today. Who fled?", "Who fled?"),
        ("“Who fled?”", "“Who fled?”"),
        ("من فر؟", "من فر؟"),
        ("Who fled? They did.", ""),
        ("So " + "they went on and " * 30 + "did they?", ""),
    ],
)
def test_the_question_at_the_end(end: str, question: str) -> None:
    assert last_question(STORY + end) == question


def test_several_questions_are_no_paste() -> None:
    asked = " ".join(
        f"Who was the {number}. to reach the borders in that week?" for number in range(20)
    )
    assert len(asked) > 600
    assert not is_paste(Request.read(asked))
    assert is_paste(Request.read(f"{STORY} Who fled?"))
    assert is_paste(Request.read(f"/ask {STORY}"))
    assert not is_paste(Request.read(f"/check {STORY}"))
