"""Checks of the Bot API server. None takes an update away from a running bot."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from bot.doctor.findings import Finding, Level, count, one_line
from bot.settings import BotSettings

MAX_CLOCK_OFF_S = 30.0


class Reply(NamedTuple):
    """The server's reply to a call."""

    status: int
    result: dict[str, Any] | None  # None if the call failed
    description: str
    clock_off_s: float | None  # by which our clock is ahead; None if the reply is not dated


def check_telegram(
    settings: BotSettings, now: Callable[[], float] = time.time
) -> Iterator[Finding]:
    """Yield findings on the token, on a webhook and on the clock."""
    if settings.telegram_bot_token is None:
        yield Finding(
            "token",
            Level.WARN,
            "TELEGRAM_BOT_TOKEN is not set: `onrecord run` talks in the terminal only; "
            "@BotFather gives you a token",
        )
        return
    token = settings.telegram_bot_token.get_secret_value()
    base_url = f"{settings.base_url}{token}/"
    try:
        with httpx.Client(base_url=base_url, timeout=settings.request_timeout_s) as client:
            me = call(client, "getMe", now)
            yield check_token(settings, me)
            if me.result is not None:
                yield check_webhook(call(client, "getWebhookInfo", now))
                yield check_clock(me.clock_off_s)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        yield Finding(
            "server",
            Level.FAIL,
            f"{settings.telegram_api_url} is out of reach: {one_line(error)}; check the network "
            "and TELEGRAM_API_URL",
        )


def call(client: httpx.Client, method: str, now: Callable[[], float]) -> Reply:
    """Call a method of the server.

    Raises:
        httpx.HTTPError: it did not reply.
    """
    asked_at = now()
    response = client.post(method)
    dated = parse_date(response.headers.get("Date", ""))
    off_s = None if dated is None else (asked_at + now()) / 2 - dated
    try:
        body = response.json()
    except ValueError:
        body = None
    body = body if isinstance(body, dict) else {}
    result = body.get("result") if body.get("ok") is True else None
    return Reply(
        response.status_code,
        result if isinstance(result, dict) else None,
        str(body.get("description", response.reason_phrase)),
        off_s,
    )


def parse_date(date: str) -> float | None:
    """Return a Date header, which is cut to whole seconds, as seconds of the epoch."""
    try:
        return parsedate_to_datetime(date).timestamp() + 0.5
    except ValueError:
        return None


def check_token(settings: BotSettings, me: Reply) -> Finding:
    if me.result is not None:
        return Finding("token", Level.OK, f"@{me.result.get('username')}")
    server = settings.telegram_api_url
    if me.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
        remedy = "copy TELEGRAM_BOT_TOKEN again from @BotFather, and check TELEGRAM_API_URL"
        text = f"{server} does not know the token ({me.status} {me.description}); {remedy}"
    else:
        text = (
            f"{server} answered {me.status} {me.description}; check that TELEGRAM_API_URL is a Bot "
            "API server, or try again later"
        )
    return Finding("token", Level.FAIL, text)


def check_webhook(info: Reply) -> Finding:
    """Return whether a webhook takes the updates, and how many are pending."""
    if info.result is None:
        text = f"getWebhookInfo answered {info.status} {info.description}; try again later"
        return Finding("webhook", Level.WARN, text)
    pending = info.result.get("pending_update_count")
    waiting = f"{count(pending if isinstance(pending, int) else 0, 'update')} pending"
    url = str(info.result.get("url", ""))
    if not url:
        return Finding("webhook", Level.OK, f"none set; {waiting}")
    # The path of the URL may be a secret.
    host = urlsplit(url).hostname
    return Finding(
        "webhook",
        Level.FAIL,
        f"set to {host}, so that polls get nothing; {waiting}{last_error(info.result)}; stop the "
        "program there and call deleteWebhook, or use another token",
    )


def last_error(info: dict[str, Any]) -> str:
    """Return the last failed delivery to the webhook, "" for none."""
    if "last_error_message" not in info:
        return ""
    date = info.get("last_error_date")
    try:
        at = f" at {datetime.fromtimestamp(date, UTC):%Y-%m-%d %H:%M} UTC" if date else ""
    except (TypeError, ValueError, OverflowError, OSError):
        at = ""
    return f"; last error{at}: {one_line(info['last_error_message'])}"


def check_clock(off_s: float | None) -> Finding:
    if off_s is None:
        text = "the server does not tell the time; check that this machine's clock is synchronized"
        return Finding("clock", Level.WARN, text)
    text = f"{abs(off_s):.0f} s {'ahead of' if off_s > 0 else 'behind'} the server's"
    if abs(off_s) <= MAX_CLOCK_OFF_S:
        return Finding("clock", Level.OK, text)
    remedy = "synchronize it, for example with systemd-timesyncd"
    return Finding("clock", Level.WARN, f"{text}; {remedy}")
