"""A bot that is watched, seen from outside."""

import socket
from pathlib import Path

import httpx
import pytest
from telegram.ext import ExtBot

from bot.errors import SettingsError
from bot.monitoring.metrics import IndexSize, Metrics
from bot.monitoring.server import index_size, monitored
from bot.settings import BotSettings
from bot.telegram.client.connection import observed_requests
from tests.botapi import FakeBotApi
from tests.support import PATIENCE_S
from tests.support.folders import Shelf
from tests.support.library import answered, quote


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def read() -> IndexSize:
    return IndexSize(1204, 9000, 5)


async def test_what_a_bot_does_is_seen(api: FakeBotApi) -> None:
    settings = BotSettings(_env_file=None, telegram_bot_token=api.token, metrics_port=free_port())
    metrics = Metrics(read)
    with monitored(settings, metrics) as port:
        metrics.watch_queue(lambda: 3)
        request, polls = observed_requests(settings, metrics)
        async with (
            httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{port}", verify=False, timeout=PATIENCE_S
            ) as client,
            ExtBot(
                api.token, base_url=api.base_url, request=request, get_updates_request=polls
            ) as bot,
        ):
            response = await client.get("/healthz")
            assert response.status_code == 503
            assert "no poll" in response.json()["reason"]
            await bot.get_updates(timeout=0)
            assert (await client.get("/healthz")).status_code == 200
            metrics.answered(answered(quote()))
            text = (await client.get("/metrics")).text
    for line in (
        'onrecord_questions_total{end="answered"} 1.0',
        'onrecord_telegram_calls_total{method="getUpdates",outcome="ok"} 1.0',
        "onrecord_queue_length 3.0",
        "onrecord_index_documents 1204.0",
    ):
        assert line in text.splitlines()
    assert api.token not in text


@pytest.mark.slow
def test_nothing_is_served_without_a_port_and_all_is_freed() -> None:
    with monitored(BotSettings(_env_file=None), Metrics(read)) as port:
        assert port is None
    settings = BotSettings(_env_file=None, metrics_port=free_port())
    for _ in range(2):
        with monitored(settings, Metrics(read)) as port:
            assert port == settings.metrics_port
            with pytest.raises(SettingsError), monitored(settings, Metrics(read)):
                pass


def test_the_size_of_a_library(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.write("fox.txt", "The red fox sleeps in the old mill.")
    shelf.sync()
    library = shelf.open()
    assert index_size(library, ("library",)) == IndexSize(1, 1, 1)
    assert index_size(library, ("other",)) == IndexSize(0, 0, 1)
    shelf.close()
