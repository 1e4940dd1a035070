"""The reading room, asked without a network, or read with a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html

from bot.conversation.conversation import Conversation
from bot.conversation.places import Signer
from bot.scheduling.answers import Answers
from bot.scheduling.inference import Inference
from bot.settings import BotSettings
from bot.web.app import make_app
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
    signer: Signer | None = None,
    may_read: Callable[[int], bool] = lambda _chat: True,
    **settings: Any,
) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of the reading room of a library."""
    given = BotSettings(_env_file=None, **settings)
    inference = Inference(given.queue_size)
    answers = Answers(Conversation(library), inference)
    app = make_app(given, answers, frozenset({"localhost"}), signer, may_read)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ROOT) as client:
        yield client
    inference.close()


@asynccontextmanager
async def serving(
    library: Library, address: str = "127.0.0.1:0", **settings: Any
) -> AsyncIterator[str]:
    """Serve the reading room of a library on a port of this machine; give its URL."""
    given = BotSettings(_env_file=None, **settings)
    inference = Inference(given.queue_size)
    answers = Answers(Conversation(library), inference)
    async with reading_room(address, given, answers) as url:
        yield url
    inference.close()


def read(response: httpx.Response) -> html.HtmlElement:
    """Return a page as a tree."""
    return html.document_fromstring(response.content, parser=html.HTMLParser(encoding="utf-8"))


def marked(response: httpx.Response) -> str | None:
    """Return the text of the marked quote of a page."""
    found = read(response).xpath("//mark[@id='quote']")
    return str(found[0].text_content()) if found else None
