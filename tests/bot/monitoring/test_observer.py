"""Metrics record questions and calls to Telegram, and log them."""

import io
from collections.abc import AsyncIterator

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.ext import ExtBot

from bot.monitoring import logs
from bot.monitoring.metrics import IndexSize, Metrics, Outcome, RefusalReason
from bot.settings import BotSettings
from bot.telegram.client.connection import observed_requests
from index.core.answers import Answer
from tests.botapi import FakeBotApi
from tests.support import PATIENCE_S
from tests.support.library import abstained, answered, quote


class Notes:
    """Notes all calls."""

    def __init__(self) -> None:
        self.notes: list[object] = []

    def answered(self, answer: Answer, /) -> None:
        self.notes.append(answer.answered)

    def refused(self, reason: RefusalReason, /) -> None:
        self.notes.append(reason)

    def failed(self) -> None:
        self.notes.append("failed")

    def called(self, method: str, outcome: Outcome, /) -> None:
        self.notes.append((method, outcome))


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(lambda: IndexSize(0, 0, 0))


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
async def bot(api: FakeBotApi, notes: Notes) -> AsyncIterator[ExtBot[None]]:
    settings = BotSettings(_env_file=None, telegram_bot_token=api.token, request_timeout_s=2)
    request, get_updates_request = observed_requests(settings, notes)
    async with ExtBot(
        api.token,
        base_url=api.base_url,
        base_file_url=api.base_file_url,
        request=request,
        get_updates_request=get_updates_request,
    ) as client:
        notes.notes.clear()
        yield client


async def test_calls_are_told_without_the_token(
    api: FakeBotApi, bot: ExtBot[None], notes: Notes
) -> None:
    ann = api.private_chat(1)
    await bot.send_message(1, "Hello")
    await bot.get_updates(timeout=0)
    ann.send_document("a.txt", b"A")
    (update,) = await bot.get_updates(timeout=1)
    assert update.message is not None
    assert update.message.document is not None
    file = await update.message.document.get_file()
    await file.download_as_bytearray()
    methods = ["sendMessage", "getUpdates", "getUpdates", "getFile", "file"]
    assert notes.notes == [(method, Outcome.OK) for method in methods]


@pytest.mark.parametrize(
    ("status", "raised", "outcome"),
    [
        (400, BadRequest, Outcome.REFUSED),
        (429, RetryAfter, Outcome.FLOOD),
        (502, NetworkError, Outcome.FAILED),
    ],
)
async def test_how_a_call_ended(
    api: FakeBotApi,
    bot: ExtBot[None],
    notes: Notes,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    raised: type[Exception],
    outcome: Outcome,
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    api.private_chat(1)
    api.fail_next("sendMessage", status)
    with pytest.raises(raised):
        await bot.send_message(1, "Hello")
    assert notes.notes == [("sendMessage", outcome)]


async def test_a_call_without_an_answer(api: FakeBotApi, bot: ExtBot[None], notes: Notes) -> None:
    api.private_chat(1)
    api.fail_next("sendMessage", timeout_s=PATIENCE_S)
    with pytest.raises(TimedOut):
        await bot.send_message(1, "Hello")
    await api.__aexit__()
    with pytest.raises(NetworkError):
        await bot.send_message(1, "Hello")
    assert notes.notes == [
        ("sendMessage", Outcome.TIMEOUT),
        ("sendMessage", Outcome.UNREACHABLE),
    ]


async def test_a_poll_is_a_sign_of_life(api: FakeBotApi, metrics: Metrics) -> None:
    settings = BotSettings(_env_file=None, telegram_bot_token=api.token)
    request, polls = observed_requests(settings, metrics)
    async with ExtBot(
        api.token, base_url=api.base_url, request=request, get_updates_request=polls
    ) as client:
        assert metrics.silence_s() is None
        await client.get_updates(timeout=0)
    silence_s = metrics.silence_s()
    assert silence_s is not None
    assert 0 <= silence_s < 60


def test_the_log_tells_how_questions_end(log: io.StringIO, metrics: Metrics) -> None:
    metrics.answered(answered(quote()))
    metrics.answered(abstained())
    metrics.refused(RefusalReason.BUSY)
    metrics.failed()
    metrics.called("getMe", Outcome.OK)
    metrics.called("getMe", Outcome.FLOOD)
    metrics.inline_card_sent()
    lines = [line.partition("bot.monitoring.metrics: ")[2] for line in log.getvalue().splitlines()]
    assert lines == [
        "answered in 1 ms, confidence 0.90",
        "abstained in 1 ms, confidence 0.10",
        "refused: busy",
        "inline cards sent so far: 1",
    ]


def test_the_log_tells_the_question_where_it_may(log: io.StringIO, metrics: Metrics) -> None:
    logs.follow(BotSettings(_env_file=None, log_questions=True), log)
    metrics.answered(answered(quote()))
    assert "| 'Which borders?'" in log.getvalue()
