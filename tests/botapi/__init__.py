"""A strict fake of the Telegram Bot API server, for end-to-end tests.

async with FakeBotApi() as api:
    # The bot runs with api.token, api.base_url and api.base_file_url.
    ann = api.private_chat(1, "Ann", "ann")
    question = ann.send("Which borders?")
    (reply,) = await api.wait_for(ann, after=question)
    assert reply.entity_texts("blockquote") == ["..."]
    ann.press(reply, "Context")
"""

from .entities import Entity, utf16_len
from .errors import ApiError
from .faults import Clock
from .people import Person
from .records import (
    Button,
    Call,
    CallbackQuery,
    Chat,
    File,
    InlineQuery,
    InlineResult,
    Message,
    User,
)
from .server import TOKEN, FakeBotApi

__all__ = [
    "TOKEN",
    "ApiError",
    "Button",
    "Call",
    "CallbackQuery",
    "Chat",
    "Clock",
    "Entity",
    "FakeBotApi",
    "File",
    "InlineQuery",
    "InlineResult",
    "Message",
    "Person",
    "User",
    "utf16_len",
]
