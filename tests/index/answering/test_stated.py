"""Questions that a sentence says in full, and those that ask for a reason."""

from __future__ import annotations

import pytest

from index.answering.quoting import MIN_SCORE
from index.answering.sides.wording import Wording
from index.answering.stated import apt_first, has_reason, lacks_denial, lacks_negation, stated
from index.core.answers import State
from index.reader import Reading
from index.text.terms import Analyzer
from tests.support.passages import make_passage

WORDING = Wording(Analyzer())
BRIDGE = "Rebels seized the old bridge over the Tarn on Monday."
FLED = "Dozens of farmers left the valley to escape the flood."
COUNT = "The farmers left the valley on foot in the night."


def reading(text: str, score: float = 0.5) -> Reading:
    passage = make_passage(text)
    return Reading(passage, 0, 0, passage.span, score)


@pytest.mark.parametrize(
    ("question", "text", "by_confidence", "state"),
    [
        ("did the bridge really fall?", BRIDGE, "none", "unsure"),
        ("has the bridge been taken by rebels", BRIDGE, "unsure", "answered"),
        ("is it true that the bridge was captured", BRIDGE, "none", "unsure"),
        ("was the tunnel captured?", BRIDGE, "none", "none"),
        ("which bridge fell?", BRIDGE, "none", "none"),
        ("why did the farmers flee?", FLED, "none", "unsure"),
        ("why did they flee?", FLED, "none", "unsure"),
        ("why did the farmers flee?", COUNT, "answered", "unsure"),
        ("why did the farmers flee?", COUNT, "none", "none"),
        ("did the rebels take Kabul?", BRIDGE, "answered", "unsure"),
        ("did the rebels take kabul?", BRIDGE, "answered", "unsure"),
        ("did the rebels take a large bridge?", BRIDGE, "answered", "answered"),
        ("что сказала Мария", "«Мы уходим завтра», — сказала Мария.", "unsure", "answered"),
        ("was sagte Bräuning", "„Uns fehlt das Geld“, sagte Bräuning.", "none", "unsure"),
        ("was sagte Bräuning zum Brand", "„Uns fehlt das Geld“, sagte Bräuning.", "none", "none"),
        ("qué dijo Ibáñez", "Ibáñez cerró la piscina.", "unsure", "unsure"),
    ],
)
def test_what_a_sentence_says_counts_beside_the_confidence(
    question: str, text: str, by_confidence: State, state: State
) -> None:
    found = [make_passage(text)]
    assert stated(by_confidence, question, reading(text), found, WORDING) == state


@pytest.mark.parametrize(
    "text",
    [
        "The road was closed because of snow.",
        "Prices rose amid fears of a strike.",
        "They marched to Lund in order to protest.",
        "The mill shut as the river had run dry.",
        "Rust led to the collapse.",
    ],
)
def test_reasons(text: str) -> None:
    assert has_reason(text)


@pytest.mark.parametrize(
    "text", ["The road to Lund was closed.", "Government forces hold the town.", COUNT]
)
def test_no_reasons(text: str) -> None:
    assert not has_reason(text)


def test_a_reason_leads_among_those_that_are_quoted() -> None:
    bare, reason = reading(COUNT, 0.5), reading(FLED, MIN_SCORE)
    assert apt_first([bare, reason], "Why did they flee?", (), WORDING) == [reason, bare]
    assert apt_first([bare, reason], "Who fled?", (), WORDING) == [bare, reason]
    unlikely = reading(FLED, MIN_SCORE / 2)
    assert apt_first([bare, unlikely], "Why did they flee?", (), WORDING) == [bare, unlikely]


def test_a_denial_leads_among_those_that_are_quoted() -> None:
    told = reading("Ann Lee said that the painting was stolen.", 0.5)
    denied = reading("She denied that a guard had been asleep.", MIN_SCORE)
    asked = "Who denied that a guard slept?"
    assert apt_first([told, denied], asked, (), WORDING) == [denied, told]
    assert apt_first([told, denied], "Who slept?", (), WORDING) == [told, denied]
    assert apt_first([told], asked, [denied], WORDING) == [denied, told]
    assert apt_first([told], "Who denied that it rained?", [denied], WORDING) == [told]
    assert apt_first([], asked, [denied], WORDING) == []


def test_only_a_denial_answers_who_denies() -> None:
    assert lacks_denial("who denied the theft?", "Ann Lee said that the painting was stolen.")
    assert not lacks_denial("who denied the theft?", "Ann Lee denied the reports.")
    assert not lacks_denial("who stole it?", "Ann Lee said that the painting was stolen.")


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("which bridges did they not seize", BRIDGE, True),
        ("who didn't leave the valley?", FLED, True),
        ("In which towns are the rebels not strong?", BRIDGE, True),
        ("which bridges did they not seize", "All bridges remain in their hands.", False),
        ("which bridges did they not seize", "They failed to take the new bridge.", False),
        ("which bridges did they seize", BRIDGE, False),
        ("who wrote i don't want to go", BRIDGE, False),  # a title
        ("did they not seize a bridge?", BRIDGE, False),
    ],
)
def test_what_is_not_so_needs_a_negation(question: str, text: str, lacks: bool) -> None:
    assert lacks_negation(question, text) == lacks
