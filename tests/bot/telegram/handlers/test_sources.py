"""The list of sources, a page at a time, over HTTP."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.conversation.conversation import Conversation
from bot.conversation.places import key_of
from bot.conversation.questions import Request
from bot.conversation.replies import Refusal, SourceCard, Sources
from bot.telegram.rendering.sources import PAGE_SIZE
from index.core.documents import Document
from index.core.scope import LibraryStatus
from tests.botapi import FakeBotApi, Message
from tests.botapi.people import Person
from tests.support.library import NEWEST, STATUS, StubLibrary, document
from tests.support.running import running

NEWER, OLDER = "‹ Newer", "Older ›"


pytestmark = pytest.mark.usefixtures("folder")


def shelf(number: int) -> list[Document]:
    """Return documents in the order of their paths, of which the last is the newest."""
    return [
        document(f"Report {n}", f"{n:03}.txt", date(2021, 1, 1) + timedelta(days=n))
        for n in range(number)
    ]


def titles(message: Message) -> list[str]:
    return re.findall(r"^• (.*) · ", message.text or "", re.MULTILINE)


def labels(message: Message) -> list[str]:
    return [button.text for button in message.buttons]


async def list_for(api: FakeBotApi, person: Person, text: str = "/sources") -> Message:
    sent = person.send(text)
    (reply,) = await api.wait_for(person, after=sent)
    return reply


async def press(api: FakeBotApi, person: Person, message: Message, label: str) -> str:
    query = person.press(message, label)
    await api.wait_until(lambda: query.answer is not None)
    assert query.answer is not None
    text: str = query.answer["text"]
    return text


async def test_one_leafs_through_all_sources_in_place(api: FakeBotApi) -> None:
    documents = shelf(2 * PAGE_SIZE + 3)
    newest_first = [item.metadata.title for item in reversed(documents)]
    async with running(api, StubLibrary(shelf=documents)):
        ann = api.private_chat(1)
        page = await list_for(api, ann)
        assert "1,204 documents (newest: 31 December 2021)" in (page.text or "")
        assert (titles(page), labels(page)) == (newest_first[:PAGE_SIZE], [OLDER])
        assert (page.text or "").endswith("1–10 of 23")
        await press(api, ann, page, OLDER)
        assert titles(page) == newest_first[PAGE_SIZE : 2 * PAGE_SIZE]
        assert labels(page) == [NEWER, OLDER]
        await press(api, ann, page, OLDER)
        assert (titles(page), labels(page)) == (newest_first[2 * PAGE_SIZE :], [NEWER])
        assert (page.text or "").endswith("21–23 of 23")
        await press(api, ann, page, NEWER)
        await press(api, ann, page, NEWER)
        assert (titles(page), labels(page)) == (newest_first[:PAGE_SIZE], [OLDER])
    assert len(ann.chat.sent) == 1


async def test_a_short_list_has_no_buttons(api: FakeBotApi) -> None:
    async with running(api, StubLibrary(shelf=shelf(PAGE_SIZE))):
        page = await list_for(api, api.private_chat(1))
    assert len(titles(page)) == PAGE_SIZE
    assert page.reply_markup is None
    assert " of " not in (page.text or "")


async def test_each_name_opens_its_card(api: FakeBotApi) -> None:
    documents = [*shelf(2), document(None, "plain.txt")]
    async with running(api, StubLibrary(shelf=documents)):
        ann = api.private_chat(1)
        page = await list_for(api, ann)
        names = page.entity_texts("text_link")
        urls = [entity.url or "" for entity in page.entities if entity.type == "text_link"]
        assert names == ["plain", "Report 1", "Report 0"]
        (payload,) = parse_qs(urlsplit(urls[1]).query)["start"]
        card = await list_for(api, ann, f"/start {payload}")
    assert (card.text or "").startswith("Report 1\n")


@pytest.mark.parametrize("word", ["jazeera", "AL  JAZEERA", "Report 2", "plain"])
async def test_a_word_of_title_or_publisher_narrows_the_list(api: FakeBotApi, word: str) -> None:
    plain = document(None, "plain.txt")
    documents = [*shelf(30), plain]
    metadata = replace(documents[2].metadata, publisher="Al Jazeera")
    documents[2] = replace(documents[2], metadata=metadata)
    async with running(api, StubLibrary(shelf=documents)):
        ann = api.private_chat(1)
        page = await list_for(api, ann, f"/sources {word}")
        expected = {"Report 2": 11, "plain": 1}.get(word, 1)
        assert f"{expected} of 1,204 documents with" in (page.text or "")
        assert ("Report 2" in titles(page)) == (word not in {"plain", "Report 2"})
        if expected > PAGE_SIZE:
            await press(api, ann, page, OLDER)
            assert titles(page) == ["Report 2"]
            assert "11 of 1,204 documents with" in (page.text or "")


async def test_a_word_that_no_source_has(api: FakeBotApi) -> None:
    async with running(api):
        page = await list_for(api, api.private_chat(1), "/sources Reuters")
    assert (page.text or "").startswith("None of 1,204 documents has “Reuters”")


@pytest.mark.parametrize(("word", "fits"), [("я" * 24, True), ("я" * 25, False), ("a:b:c", True)])
async def test_words_fit_their_buttons(api: FakeBotApi, word: str, fits: bool) -> None:
    documents = [document(f"{word} {n}", f"{n}.txt") for n in range(PAGE_SIZE + 1)]
    async with running(api, StubLibrary(shelf=documents)):
        ann = api.private_chat(1)
        page = await list_for(api, ann, f"/sources {word}")
        assert bool(page.buttons) == fits
        if fits:
            await press(api, ann, page, OLDER)
            assert titles(page) == [f"{word} {PAGE_SIZE}"]
        else:
            assert "too long" in (page.text or "")


async def test_pages_that_are_gone_and_forged_buttons(api: FakeBotApi) -> None:
    library = StubLibrary(shelf=shelf(35))
    async with running(api, library):
        ann = api.private_chat(1)
        page = await list_for(api, ann)
        await press(api, ann, page, OLDER)
        await press(api, ann, page, OLDER)
        library.shelf = shelf(12)
        await press(api, ann, page, OLDER)
        assert titles(page) == ["Report 1", "Report 0"]
        before = page.text
        for data in ("p", "p:", "p:x:", "p::", "p:1"):
            query = ann.press_data(page, data)
            await api.wait_until(lambda query=query: query.answer is not None)  # type: ignore[misc]
            assert "/sources" in (query.answer or {})["text"]
        await press(api, ann, page, NEWER)
        for data in ("p:-5:", "p:99999999:"):
            query = ann.press_data(page, data)
            await api.wait_until(lambda query=query: query.answer is not None)  # type: ignore[misc]
    assert page.text == before
    assert not any(call.status >= 500 for call in api.calls)


async def test_a_second_press_and_a_deleted_list_are_no_errors(api: FakeBotApi) -> None:
    async with running(api, StubLibrary(shelf=shelf(15))):
        ann = api.private_chat(1)
        page = await list_for(api, ann)
        older = page.button(OLDER).callback_data or ""
        for _ in range(2):
            query = ann.press_data(page, older)
            await api.wait_until(lambda query=query: query.answer is not None)  # type: ignore[misc]
        del ann.chat.messages[page.message_id]
        query = ann.press_data(page, "p:0:")
        await api.wait_until(lambda: query.answer is not None)
    assert len(ann.chat.sent) == 1


async def test_strangers_do_not_leaf(api: FakeBotApi) -> None:
    async with running(api, StubLibrary(shelf=shelf(15)), allowed={1}):
        ann, bob = api.private_chat(1), api.private_chat(2)
        group = api.group()
        ann.send("/sources", chat=group)
        (page,) = await api.wait_for(group)
        before = page.text
        assert "list" in await press(api, bob, page, OLDER)
    assert page.text == before


class Collections(StubLibrary):
    """Two collections of different sizes."""

    def status(self, collections: Sequence[str]) -> LibraryStatus:
        sizes = {"library": 1200, "chat:-5": 4}
        return LibraryStatus(sum(sizes[name] for name in collections), 9000, NEWEST)


async def test_collections_are_counted_where_there_are_several(api: FakeBotApi) -> None:
    async with running(api, Collections(), collections=("library", "chat:-5")):
        page = await list_for(api, api.private_chat(1))
    assert "library: 1,200 · this chat: 4" in (page.text or "")
    assert "1,204 documents" in (page.text or "")


def test_undated_documents_come_last_and_ties_keep_their_order() -> None:
    undated, first, second = (
        document("c", "c", None),
        document("b", "b", NEWEST),
        document("a", "a", NEWEST),
    )
    conversation = Conversation(StubLibrary(shelf=[undated, first, second]))
    assert listed(conversation.sources(limit=2)) == ((first, second), 0, 1)
    assert listed(conversation.sources(skipped=2, limit=2)) == ((undated,), 2, 0)
    empty = Conversation(StubLibrary(shelf=[]))
    assert listed(empty.sources(skipped=40, limit=2)) == ((), 0, 0)


def listed(sources: Sources) -> tuple[tuple[Document, ...], int, int]:
    return sources.documents, sources.skipped, sources.unlisted


def test_the_terminal_lists_them_too() -> None:
    conversation = Conversation(StubLibrary(shelf=shelf(3)))
    found = conversation.reply(Request.read("/sources report 1"))
    assert found == Sources((shelf(3)[1],), 0, STATUS, word="report 1")
    assert conversation.source(key_of(shelf(3)[2])) == SourceCard(shelf(3)[2])
    assert isinstance(conversation.source("nobody"), Refusal)


def test_keys_differ_by_place_alone() -> None:
    one, other = document(path="a.txt"), document(path="b.txt")
    assert key_of(one) != key_of(other)
    assert key_of(one) == key_of(replace(one, id=9, sha256="changed"))
    assert key_of(one) != key_of(replace(one, collection="chat"))
    assert re.fullmatch(r"[A-Za-z0-9_-]{12}", key_of(one))
