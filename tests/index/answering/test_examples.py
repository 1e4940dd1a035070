"""Example questions are whole, and answered by the sentences they were made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.answering.examples import Examples, example_questions
from index.core.answers import Answer
from index.core.settings import SEEDS
from index.library import Library
from tests.support.folders import Shelf, temporary_folder
from tests.support.library import abstained, answered, quote

STORY = (
    "At least 1,200 villagers fled to the hills on Monday. Mayor Tessa Lunt denied the reports. "
    "The bridge over the Olma was closed in 2019. "
    "The road was closed because a wall had moved. The council has sold 14 houses in Lindholm. "
    "“It was cold,” said Otto Krug. "
    "He lost five of them. Another 30 people were hurt."
)


def certain(question: str) -> Answer:
    """Answer with the whole story."""
    return answered(quote(STORY), question=question)


@pytest.mark.parametrize(
    "expected",
    [
        "How many villagers fled to the hills on Monday?",
        "Who denied the reports?",
        "When was the bridge over the Olma closed?",
        "Why was the road closed?",
        "How many houses has the council sold in Lindholm?",
        "What did Otto Krug say?",
    ],
)
def test_each_kind_is_a_whole_question(expected: str) -> None:
    assert expected in example_questions([STORY], certain, 7)


def test_none_hangs_in_the_air() -> None:
    questions = example_questions([STORY], certain, 7)
    assert len(questions) == 6
    assert not any("five" in question or "30" in question for question in questions)
    assert len(example_questions([STORY], certain)) == 3


def test_a_sentence_is_asked_for_once() -> None:
    story = "The road was closed on Monday because a wall had moved."
    both = example_questions([story], lambda _question: answered(quote(story)))
    assert both == ("When was the road closed?",)


@pytest.mark.parametrize("answer", [abstained(), answered(quote("Of something else."))])
def test_only_what_its_own_sentence_answers_is_kept(answer: Answer) -> None:
    assert example_questions([STORY], lambda _question: answer) == ()


@pytest.fixture(scope="module")
def seeds() -> Iterator[Library]:
    with temporary_folder() as folder:
        shelf = Shelf(Path(folder))
        library = shelf.open(reader="onrecord", min_confidence=None)
        library.sync(SEEDS)
        yield library
        shelf.close()


@pytest.mark.slow
def test_those_of_the_seeds_are_answered(seeds: Library) -> None:
    examples = seeds.examples()
    assert len(examples) == 3
    assert all(question[0].isupper() and question.endswith("?") for question in examples)
    assert all(seeds.ask(question).answered for question in examples)
    assert seeds.examples(["none"]) == ()


def test_they_are_made_again_when_documents_change(seeds: Library) -> None:
    asked: list[str] = []

    def ask(question: str, _scope: object) -> Answer:
        asked.append(question)
        return abstained()

    examples = Examples()
    for _time in range(2):
        assert examples.of(("library",), seeds.store, ask) == ()
    once = len(asked)
    seeds.rebuild()
    seeds.add([SEEDS], "other")
    examples.of(("library",), seeds.store, ask)
    assert 0 < once < len(asked)


def test_there_are_none_if_most_documents_are_in_another_language(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    story = "Tom Hall said on Monday that the old bridge would be closed. It was built in 1920."
    german = "Die Fähre fährt am Morgen vom alten Kai ab, wie der Bürgermeister sagte. "
    shelf.write("one.txt", 3 * f"{story} ")
    shelf.sync()
    asked: list[str] = []

    def ask(question: str, _scope: object) -> Answer:
        asked.append(question)
        return abstained()

    Examples().of(("library",), shelf.open().store, ask)
    assert asked
    shelf.write("zwei.txt", 3 * german)
    shelf.write("drei.txt", 4 * german)
    shelf.write("vier.txt", "Lindholm 12")
    shelf.sync()
    asked.clear()
    assert Examples().of(("library",), shelf.open().store, ask) == ()
    assert asked == []
    shelf.close()
