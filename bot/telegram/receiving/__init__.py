"""Reception of updates: polled from Telegram, or brought to a webhook."""

from __future__ import annotations

import asyncio
import hmac
from contextlib import AsyncExitStack
from functools import partial
from urllib.parse import urlsplit

from telegram.ext import ExtBot

from bot.settings import BotSettings
from bot.telegram.client.connection import ObservedRequest, persist
from bot.telegram.client.retrying import Leaves
from bot.telegram.handlers import HANDLERS
from bot.telegram.receiving.polling import Poller, Store
from bot.telegram.receiving.webhook import Webhook

KINDS = list(HANDLERS)


async def receive(  # noqa: PLR0917
    stack: AsyncExitStack,
    bot: ExtBot[Leaves],
    settings: BotSettings,
    request: ObservedRequest,
    store: Store,
    first_delay_s: float,
) -> asyncio.Future[None]:
    """Return a future that finishes only when no more updates can arrive, with the reason.

    Updates go to `store` until the stack is closed; `request` is for polls alone.

    Raises:
        SettingsError: the webhook cannot listen.
    """
    if url := settings.webhook_url:
        secret = secret_of(settings)
        webhook = Webhook(urlsplit(url).path, secret, store)
        webhook.listen(settings.webhook_listen, settings.webhook_port)
        # Telegram keeps updates from then on.
        stack.push_async_callback(webhook.close)
        register = partial(bot.set_webhook, url, secret_token=secret, allowed_updates=KINDS)
        await persist(register, first_delay_s)
        return asyncio.get_running_loop().create_future()
    # While there is a webhook, polls are refused.
    await persist(bot.delete_webhook, first_delay_s)
    poller = Poller(bot, request, store, KINDS, first_delay_s)
    polling = asyncio.create_task(poller.run())

    async def stop() -> None:
        polling.cancel()
        await asyncio.wait([polling])

    stack.push_async_callback(stop)
    return polling


def secret_of(settings: BotSettings) -> str:
    """Return what Telegram has to show: if none was chosen, the same for all bots of a token."""
    if settings.webhook_secret is not None:
        return settings.webhook_secret.get_secret_value()
    token = settings.telegram_bot_token
    key = token.get_secret_value() if token else ""
    return hmac.new(key.encode(), b"webhook", "sha256").hexdigest()
