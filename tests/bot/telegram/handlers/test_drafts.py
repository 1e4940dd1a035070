"""A file sent with /check: its quotations are compared with the documents, it is not taken in."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from docx import Document
from lxml import html

from bot.cli.web import make_reports
from bot.conversation.conversation import Conversation
from bot.settings import BotSettings
from bot.telegram.app import serving
from bot.telegram.context import ReportMaker
from index.library import Library
from tests.botapi import FakeBotApi, Message
from tests.support.chat import quotes, text_of
from tests.support.folders import Shelf
from tests.support.running import prepare_inbox

BRIDGE = "The old bridge at Mostar was rebuilt in 2004 by divers from many countries."
DRAFT = (
    "He wrote “was rebuilt in 2004 by divers from many countries.” Another: “The old bridge at "
    "Mostar was rebuilt in 1998 by divers from many countries.” And “nobody ever swam there”."
)


def fill(shelf: Shelf) -> None:
    shelf.write("mostar.txt", BRIDGE)
    shelf.sync()


@pytest.fixture
def library(shelf: Shelf) -> Library:
    return shelf.fill(fill)


@asynccontextmanager
async def talking(
    api: FakeBotApi,
    library: Library,
    make: ReportMaker = make_reports,
    **settings: object,
) -> AsyncIterator[None]:
    given = BotSettings(
        _env_file=None, telegram_bot_token=api.token, telegram_api_url=api.root, **settings
    )
    prepare_inbox(Path())
    async with serving(given, Conversation(library), Path(), first_delay_s=0.01) as service:
        service.services.make_reports = make
        yield


def is_right(reply: Message) -> None:
    said = text_of(reply)
    assert said.startswith("3 quotations — Exact: 1 · Altered: 1 · Not found: 1")
    assert "2. Altered. The documents say:" in said
    assert "3. Not found, nor anything close to it: nobody ever swam there" in said
    assert quotes(reply) == [BRIDGE]
    assert reply.entity_texts("strikethrough") == ["1998"]


@pytest.mark.parametrize("name", ["draft.md", "draft.txt"])
async def test_a_file_with_check_is_checked_and_not_taken_in(
    api: FakeBotApi, library: Library, folder: Path, name: str
) -> None:
    ann = api.private_chat(1)
    async with talking(api, library, owner=1):
        sent = ann.send_document(name, DRAFT.encode(), "text/plain", caption="/check")
        replies = await api.wait_for(ann, 3, after=sent)
    is_right(replies[0])
    files = {reply.file.name: reply.file.content for reply in replies[1:] if reply.file}
    assert list(files) == ["draft.report.html", "draft.report.docx"]
    page = html.document_fromstring(files["draft.report.html"])
    assert [mark.get("data-mark") for mark in page.xpath("//mark")] == [
        "exact",
        "altered",
        "not found",
    ]
    report = Document(io.BytesIO(files["draft.report.docx"]))
    assert "1. Exact" in [paragraph.text for paragraph in report.paragraphs]
    assert [document.path for document in library.documents(None)] == ["mostar.txt"]


async def test_check_in_reply_to_a_file_checks_that(
    api: FakeBotApi, library: Library, folder: Path
) -> None:
    ann = api.private_chat(1)
    group = api.group(-7, "Desk", bot_status="administrator")
    async with talking(api, library):
        file = ann.send_document("draft.md", DRAFT.encode(), "text/markdown", chat=group)
        asked = ann.send("/check", chat=group, reply_to=file)
        replies = await api.wait_for(group, after=asked)
    is_right(replies[0])


async def test_a_report_that_telegram_would_refuse_is_not_sent(
    api: FakeBotApi, library: Library, folder: Path
) -> None:
    ann = api.private_chat(1)
    async with talking(api, library, lambda _draft, _checked: {"html": bytes(50_000_001)}):
        sent = ann.send_document("draft.md", DRAFT.encode(), "text/plain", caption="/check")
        (reply,) = await api.wait_for(ann, after=sent)
    is_right(reply)
    assert "The report is too large for Telegram." in text_of(reply)


async def test_one_that_cannot_be_read_is_refused(
    api: FakeBotApi, library: Library, folder: Path
) -> None:
    ann = api.private_chat(1)
    async with talking(api, library, max_file_mb=0.001):
        for name, content in (("big.md", b"x" * 2000), ("draft.docx", b"PK\x03\x04")):
            sent = ann.send_document(name, content, caption="/check")
            (reply,) = await api.wait_for(ann, after=sent)
            assert "limit is 0.001 MB" in text_of(reply) or "damaged" in text_of(reply)
