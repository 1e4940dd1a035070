"""Checks of the Bot API server: their questions to it, and their findings from its answers."""

import asyncio
import time
from typing import Any

import pytest

from bot.doctor.findings import Finding, Level
from bot.doctor.telegram import check_telegram
from bot.settings import BotSettings
from tests.botapi import TOKEN, FakeBotApi
from tests.support import PATIENCE_S

SECRET = TOKEN.partition(":")[2]


async def ask_server(api: FakeBotApi, off_s: float = 0.0, **changed: Any) -> dict[str, Finding]:
    values = {"telegram_bot_token": api.token, "telegram_api_url": api.root} | changed
    settings = BotSettings(_env_file=None, **values)
    found = await asyncio.to_thread(
        lambda: list(check_telegram(settings, lambda: time.time() + off_s))
    )
    assert SECRET not in str(found)
    return {finding.check: finding for finding in found}


async def test_a_token_that_telegram_knows(api: FakeBotApi) -> None:
    found = await ask_server(api)
    assert [(finding.check, finding.level) for finding in found.values()] == [
        ("token", Level.OK),
        ("webhook", Level.OK),
        ("clock", Level.OK),
    ]
    assert found["token"].text == "@onrecord_bot"
    assert "0 updates pending" in found["webhook"].text


async def test_no_token_is_no_failure() -> None:
    (finding,) = check_telegram(BotSettings(_env_file=None))
    assert finding.level is Level.WARN
    assert "TELEGRAM_BOT_TOKEN is not set" in finding.text


async def test_a_token_that_telegram_does_not_know(api: FakeBotApi) -> None:
    found = await ask_server(api, telegram_bot_token="123456789:AAFakeTokenThatIsWrong")
    assert list(found) == ["token"]
    assert found["token"].level is Level.FAIL
    assert "@BotFather" in found["token"].text
    assert "AAFakeTokenThatIsWrong" not in found["token"].text


async def test_a_server_that_is_broken_or_gone(api: FakeBotApi) -> None:
    api.fail_next("getMe", 502)
    found = await ask_server(api)
    assert found["token"].level is Level.FAIL
    assert "502" in found["token"].text
    api.fail_next("getMe", timeout_s=PATIENCE_S)
    found = await ask_server(api, request_timeout_s=0.2)
    assert "out of reach" in found["server"].text
    await api.__aexit__()
    found = await ask_server(api)
    assert found["server"].level is Level.FAIL
    assert "TELEGRAM_API_URL" in found["server"].text


async def test_a_webhook_of_another_program(api: FakeBotApi) -> None:
    api.private_chat(1).send("Which borders?")
    api.world.webhook = {
        "url": "https://elsewhere.example/secret-path",
        "last_error_date": 1_600_000_000,
        "last_error_message": "Connection refused",
    }
    finding = (await ask_server(api))["webhook"]
    assert finding.level is Level.FAIL
    assert "elsewhere.example" in finding.text
    assert "secret-path" not in finding.text
    assert "1 update pending" in finding.text
    assert "2020-09-13 12:26 UTC: Connection refused" in finding.text


async def test_the_check_takes_no_update_away(api: FakeBotApi) -> None:
    api.private_chat(1).send("Which borders?")
    await ask_server(api)
    assert not api.called("getUpdates")
    assert len(api.world.updates.pending) == 1


@pytest.mark.parametrize(
    ("off_s", "level", "text"),
    [
        (20, Level.OK, "ahead of"),
        (90, Level.WARN, "ahead of"),
        (-3600, Level.WARN, "behind"),
    ],
)
async def test_a_clock_that_is_wrong(
    api: FakeBotApi, off_s: float, level: Level, text: str
) -> None:
    finding = (await ask_server(api, off_s))["clock"]
    assert finding.level is level
    seconds, _, rest = finding.text.partition(" s ")
    assert abs(int(seconds) - abs(off_s)) <= 9  # a request may take long
    assert rest.startswith(text)
