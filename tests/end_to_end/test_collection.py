"""Questions about the documents themselves, asked over HTTP of a real library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.botapi import FakeBotApi
from tests.support.chat import handled, is_silent, quotes, tell, text_of
from tests.support.folders import Shelf
from tests.support.running import running

FERRY = "The ferry to Norderney leaves at nine from the eastern quay of the old harbour."
FILES = {
    "dam_2019.txt": "Date: 2019-03-01\n\nThe dam holds\n\nThe dam on the Olma held back the flood.",
    "dam_2022.txt": "Date: 2022-05-02\n\nThe dam breaks\n\nThe dam on the Olma broke on Monday.",
    "tea.txt": "Date: 2021-07-10\n\nTea in Kandy\n\nThe farmers picked the tea before the rain.",
}
OLD, NEW = "• The dam holds · 1 March 2019", "• The dam breaks · 2 May 2022"


@pytest.fixture
def shelf(folder: Path) -> Iterator[Shelf]:
    made = Shelf(folder)
    for name, text in FILES.items():
        made.write(name, text)
    made.sync()
    yield made
    made.close()


async def test_titles_with_dates(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf.open()):
        ann = api.private_chat(1)
        assert set((await tell(api, ann, "which articles mention the Olma?")).splitlines()) == {
            "On “Olma”:",
            OLD,
            NEW,
        }
        latest = await tell(api, ann, "latest on the dam")
        assert latest == f"On “dam”, newest first:\n{NEW}\n{OLD}"
        assert (await tell(api, ann, "newest article")).splitlines()[1] == NEW
        assert "3 documents" in await tell(api, ann, "how many documents do you have?")
        assert OLD in await tell(api, ann, "/sources 1 March 2019")
        assert OLD in await tell(api, ann, "/sources dam_2019")
        nothing = await tell(api, ann, "anything on glaciers?")
        assert "mentions “glaciers”" in nothing


async def test_in_the_language_of_the_user(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf.open()):
        eva = api.private_chat(2, language_code="de")
        reply = await tell(api, eva, "Was gibt es Neues zum Olma?")
        assert "• The dam breaks · 2. Mai 2022" in reply


async def test_a_group_is_told_only_what_it_asks_the_bot(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf.open()):
        ann, group = api.private_chat(1), api.group()
        assert await is_silent(api, ann, "anything on the dam?", chat=group)
        reply = await tell(api, ann, "@onrecord_bot anything on the dam?", chat=group)
        assert {OLD, NEW} <= set(reply.splitlines())


async def test_an_opening_in_place_of_a_summary(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf.open()):
        ann = api.private_chat(1)
        assert NEW in await tell(api, ann, "tl;dr")
        asked = ann.send("Who picked the tea?")
        (answer,) = await api.wait_for(ann, after=asked)
        sent = ann.send("what is this document about?", reply_to=answer)
        (opening,) = await api.wait_for(ann, after=sent)
        assert text_of(opening).startswith("I quote, and don't summarize. It begins:\n")
        assert quotes(opening) == ["The farmers picked the tea before the rain."]
        sent = ann.send("summarize the dam breaks")
        (opening,) = await api.wait_for(ann, after=sent)
        assert quotes(opening) == ["The dam on the Olma broke on Monday."]


async def test_an_upload_is_what_this_document_means(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf.open(), folder=shelf.data, owner=1):
        ann = api.private_chat(1)
        file = ann.send_document("ferries.txt", FERRY.encode())
        (line,) = await api.wait_for(ann, after=file)
        await handled(api, shelf.data)
        for replied in (None, line, file):
            asked = ann.send("what is this about?", reply_to=replied)
            (opening,) = await api.wait_for(ann, after=asked)
            assert quotes(opening) == [FERRY]
        asked = ann.send("Who picked the tea?")
        await api.wait_for(ann, after=asked)
        asked = ann.send("summarize this")
        (opening,) = await api.wait_for(ann, after=asked)
        assert quotes(opening) == ["The farmers picked the tea before the rain."]


async def test_a_caption_asks_about_its_file(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf.open(), folder=shelf.data, owner=1):
        ann = api.private_chat(1)
        file = ann.send_document("ferries.txt", FERRY.encode(), caption="what is this about?")
        _line, opening = await api.wait_for(ann, 2, after=file)
        assert quotes(opening) == [FERRY]
