"""The commands that Telegram offers while one types, by kind of chat and language."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from telegram import (
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)
from telegram.ext import ExtBot

from bot.conversation import COMMANDS
from bot.limiter import Leaves

DEFAULT_LANGUAGE = ""
TEXTS: dict[str, Mapping[str, str]] = {
    DEFAULT_LANGUAGE: COMMANDS
    | {"link": "Make a link that asks me a question, as in /link who denied it?"},
}
"""What each command does, by ISO 639-1 code; those of the default for all other languages."""
PRIVATE_ONLY = frozenset({"start"})


def commands(language: str = DEFAULT_LANGUAGE) -> Mapping[str, str]:
    """Return what anybody may say to the bot on Telegram, each with what it does."""
    return TEXTS.get(language, TEXTS[DEFAULT_LANGUAGE])


def menus(language: str = DEFAULT_LANGUAGE) -> list[tuple[BotCommandScope, dict[str, str]]]:
    """Return the commands that make sense in each kind of chat."""
    everything = dict(commands(language))
    shared = {name: text for name, text in everything.items() if name not in PRIVATE_ONLY}
    return [
        (BotCommandScopeDefault(), shared),
        (BotCommandScopeAllPrivateChats(), everything),
        (BotCommandScopeAllGroupChats(), shared),
        (BotCommandScopeAllChatAdministrators(), shared),
    ]


async def set_menus(bot: ExtBot[Leaves]) -> None:
    """Have Telegram offer the commands.

    Raises:
        TelegramError: one of the menus could not be set; the others are.
    """
    outcomes = await asyncio.gather(
        *(
            bot.set_my_commands(list(menu.items()), scope=scope, language_code=language or None)
            for language in TEXTS
            for scope, menu in menus(language)
        ),
        return_exceptions=True,
    )
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
