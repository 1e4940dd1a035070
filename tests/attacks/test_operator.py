"""What an operator's mistake, a strange server or a sent link brings is one line, and no secret."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.doctor import examine
from bot.errors import SettingsError
from bot.monitoring.metrics import IndexSize, Metrics
from bot.settings import BotSettings
from bot.storage.alone import alone
from bot.telegram.client.connection import connected, observed_requests
from tests.botapi import FakeBotApi
from tests.support import PATIENCE_S
from tests.support.folders import Shelf
from tests.support.running import introduced, spawn
from tests.support.website import Site

SECRET = "AAFakeTokenOfNobody_x-1"
TOKEN = f"123456789:{SECRET}"


@asynccontextmanager
async def server_of(answer: bytes, status: str = "200 OK") -> AsyncIterator[str]:
    """Give the address of a server that answers every request alike."""

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(answer)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(respond, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    "answer",
    [
        *(b"<html>Sign in to the network</html>", b"", b"\xff\xfe", b"[]", b'"yes"', b"{}"),
        *(b'{"ok": true}', b'{"ok": true, "result": []}', b'{"ok": true, "result": {}}'),
    ],
)
async def test_a_server_that_is_no_bot_api_is_one_line(answer: bytes) -> None:
    async with server_of(answer) as url:
        settings = BotSettings(_env_file=None, telegram_bot_token=TOKEN, telegram_api_url=url)
        requests = observed_requests(settings, Metrics(lambda: IndexSize(0, 0, 0)))
        with pytest.raises(SettingsError, match="TELEGRAM_API_URL"):
            async with asyncio.timeout(PATIENCE_S), connected(settings, requests, 0.01):
                pass


@pytest.mark.slow
async def test_a_token_that_a_server_echoes_is_masked(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    echo = f'{{"ok": false, "description": "no {TOKEN}, {TOKEN.lower()}, {TOKEN.upper()}"}}'
    async with server_of(echo.encode(), "400 Bad Request") as url:
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
        monkeypatch.setenv("TELEGRAM_API_URL", url)
        found = await asyncio.to_thread(lambda: str(list(examine(tmp_path))))
    assert "no 123456789:***" in found
    assert SECRET.lower() not in found.lower()


def test_logs_mask_the_token_in_any_case(log: io.StringIO) -> None:
    from bot.monitoring import logs  # noqa: PLC0415

    logs.configure(SecretStr(TOKEN), stream=log)
    logging.getLogger("bot").warning("%s %s %s", TOKEN, TOKEN.lower(), TOKEN.upper())
    assert SECRET.lower() not in log.getvalue().lower()


@pytest.mark.parametrize("private", [True, False])
def test_a_link_in_a_chat_never_leads_into_the_network(
    shelf: Shelf, site: Site, private: bool
) -> None:
    url = site.put("/secret", "The key lies under the mat.")
    library = shelf.open(fetch_private=private)
    report = library.add_document(url, "chat:1", lambda _done, _all: None)
    assert "private address" in str(report.failed[0])
    assert not site.requests
    assert bool(library.add([url]).failed) is not private


def test_a_second_bot_on_a_folder_is_refused_with_the_name_of_the_first(tmp_path: Path) -> None:
    with alone(tmp_path):
        message = r"another bot uses .* \(process \d+ on .*--data"
        with pytest.raises(SettingsError, match=message), alone(tmp_path):
            pass
    with alone(tmp_path):
        pass


@pytest.mark.slow
async def test_a_second_bot_ends_at_once(api: FakeBotApi, tmp_path: Path) -> None:
    first = await spawn(api, tmp_path)
    await introduced(api)
    second = await spawn(api, tmp_path)
    _, said = await asyncio.wait_for(second.communicate(), PATIENCE_S)
    first.kill()
    await first.communicate()
    assert second.returncode == 1
    assert f"(process {first.pid} on " in said.decode()
    third = await spawn(api, tmp_path)
    calls = len(api.called("deleteWebhook"))
    await api.wait_until(lambda: len(api.called("deleteWebhook")) > calls)
    third.terminate()
    await third.communicate()
    assert third.returncode == 0
