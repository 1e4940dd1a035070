"""Dialogues held with the reader that ships."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.conversation.conversation import Conversation
from index.core.settings import IndexSettings
from index.library import Library
from tests.support.dialogues import DOCUMENTS, hold, read_dialogues

WANTED = {
    "when?",
    "by whom?",
    "Who called for her to resign?",
    "When does his contract end?",
    "what about Lowick?",
    "and the 500?",
    "what is made there?",
    "until when?",
}


@pytest.fixture(scope="module")
def conversation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Conversation]:
    data: Path = tmp_path_factory.mktemp("dialogues")
    library = Library(IndexSettings(data=data, _env_file=None))
    library.sync(DOCUMENTS)
    yield Conversation(library)
    library.close()


@pytest.mark.slow
def test_what_leans_on_the_question_before_is_answered(conversation: Conversation) -> None:
    held = [
        (turns, outcome)
        for _kind, turns in read_dialogues("tuning")
        if WANTED & {turn.ask for turn in turns}
        for outcome in hold(conversation, turns)
    ]
    missed = [str(outcome) for _, outcome in held if not outcome.is_right]
    assert len(held) > 2 * len(WANTED)
    assert len(missed) <= 1, missed
