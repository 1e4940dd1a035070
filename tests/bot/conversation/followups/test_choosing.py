"""Which reading of a question counts, by what the documents say to it."""

from dataclasses import replace

from bot.conversation.followups.choosing import Judge
from bot.conversation.followups.dialogue import Dialogue, Reading
from bot.conversation.followups.rewriting import Meaning
from index.core.answers import Quote
from index.core.scope import Scope
from tests.support.library import answered, document, quote

BRIDGES = "In Lund 240 houses fell, in Esher Green 85."
TOLD = quote(BRIDGES, "240")
FIRST = "How many houses fell in Lund?"


def judge(told: Quote | None = TOLD, around: str = "") -> Judge:
    return Judge(Dialogue(FIRST, quote=told), lambda _quote: around)


def leaning(*news: str, unsaid: float = 0.2, is_bare: bool = False) -> Reading:
    meaning = Meaning("How many?", FIRST, news, unsaid, is_bare=is_bare)
    return Reading(meaning, Scope(), is_literal=False)


def bold(found: Quote) -> list[str]:
    return [found.cut(span) for span in found.answer]


def test_in_a_sentence_that_answers_again_the_new_figure_is_marked() -> None:
    found = judge().weigh(leaning("esher", "green"), answered(TOLD))
    assert found.answer.answered
    assert bold(found.answer.quotes[0]) == ["85"]


def test_the_same_answer_to_another_question_is_unsure_with_nothing_marked() -> None:
    found = judge().weigh(leaning("corby"), answered(TOLD))
    assert found.answer.state == "unsure"
    assert bold(found.answer.quotes[0]) == []
    assert found.rank < judge(told=None).weigh(leaning("corby"), answered(TOLD)).rank


def test_the_quote_that_speaks_of_what_is_new_comes_first() -> None:
    other = replace(quote("Corby lost 12 houses.", "12", start=900), score=0.3)
    found = judge().weigh(leaning("corby"), answered(TOLD, other))
    assert found.answer.quotes == (other, TOLD)
    assert found.answer.answered


def test_what_stands_near_a_quote_counts_less_than_what_it_says() -> None:
    there = judge(told=None).weigh(leaning("lund"), answered(TOLD)).rank
    near = judge(told=None, around="Of Corby.").weigh(leaning("corby"), answered(TOLD)).rank
    nowhere = judge(told=None).weigh(leaning("corby"), answered(TOLD)).rank
    assert there > near > nowhere


def test_a_name_that_nothing_speaks_of_is_no_answer() -> None:
    assert judge().weigh(leaning("corby", unsaid=0.05), answered(TOLD)).rank == 0


def test_a_mere_question_word_wants_its_kind_of_answer() -> None:
    unmarked = quote("Houses fell in Lund.", start=500)
    marked = replace(quote("It took 3 men.", "3", start=700), score=0.3)
    found = judge(told=None).weigh(leaning(is_bare=True), answered(unmarked, marked))
    assert found.answer.quotes[0] == marked


def test_another_form_of_a_word_and_a_misspelt_one_are_said() -> None:
    became = quote("He became a teacher in Badakhshan.")
    for news in (("become",), ("badakshan",), ("teachers",)):
        assert judge(told=None).weigh(leaning(*news), answered(became)).rank == 0.9


def test_the_document_of_the_last_answer_is_likelier_than_another() -> None:
    elsewhere = quote(BRIDGES, "240", source=replace(document(), id=2))
    ranks = [
        judge(replace(TOLD, span=replace(TOLD.span, start=0, end=9), text=BRIDGES[:9], answer=()))
        .weigh(leaning(), answered(found))
        .rank
        for found in (TOLD, elsewhere)
    ]
    assert ranks[0] > ranks[1]


def test_a_reason_leads_to_a_question_why_whatever_else_a_quote_speaks_of() -> None:
    reason = replace(quote("The wall was rotten because of damp.", start=900), score=0.1)
    other = replace(quote("In Lund houses fell on the street.", start=1200), score=0.9)
    meaning = Meaning("Why did they fall in Lund?", FIRST, ("lund",))
    reading = Reading(meaning, Scope(), is_literal=False)
    assert judge().weigh(reading, answered(reason, other)).answer.quotes[0] == reason
