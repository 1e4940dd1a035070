"""The reading room, asked without a network, or read with a browser."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from lxml import html

from bot.conversation.conversation import Conversation
from bot.scheduling.answers import Answers
from bot.scheduling.inference import Inference
from bot.settings import BotSettings
from bot.web.app import make_app
from bot.web.chats import Chats
from bot.web.chats.init_data import hash_of
from bot.web.server import reading_room
from index.library import Library

ROOT = "http://127.0.0.1:8080"
CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser")
        if (path := Path("/usr/bin", name)).exists()
    ),
    None,
)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no /usr/bin/chromium: install Debian's package chromium"
)


@asynccontextmanager
async def reading(
    library: Library,
    chats: Chats | None = None,
    **settings: Any,
) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of the reading room of a library."""
    given = BotSettings(_env_file=None, **settings)
    inference = Inference(given.queue_size)
    answers = Answers(Conversation(library), inference)
    app = make_app(given, answers, frozenset({"localhost"}), chats)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ROOT) as client:
        yield client
    inference.close()


@asynccontextmanager
async def serving(
    library: Library, address: str = "127.0.0.1:0", chats: Chats | None = None, **settings: Any
) -> AsyncIterator[str]:
    """Serve the reading room of a library on a port of this machine; give its URL."""
    given = BotSettings(_env_file=None, **settings)
    inference = Inference(given.queue_size)
    answers = Answers(Conversation(library), inference)
    async with reading_room(address, given, answers, chats) as url:
        yield url
    inference.close()


def read(response: httpx.Response) -> html.HtmlElement:
    """Return a page as a tree."""
    return html.document_fromstring(response.content, parser=html.HTMLParser(encoding="utf-8"))


def marked(response: httpx.Response) -> str | None:
    """Return the text of the marked quote of a page."""
    found = read(response).xpath("//mark[@id='quote']")
    return str(found[0].text_content()) if found else None


def init_data(user_id: int, token: str, at: float | None = None, **fields: str) -> str:
    """Return init data as Telegram makes them for a button of a bot."""
    user = {"id": user_id, "first_name": "Ann & Ben ё", "language_code": "en"}
    fields = {
        "query_id": "AAHdF6IQAAAAAN0XohDhrOrc",
        "user": json.dumps(user, ensure_ascii=False, separators=(",", ":")),
        "auth_date": str(int(time.time() if at is None else at)),
        "signature": "zL-ucjNyREiHDE8aihFwpfR9aggP2xiAo3NSpfe-p7IbCisNlDKlo7Kb6G4D0Ao2",
        **fields,
    }
    return urlencode(fields | {"hash": hash_of(fields, token)}, quote_via=quote)
