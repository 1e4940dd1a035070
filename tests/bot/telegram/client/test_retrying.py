"""Calls are paced and repeated, each for its own reason."""

from collections.abc import Sequence

import httpx
import pytest
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.telegram.client.retrying import RetryingRateLimiter, retry, unless_refused

GROUP = -1001


@pytest.fixture(autouse=True)
def timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


class Server:
    """Fails with each of the errors once, then accepts."""

    def __init__(self, errors: Sequence[TelegramError] = ()) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def call(self, *_args: object, **_kwargs: object) -> bool:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return True


async def request(
    limiter: RetryingRateLimiter, server: Server, endpoint: str, chat_id: int | None
) -> None:
    data = {} if chat_id is None else {"chat_id": chat_id}
    await limiter.process_request(server.call, (), {}, endpoint, data, None)


def timed_out(cause: Exception) -> TimedOut:
    error = TimedOut()
    error.__cause__ = cause
    return error


def broken_off() -> NetworkError:
    error = NetworkError("httpx.ReadError")
    error.__cause__ = httpx.ReadError("")
    return error


@pytest.mark.parametrize("error", [timed_out(httpx.ReadTimeout("")), broken_off()])
async def test_an_edit_may_be_made_twice(error: TelegramError) -> None:
    server = Server([error])
    await request(RetryingRateLimiter(5, first_delay_s=0.001), server, "editMessageText", 1)
    assert server.calls == 2


async def test_each_attempt_is_announced_right_before_it_leaves() -> None:
    server = Server([NetworkError("502")] * 2)
    left: list[int] = []
    limiter = RetryingRateLimiter(5, first_delay_s=0.001)
    await limiter.process_request(
        server.call, (), {}, "sendMessage", {"chat_id": 1}, lambda: left.append(server.calls)
    )
    assert left == [0, 1, 2]


@pytest.mark.parametrize(
    "error",
    [
        NetworkError("Bad Gateway (502)"),
        timed_out(httpx.ConnectTimeout("")),
        timed_out(httpx.PoolTimeout("")),
        timed_out(httpx.WriteTimeout("")),
    ],
)
async def test_a_passing_failure_is_repeated(error: TelegramError) -> None:
    server = Server([error] * 5)
    await request(RetryingRateLimiter(5, first_delay_s=0.001), server, "sendMessage", 1)
    assert server.calls == 6


@pytest.mark.parametrize(
    "error",
    [
        timed_out(httpx.ReadTimeout("")),
        broken_off(),
        BadRequest("chat not found"),
        Forbidden("blocked"),
    ],
)
async def test_a_final_failure_is_not_repeated(error: TelegramError) -> None:
    server = Server([error])
    with pytest.raises(type(error)):
        await request(RetryingRateLimiter(5), server, "sendMessage", 1)
    assert server.calls == 1


async def test_a_lasting_failure_is_raised_in_the_end() -> None:
    server = Server([NetworkError("502")] * 9)
    with pytest.raises(NetworkError):
        await request(RetryingRateLimiter(3, first_delay_s=0.001), server, "sendMessage", 1)
    assert server.calls == 4


async def test_what_belongs_to_no_chat_is_left_to_others() -> None:
    server = Server([NetworkError("502")])
    with pytest.raises(NetworkError):
        await request(RetryingRateLimiter(5), server, "getMe", None)
    assert server.calls == 1


async def test_chat_actions_take_nothing_from_a_group() -> None:
    limiter, server = RetryingRateLimiter(), Server()
    for _ in range(100):
        await request(limiter, server, "sendChatAction", GROUP)
    for _ in range(20):
        await request(limiter, server, "sendMessage", GROUP)
    assert server.calls == 120


async def test_flood_waits_last_as_demanded_and_do_not_count() -> None:
    server = Server([NetworkError("502"), RetryAfter(0), TimedOut(), RetryAfter(0)])
    waits: list[float] = []
    assert await retry(
        server.call, lambda failures: failures / 1000, lambda _, wait_s: waits.append(wait_s)
    )
    assert waits == [0.0, 0.0, 0.001, 0.0]


@pytest.mark.parametrize("error", [BadRequest("gone"), Forbidden("blocked"), Conflict("taken")])
async def test_what_is_not_passing_is_raised(error: TelegramError) -> None:
    server = Server([error])
    with pytest.raises(type(error)):
        await retry(server.call, float, lambda *_: None)
    assert server.calls == 1


async def test_the_last_of_a_number_of_tries_raises() -> None:
    server = Server([Conflict("taken"), RetryAfter(0), NetworkError("502")])
    with pytest.raises(NetworkError):
        await retry(server.call, lambda _: 0.0, lambda *_: None, unless_refused, max_tries=3)
    assert server.calls == 3


def test_waits_double_up_to_a_limit() -> None:
    limiter = RetryingRateLimiter(first_delay_s=0.5)
    for failures, longest_s in enumerate([0.5, 1, 2, 4, 8, 16, 30, 30]):
        assert longest_s / 2 <= limiter.delay_s(failures) <= longest_s
