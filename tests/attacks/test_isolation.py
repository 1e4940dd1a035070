"""What one chat sends in changes no reply in another, byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.conversation.conversation import Conversation, collection_of
from bot.conversation.questions import Request
from bot.telegram.rendering.replies import format_reply
from index.core.scope import Scope
from index.library import Library
from tests.support.folders import Shelf, temporary_folder

MINE, OTHER, THIRD = (collection_of(chat) for chat in (11, 22, 33))
VISIBLE = ("library", MINE)
NAMES = ("Marlowe", "Marlow", "Harbour", "Harbor", "Quenington", "Quennington", "Tolland")
WORDS = (*NAMES, "the", "ferry", "sank", "near", "captain", "said", "storm", "in", "2021", "passed")
TEXTS = (
    st.lists(st.sampled_from(WORDS), min_size=3, max_size=24)
    .map(lambda words: f"{' '.join(words)}.")
    .flatmap(lambda first: st.just(first) | st.just(f"{first} The captain said nothing."))
)
SHELVES = st.lists(TEXTS, min_size=1, max_size=4)
QUESTIONS = st.lists(
    st.sampled_from((*WORDS, "Quenningtonn", "Marlwe", "Hrabour")), min_size=1, max_size=6
).map(lambda words: f"Who saw {' '.join(words)}?")

STORY = (
    "The ferry crossed the bay near Quenington in the worst storm of the year and "
    "the captain said that nobody on board had been hurt."
)


def replies(shelf: Shelf, questions: Sequence[str], **texts: Sequence[str]) -> list[Any]:
    """Return what a chat is told when collections are filled in this order, and the figures."""
    library = shelf.open()
    for at, (collection, of_collection) in enumerate(texts.items()):
        for number, text in enumerate(of_collection):
            shelf.write(f"{at}/{number}.txt", text)
        if of_collection:
            library.sync(shelf.folder / str(at), collection)
    conversation = Conversation(library, VISIBLE)
    told: list[Any] = list(map(library.examples, (VISIBLE, ("library",))))
    commands = ("/start", "/about", "/sources", "thanks!", f"/check {STORY}")
    for text in (*questions, *commands):
        messages = format_reply(conversation.reply(Request.read(text)))
        told += [(made.text, [entity.to_dict() for entity in made.entities]) for made in messages]
    for question in questions:
        answer = library.ask(question, Scope(VISIBLE), 10)
        told.append([(q.text, q.score, [o.text for o in q.also]) for q in answer.quotes])
        told.append((answer.confidence, answer.missing, answer.understood, answer.further))
        told.append([hit.score for hit in found(library, question)])
    return told


def found(library: Library, question: str) -> list[Any]:
    asked = library.question(question, Scope(VISIBLE))
    return [item.hit for item in library.retrieve(asked, Scope(VISIBLE), 20)]


@pytest.mark.slow
@pytest.mark.soak
@settings(max_examples=8)
@given(SHELVES, SHELVES, SHELVES, SHELVES, st.lists(QUESTIONS, min_size=1, max_size=3))
# A misspelling that somebody else's document shares was not corrected any more.
@example(["Quenington lies on the bay."], ["A."], ["Quenningtonn"], [], ["Who saw Quenningtonn?"])
# Words that are common elsewhere counted less.
@example(
    ["The ferry sank.", "The storm passed.", "The storm."],
    ["Ferry."],
    ["Ferry ferry."] * 4,
    ["A ferry sank in the storm in 2021 near the harbour."] * 3,
    ["ferry storm"],
)
# Copies elsewhere took the places of those that may be cited.
@example([STORY], [f"{STORY} So it was."], [f"{STORY} It was {n}." for n in range(33)], [], [STORY])
def test_documents_of_other_chats_change_no_reply(
    library: list[str],
    mine: list[str],
    other: list[str],
    third: list[str],
    questions: list[str],
) -> None:
    with temporary_folder() as alone, temporary_folder() as among:
        shelves = Shelf(alone), Shelf(among)
        one = replies(shelves[0], questions, **{"library": library, MINE: mine})
        filled = {OTHER: other, "library": library, THIRD: third, MINE: mine}
        two = replies(shelves[1], questions, **filled)
        for shelf in shelves:
            shelf.close()
    assert one == two
