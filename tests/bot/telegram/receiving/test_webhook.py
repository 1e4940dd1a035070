"""Updates that Telegram brings are stored before they are acknowledged."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from tornado.netutil import bind_sockets

from bot.errors import SettingsError
from bot.storage.database import open_inbox
from bot.storage.updates import Inbox
from bot.telegram.receiving.webhook import SECRET_HEADER, Webhook
from tests.botapi import FakeBotApi
from tests.support import PATIENCE_S
from tests.support.library import StubLibrary
from tests.support.running import running, spawn

SECRET = "open-Sesame_1"
URL = "https://bot.example.org/hook"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_inbox(tmp_path)
    yield opened
    opened.dispose()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        verify=False, headers={SECRET_HEADER: SECRET}, timeout=PATIENCE_S
    ) as opened:
        yield opened


def free_port() -> int:
    (socket,) = bind_sockets(0, "127.0.0.1")
    with socket:
        return int(socket.getsockname()[1])


def settings(port: int, **others: Any) -> dict[str, Any]:
    return {"webhook_url": URL, "webhook_port": port, "webhook_secret": SECRET, **others}


async def bring(api: FakeBotApi, client: httpx.AsyncClient, port: int) -> None:
    """Bring all pending updates, as Telegram does: each until it is acknowledged."""
    pending = api.world.updates.pending
    while pending:
        try:
            answer = await client.post(f"http://127.0.0.1:{port}/hook", json=pending[0])
        except httpx.TransportError:
            await asyncio.sleep(0.05)
            continue
        assert answer.status_code == 200
        pending.popleft()


async def test_an_update_is_stored_before_it_is_acknowledged(
    api: FakeBotApi, client: httpx.AsyncClient, tmp_path: Path, engine: Engine
) -> None:
    library = StubLibrary()
    library.free.clear()
    port = free_port()
    async with running(api, library, tmp_path, drain_s=0.0, **settings(port)):
        assert api.world.webhook == {"url": URL, "secret_token": SECRET}
        ann = api.private_chat(1)
        ann.send("Which borders?")
        await bring(api, client, port)
        assert len(Inbox(engine).unanswered()) == 1
        library.free.set()
        await api.wait_for(ann)
        again = {"update_id": 7, "message": {"message_id": 5}}
        for _ in range(2):
            answer = await client.post(f"http://127.0.0.1:{port}/hook", json=again)
            assert answer.status_code == 200
    assert Inbox(engine).counts()["dead"] == 1


@pytest.mark.parametrize("secret", [None, "", "open-Sesame_2", "ö"])
async def test_nobody_else_brings_updates(client: httpx.AsyncClient, secret: str | None) -> None:
    stored: list[Any] = []
    webhook = Webhook("/hook", SECRET, stored.extend)
    webhook.listen("127.0.0.1", 0)
    address = f"http://127.0.0.1:{webhook.port}"
    del client.headers[SECRET_HEADER]
    headers = {} if secret is None else {SECRET_HEADER: secret.encode()}
    update = {"update_id": 1}
    refused = await client.post(f"{address}/hook", json=update, headers=headers)
    assert refused.status_code == 403
    right = {SECRET_HEADER: SECRET}
    assert (await client.post(f"{address}/", json=update, headers=right)).status_code == 404
    assert (await client.get(f"{address}/hook", headers=right)).status_code == 405
    broken = await client.post(f"{address}/hook", content=b"{", headers=right)
    assert broken.status_code == 400
    assert not stored
    assert (await client.post(f"{address}/hook", json=update, headers=right)).status_code == 200
    assert stored == [update]
    await webhook.close()


async def test_what_cannot_be_stored_is_not_acknowledged(client: httpx.AsyncClient) -> None:
    def fail(_updates: object) -> None:
        raise OSError("the disk is full")

    webhook = Webhook("/hook", SECRET, fail)
    webhook.listen("127.0.0.1", 0)
    answer = await client.post(f"http://127.0.0.1:{webhook.port}/hook", json={"update_id": 1})
    assert answer.status_code == 500
    assert b"disk" not in answer.content
    await webhook.close()


async def test_a_taken_port_names_the_settings() -> None:
    (socket,) = bind_sockets(0, "127.0.0.1")
    with socket, pytest.raises(SettingsError, match=r"ONRECORD_WEBHOOK_LISTEN.*in use"):
        Webhook("/", SECRET, list).listen("127.0.0.1", socket.getsockname()[1])


@pytest.mark.slow
async def test_a_stop_loses_nothing(
    api: FakeBotApi, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    port = free_port()
    people = [api.private_chat(n) for n in range(1, 41)]
    for person in people:
        person.send(f"Who is {person.id}?")
    bringing = asyncio.create_task(bring(api, client, port))
    for share in (10, 20, 40):
        given = settings(port, drain_s=0.2, long_line=1000)
        process = await spawn(api, tmp_path, "0.05", **given)
        await api.wait_until(lambda: len(api.called("sendMessage")) >= share)  # noqa: B023
        process.send_signal(signal.SIGTERM)
        _, log = await process.communicate()
        assert process.returncode == 0, log
        assert b"Traceback" not in log
    await bringing
    for person in people:
        assert [message.entity_texts("blockquote") for message in person.chat.sent] == [
            [f"Who is {person.id}?"]
        ]
