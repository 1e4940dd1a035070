"""Connections that say nothing leave room for those of Telegram."""

from __future__ import annotations

import asyncio
import errno
import socket
from contextlib import closing
from typing import Any

import httpx
import pytest

from bot.telegram.receiving import webhook as webhooks
from bot.telegram.receiving.webhook import MAX_CONNECTIONS, SECRET_HEADER, Webhook
from tests.support import PATIENCE_S

SECRET = {SECRET_HEADER: "open-Sesame_1"}
HEADER_ONLY = (
    b"POST /hook HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n"
    b"Content-Type: application/json\r\n\r\n{"
)


def listening(stored: list[Any], request_s: float = 10.0) -> Webhook:
    webhook = Webhook("/hook", SECRET[SECRET_HEADER], stored.extend, request_s)
    webhook.listen("127.0.0.1", 0)
    return webhook


async def bring(webhook: Webhook, client: httpx.AsyncClient, number: int) -> int:
    address = f"http://127.0.0.1:{webhook.port}/hook"
    return (await client.post(address, json={"update_id": number}, headers=SECRET)).status_code


@pytest.mark.parametrize("said", [b"", b"POST /hook HTTP/1.1\r\nX-Slow: 1\r\n", HEADER_ONLY])
async def test_a_silent_connection_is_closed(said: bytes) -> None:
    webhook = listening([], request_s=0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", webhook.port)
    writer.write(said)
    await asyncio.wait_for(reader.read(), PATIENCE_S)
    writer.close()
    await webhook.close()


@pytest.mark.slow
async def test_any_number_of_them_leaves_room_for_telegram(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stored: list[Any] = []
    webhook = listening(stored)
    async with (
        httpx.AsyncClient(timeout=PATIENCE_S) as early,
        httpx.AsyncClient(timeout=PATIENCE_S) as late,
    ):
        assert await bring(webhook, early, 1) == 200
        writers = []
        for number in range(3 * MAX_CONNECTIONS):
            _, writer = await asyncio.open_connection("127.0.0.1", webhook.port)
            writer.write(HEADER_ONLY if number % 2 else b"")
            writers.append(writer)
        assert len(webhook.server._connections) <= MAX_CONNECTIONS + 1
        assert await bring(webhook, early, 2) == 200
        assert await bring(webhook, late, 3) == 200
    for writer in writers:
        writer.close()
    await webhook.close()
    assert [update["update_id"] for update in stored] == [1, 2, 3]
    assert caplog.text.count("the webhook closes connections") == 1


async def test_without_room_in_the_system_the_oldest_has_to_go(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stored: list[Any] = []
    webhook = listening(stored)
    idle = await asyncio.open_connection("127.0.0.1", webhook.port)
    while not webhook.server._connections:  # noqa: ASYNC110  # until it is accepted
        await asyncio.sleep(0)
    accept, left = socket.socket.accept, [3]

    def without_room(self: socket.socket) -> Any:
        if left[0]:
            left[0] -= 1
            raise OSError(errno.EMFILE, "Too many open files")
        return accept(self)

    monkeypatch.setattr(webhooks.socket.socket, "accept", without_room)
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        assert await bring(webhook, client, 1) == 200
    assert await asyncio.wait_for(idle[0].read(), PATIENCE_S) == b""
    with closing(idle[1]):
        await webhook.close()
    assert caplog.text.count("the webhook closes connections") == 1
    assert "Traceback" not in caplog.text
