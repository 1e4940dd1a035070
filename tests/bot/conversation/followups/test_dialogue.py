"""What the next question may lean on."""

from bot.conversation.followups.dialogue import Dialogue, readings
from index.core.scope import Scope
from tests.support.library import quote

TOLD = quote("They reached Iran.", "Iran")
BEFORE = Dialogue("Which borders did they reach?", Scope(source="Reuters"), quote=TOLD)


def test_a_whole_question_shares_its_answer_with_those_of_other_dialogues() -> None:
    assert BEFORE.relevant_to("Which districts fell in Herat?") == Dialogue()
    assert BEFORE.relevant_to("and in Herat?") == BEFORE
    assert BEFORE.relevant_to("who fled from the city?") == BEFORE


def test_the_limits_of_the_question_before_hold_unless_others_are_named() -> None:
    sources = [reading.scope.source for reading in readings("and in Herat?", Scope(), BEFORE)]
    assert sources == ["Reuters", "Reuters", None]
    narrow = readings("and in Herat?", Scope(source="AP"), BEFORE)
    assert {reading.scope.source for reading in narrow} == {"AP"}


def test_the_document_of_the_last_answer_is_asked_last_without_its_question() -> None:
    *_, near = readings("who fled from the city?", Scope(), BEFORE)
    assert near.scope.documents == (TOLD.document.id,)
    assert near.question == "who fled from the city?"


def test_a_question_that_points_back_is_asked_alone_of_all_documents_last() -> None:
    *_, near, last = readings("why are they fleeing", Scope(), BEFORE)
    assert near.question == last.question == "why are they fleeing"
    assert near.scope.documents == (TOLD.document.id,)
    assert last.scope.documents is None
    assert last.meaning.is_last
