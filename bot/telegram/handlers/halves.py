"""Joins the parts of a long text, which Telegram's apps send as several messages."""

from __future__ import annotations

import asyncio

from bot.conversation.questions import Request
from bot.storage.updates import Json, Received
from bot.telegram.context import Context
from bot.telegram.rendering.message import utf16_len

MIN_UNITS = 3500
"""Telegram cuts at 4096, or at the last end of a word or line before."""
MAX_GAP_S = 2
WAIT_S = 1.0
MAX_PARTS = 5


async def is_continued(context: Context) -> bool:
    """Whether a message is cut off and the next goes on, which then stands for both."""
    received, inbox = context.received, context.services.records.inbox
    if not context.is_private or not is_cut_off(received):
        return False
    if not goes_on(received, inbox.beside(received, later=True)):
        await asyncio.sleep(WAIT_S)
    return goes_on(received, inbox.beside(received, later=True))


def whole(context: Context, request: Request) -> Request:
    """Return the request of a message together with those that it goes on from."""
    received, inbox = context.received, context.services.records.inbox
    texts = [request.text]
    while context.is_private and len(texts) < MAX_PARTS:
        before = inbox.beside(received, later=False)
        if before is None or not is_cut_off(before) or not goes_on(before, received):
            break
        texts.insert(0, body_of(before)["text"])
        received = before
    return request if len(texts) == 1 else Request.read(" ".join(texts))


def is_cut_off(received: Received) -> bool:
    text = body_of(received).get("text")
    return isinstance(text, str) and utf16_len(text) >= MIN_UNITS


def goes_on(first: Received, second: Received | None) -> bool:
    """Whether a message came with the one before it."""
    if second is None or "text" not in body_of(second):
        return False
    return bool(abs(body_of(second)["date"] - body_of(first)["date"]) <= MAX_GAP_S)


def body_of(received: Received) -> Json:
    body: Json = received.raw.get(received.kind) or {}
    return body
