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

from bot.i18n.language import ENGLISH, _, speaking
from bot.telegram.client.retrying import Leaves
from bot.telegram.commands import PUBLIC_COMMANDS

PRIVATE_ONLY = frozenset({"start", "forget"})


def commands() -> Mapping[str, str]:
    """Return what anybody may say to the bot on Telegram, each with what it does, to be said."""
    return PUBLIC_COMMANDS


def menus() -> list[tuple[BotCommandScope, dict[str, str]]]:
    """Return the commands that make sense in each kind of chat, in the language being spoken."""
    everything = {name: _(purpose) for name, purpose in commands().items()}
    shared = {name: text for name, text in everything.items() if name not in PRIVATE_ONLY}
    return [
        (BotCommandScopeDefault(), shared),
        (BotCommandScopeAllPrivateChats(), everything),
        (BotCommandScopeAllGroupChats(), shared),
        (BotCommandScopeAllChatAdministrators(), shared),
    ]


async def set_menus(bot: ExtBot[Leaves], language: str) -> None:
    """Have Telegram offer the commands to its users in a language; English to all others.

    Raises:
        TelegramError: one of the menus could not be set; the others are.
    """
    with speaking(language):
        offered = menus()
    code = None if language == ENGLISH else language
    outcomes = await asyncio.gather(
        *(
            bot.set_my_commands(list(menu.items()), scope=scope, language_code=code)
            for scope, menu in offered
        ),
        return_exceptions=True,
    )
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
