"""Keeps quotes for their chat, lists them page by page, and removes them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from telegram.error import BadRequest, Forbidden

from bot.conversation.clippings import Recalled, recall
from bot.conversation.places import clippings_address
from bot.i18n.language import _
from bot.storage.access import Role
from bot.storage.clippings import Clipping
from bot.telegram.context import Context
from bot.telegram.rendering.clippings import PAGE_SIZE, format_clippings
from bot.telegram.rendering.keyboards import is_openable, read_data
from bot.telegram.rendering.message import Message
from bot.telegram.sending.editing import show_instead
from bot.texts import clippings, notices, sources
from index.core.answers import Quote
from index.core.errors import StoreError
from index.core.scope import Scope
from index.store.certificates import certificate_of


async def keep(context: Context, quote: Quote) -> None:
    """Keep a quote of an answer, and say so above the chat.

    Raises:
        StoreError: its certificate could not be stored.
    """
    services = context.services
    library = services.answers.conversation.library
    if not await asyncio.to_thread(library.certify, [quote]):
        raise StoreError("the certificate of a quote that was to be kept could not be stored")
    limit = services.settings.clippings_per_chat
    outcome = services.records.clippings.keep(
        context.chat.id, context.asker_id, certificate_of(quote), limit
    )
    await context.answer(clippings.outcome(outcome, limit))


async def turn_page(context: Context) -> None:
    """Show another part of the list in place of the one whose button was pressed."""
    data = read_data(context.data)
    if data is None:
        await context.answer(_(sources.OLD_BUTTON))
        return
    await show_instead(context.query, await find_page(context, data.number))


async def drop(context: Context) -> None:
    """Remove a clipping of this chat, if the presser may."""
    data, records = read_data(context.data), context.services.records
    if data is None:
        await context.answer(_(notices.EXPIRED_BUTTON))
        return
    clipping = records.clippings.find(context.chat.id, data.exchange_id)
    if clipping is None:
        await context.answer(_(clippings.GONE_BUTTON))
    elif not await may_remove(context, clipping):
        await context.answer(_(clippings.NOT_YOURS))
        return
    else:
        records.clippings.remove(context.chat.id, data.exchange_id)
        await context.answer(_(clippings.REMOVED))
    await show_instead(context.query, await find_page(context, data.number))


async def find_page(context: Context, skipped: int) -> Message:
    """Return the part of the list after the first `skipped`; the last one if that is beyond it."""
    kept, chat_id = context.services.records.clippings, context.chat.id
    total = kept.count(chat_id)
    last = (total - 1) // PAGE_SIZE * PAGE_SIZE if total else 0
    skipped = max(0, min(skipped, last))
    shown = await recalled_in(context, kept.part(chat_id, None, skipped, PAGE_SIZE))
    return format_clippings(shown, skipped, total, address_in(context))


async def recalled_in(context: Context, kept: Sequence[Clipping]) -> list[Recalled]:
    conversation = context.conversation
    scope = Scope(conversation.collections)
    certificates = [one.certificate for one in kept]
    return await asyncio.to_thread(recall, conversation.library, certificates, scope)


def address_in(context: Context) -> str | None:
    """Return where the web has the clippings of the chat, None if Telegram could not open it."""
    root, signer = context.services.settings.web_url, context.services.signer
    if root is None or signer is None:
        return None
    address = clippings_address(root, signer, context.chat.id)
    return address if is_openable(address) else None


async def may_remove(context: Context, clipping: Clipping) -> bool:
    """Whether the presser kept it, or is an administrator of the chat or of the bot."""
    if context.role >= Role.ADMIN or context.sender_id == clipping.user_id:
        return True
    try:
        return await context.is_chat_admin()
    except (BadRequest, Forbidden):
        return False
