"""The commands that Telegram offers while one types, by kind of chat and language."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Iterable

from sqlalchemy import Engine, delete, insert, select
from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.i18n.language import ENGLISH, LANGUAGES, _, speaking
from bot.storage.access import Access, Grant, Role
from bot.storage.schema import introductions
from bot.storage.updates import Json
from bot.telegram.client.retrying import Leaves
from bot.telegram.commands import COMMANDS, PUBLIC_COMMANDS, commands_for
from bot.texts import answers as wording
from index.store.database import writing


def menus() -> list[tuple[BotCommandScope, dict[str, str]]]:
    """Return the commands that make sense in each kind of chat, in the language being spoken."""
    everything = {name: _(purpose) for name, purpose in PUBLIC_COMMANDS.items()}
    shared = {name: text for name, text in everything.items() if COMMANDS[name].in_groups}
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


async def introduce(bot: ExtBot[Leaves], engine: Engine, access: Access) -> None:
    """Set the menus and descriptions where they changed; the bot works without them.

    They are dozens of calls, which Telegram limits: an unchanged introduction is not repeated.
    """
    texts = [texts_in(language) for language in LANGUAGES]
    fingerprint = hashlib.sha256(json.dumps(texts).encode()).hexdigest()
    known = select(introductions.c.fingerprint).where(introductions.c.bot_id == bot.id)
    with engine.connect() as connection:
        is_known = connection.execute(known).scalar() == fingerprint
    await set_role_menus(bot, access)
    if is_known:
        return
    try:
        for language in LANGUAGES:
            await introduce_in(bot, language)
    except TelegramError as error:
        logger.warning("the commands and the description are not set: %s", error)
        return
    with writing(engine) as connection:
        connection.execute(delete(introductions).where(introductions.c.bot_id == bot.id))
        row = {"bot_id": bot.id, "fingerprint": fingerprint}
        connection.execute(insert(introductions), row)


def texts_in(language: str) -> tuple[list[Json], str, str]:
    """Return the menus, the description and the short description."""
    with speaking(language):
        offered = [{**scope.to_dict(), "commands": menu} for scope, menu in menus()]
        return offered, _(wording.DESCRIPTION), _(wording.SHORT_DESCRIPTION)


async def introduce_in(bot: ExtBot[Leaves], language: str) -> None:
    """Set what users of Telegram in a language see; those of all other languages see English.

    Raises:
        TelegramError: it was refused.
    """
    code = None if language == ENGLISH else language
    _menus, description, short_description = texts_in(language)
    await set_menus(bot, language)
    await bot.set_my_description(description, language_code=code)
    await bot.set_my_short_description(short_description, language_code=code)
