"""Filters are taken out of a question."""

from datetime import date

import pytest

from bot.conversation.conversation import Conversation
from bot.conversation.filters import read_limits, write_limits
from bot.conversation.questions import Request
from bot.conversation.replies import Refusal
from index.core.scope import Scope
from tests.support.library import StubLibrary


@pytest.mark.parametrize(
    ("text", "question", "scope"),
    [
        ("Who left?", "Who left?", Scope()),
        ("since:2021-07 Who left?", "Who left?", Scope(since=date(2021, 7, 1))),
        ("Who left? until:2021-07", "Who left?", Scope(until=date(2021, 7, 31))),
        ("Who since: 2021 left?", "Who left?", Scope(since=date(2021, 1, 1))),
        ('source:"Al Jazeera" Who left?', "Who left?", Scope(source="Al Jazeera")),
        ("Source:“Al Jazeera” Who left?", "Who left?", Scope(source="Al Jazeera")),
        ("lang:RU Who left?", "Who left?", Scope(language="ru")),
        ("Is the open-source:x thing out?", "Is the open-source:x thing out?", Scope()),
    ],
)
def test_limits_are_read(text: str, question: str, scope: Scope) -> None:
    assert read_limits(text, Scope()) == (question, scope)


@pytest.mark.parametrize(
    "scope",
    [
        Scope(),
        Scope(since=date(2021, 7, 1), until=date(2021, 7, 31)),
        Scope(source="Al Jazeera"),
        Scope(language="fa", said="Tariq Arian"),
        Scope(since=date(2021, 7, 1), source="a.txt"),
    ],
)
def test_written_limits_are_read_again(scope: Scope) -> None:
    assert read_limits(write_limits("Who left?", scope), Scope()) == ("Who left?", scope)


@pytest.mark.parametrize(("limit", "named"), [("since:", "yesterday"), ("lang:", "Russian")])
def test_a_limit_that_cannot_be_read_is_told(limit: str, named: str) -> None:
    library = StubLibrary()
    reply = Conversation(library).reply(Request.read(f"{limit}{named} Who left?"))
    assert isinstance(reply, Refusal)
    assert named in reply.text
    assert not library.asked
