"""The commands that Telegram offers to the owner and to admins, in their private chats."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from telegram import Bot, BotCommandScopeChat
from telegram.error import TelegramError

from bot.i18n.language import ENGLISH, LANGUAGES, _, speaking
from bot.storage.access import Access, Grant, Role
from bot.telegram.commands import commands_for

logger = logging.getLogger(__name__)


async def set_role_menus(bot: Bot, access: Access) -> None:
    """Have Telegram offer to each of them what they may use."""
    named, added = access.holders(Grant.ADMIN)
    owner = set() if access.owner is None else {access.owner}
    await set_menus_of(bot, access, sorted({*owner, *named, *added}))


async def set_menus_of(bot: Bot, access: Access, users: Iterable[int]) -> None:
    """Have Telegram offer users what they may use; all others share the menus of everybody.

    A failure is logged: those who have not talked to the bot yet have no menu.
    """
    for user_id in users:
        role = access.role(user_id)
        scope = BotCommandScopeChat(user_id)
        try:
            if role >= Role.ADMIN:
                await offer(bot, role, scope)
            else:
                await withdraw(bot, scope)
        except TelegramError as error:
            logger.info("no menu for user %s: %s", user_id, error)


async def offer(bot: Bot, role: Role, scope: BotCommandScopeChat) -> None:
    """Have Telegram offer the commands of a role, in the language that the user's Telegram has.

    Raises:
        TelegramError: it was refused.
    """
    for language in LANGUAGES:
        with speaking(language):
            menu = [(name, _(purpose)) for name, purpose in commands_for(role).items()]
        await bot.set_my_commands(menu, scope, language_code=code_of(language))


async def withdraw(bot: Bot, scope: BotCommandScopeChat) -> None:
    """Have Telegram offer what it offers everybody.

    Raises:
        TelegramError: it was refused.
    """
    for language in LANGUAGES:
        await bot.delete_my_commands(scope, language_code=code_of(language))


def code_of(language: str) -> str | None:
    """Return how Telegram is told a language; English is for all that have no menu of their own."""
    return None if language == ENGLISH else language
