"""Sets the bot's commands and descriptions on Telegram, in every language.

Users of Telegram in a language without a profile of its own see the English one.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Iterable

from sqlalchemy import Engine, select
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
from bot.telegram.client.retrying import Leaves
from bot.telegram.commands import COMMANDS, PUBLIC_COMMANDS, commands_for
from bot.texts import answers
from index.store.database import execute
from index.store.databases.dialects import insert

logger = logging.getLogger(__name__)


def menus() -> list[tuple[BotCommandScope, dict[str, str]]]:
    """Return the commands for each kind of chat, in the language being spoken."""
    everything = {name: _(purpose) for name, purpose in PUBLIC_COMMANDS.items()}
    shared = {name: text for name, text in everything.items() if COMMANDS[name].in_groups}
    return [
        (BotCommandScopeDefault(), shared),
        (BotCommandScopeAllPrivateChats(), everything),
        (BotCommandScopeAllGroupChats(), shared),
        (BotCommandScopeAllChatAdministrators(), shared),
    ]


async def introduce(bot: ExtBot[Leaves], engine: Engine, access: Access) -> None:
    """Set the menus and descriptions that changed; the bot works without them.

    They are dozens of calls, which Telegram limits, so an unchanged introduction is not repeated.
    """
    await set_role_menus(bot, access)
    texts = {language: texts_in(language) for language in LANGUAGES}
    written = json.dumps(texts, default=BotCommandScope.to_dict)
    fingerprint = hashlib.sha256(written.encode()).hexdigest()
    known = select(introductions.c.fingerprint).where(introductions.c.bot_id == bot.id)
    with engine.connect() as connection:
        if connection.execute(known).scalar() == fingerprint:
            return
    try:
        for language, (offered, description, short_description) in texts.items():
            code = code_of(language)
            await asyncio.gather(
                *(bot.set_my_commands(list(menu.items()), scope, code) for scope, menu in offered)
            )
            await bot.set_my_description(description, code)
            await bot.set_my_short_description(short_description, code)
    except TelegramError as error:
        logger.warning("the commands and the description are not set: %s", error)
        return
    row = {"bot_id": bot.id, "fingerprint": fingerprint}
    adding = insert(engine, introductions)
    execute(
        engine, adding.on_conflict_do_update(index_elements=[introductions.c.bot_id], set_=row), row
    )


def texts_in(language: str) -> tuple[list[tuple[BotCommandScope, dict[str, str]]], str, str]:
    """Return the menus, the description and the short description."""
    with speaking(language):
        return menus(), _(answers.DESCRIPTION), _(answers.SHORT_DESCRIPTION)


async def set_role_menus(bot: Bot, access: Access) -> None:
    """Offer the owner and each admin the commands that they may use."""
    named, added = access.holders(Grant.ADMIN)
    owner = set() if access.owner is None else {access.owner}
    await set_menus_of(bot, access, sorted({*owner, *named, *added}))


async def set_menus_of(bot: Bot, access: Access, users: Iterable[int]) -> None:
    """Offer users the commands that they may use; all but admins share the menus for everybody.

    A failure is logged: users who have not talked to the bot yet have no menu.
    """
    for user_id in users:
        try:
            await set_menu(bot, access.role(user_id), BotCommandScopeChat(user_id))
        except TelegramError as error:
            logger.info("no menu for user %s: %s", user_id, error)


async def set_menu(bot: Bot, role: Role, scope: BotCommandScopeChat) -> None:
    for language in LANGUAGES:
        if role < Role.ADMIN:
            await bot.delete_my_commands(scope, code_of(language))
            continue
        with speaking(language):
            menu = [(name, _(purpose)) for name, purpose in commands_for(role).items()]
        await bot.set_my_commands(menu, scope, code_of(language))


def code_of(language: str) -> str | None:
    """Return Telegram's code for a language; that for all other languages is None."""
    return None if language == ENGLISH else language
