"""What Telegram shows of the bot before the first message, in every language."""

from __future__ import annotations

import hashlib
import json
import logging

from sqlalchemy import Engine, delete, insert, select
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.i18n.language import ENGLISH, LANGUAGES, _, speaking
from bot.storage.access import Access
from bot.storage.received import Json
from bot.storage.schema import introductions
from bot.telegram.client.retrying import Leaves
from bot.telegram.profile import menus, set_menus
from bot.telegram.role_menus import set_role_menus
from bot.texts import answers as wording
from index.store.database import writing

logger = logging.getLogger(__name__)


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
