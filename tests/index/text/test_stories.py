"""Questions apart from the story around them."""

from __future__ import annotations

import pytest

from index.text.stories import apart

STORY = "my brother was there for two years and reads everything about it."


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (f"{STORY} how many soldiers were killed?", "how many soldiers were killed?"),
        (f"{STORY}\nhow many soldiers were killed", "how many soldiers were killed"),
        (f"how many soldiers were killed? {STORY}", "how many soldiers were killed?"),
        (
            "he was there for a whole year and wants to know how many soldiers fled",
            "how many soldiers fled",
        ),
        (f"{STORY} number of soldiers killed?", "number of soldiers killed?"),
        (f"{STORY} what is a howitzer?", "what is a howitzer?"),
        (f"{STORY} Please tell me: who took the town of Sarn?", "who took the town of Sarn?"),
    ],
)
def test_the_question_of_a_story(text: str, question: str) -> None:
    told = apart(text)
    assert told is not None
    assert told.question.endswith(question)
    assert "brother" in told.story or "year" in told.story


@pytest.mark.parametrize(
    "text",
    [
        "I read about Herat. Who took it?",  # no story
        f"{STORY} Who is he?",  # the question says nothing by itself
        f"{STORY} Who took the town of Sarn? When did they flee from Sarn?",  # two
        f"{STORY} He liked it.",  # none
        "Which article of the U.S. Constitution speaks of the rights of the people in the states?",
        "which u.s. court required that the states use the rule of the exclusion of evidence?",
        "What is the monthly fee of the large company Lee, Corp. of the town Sarn?",
        "What did Mr. Lee say about the long story of the bridge in the old town?",
    ],
)
def test_other_texts_stay_whole(text: str) -> None:
    assert apart(text) is None
