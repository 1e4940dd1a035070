"""The front end: polling or webhook → inbox → dispatcher → processor → handlers → delivery."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    nullcontext,
)
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL
from telegram.error import InvalidToken

from bot.conversation.conversation import Conversation
from bot.conversation.places import Signer
from bot.ending import run_until_stopped
from bot.errors import TokenError
from bot.monitoring import logs
from bot.monitoring.metrics import Metrics
from bot.monitoring.server import index_size, monitored
from bot.reload import Configuration, Reloader
from bot.scheduling.answers import Answers
from bot.scheduling.catching_up import catching_up
from bot.scheduling.dispatcher import Dispatcher
from bot.scheduling.inference import Inference
from bot.scheduling.quota import Quota
from bot.scheduling.replica import Handle, guarded, sharing
from bot.scheduling.uploads import Intake
from bot.settings import BotSettings
from bot.storage.access import Access
from bot.storage.alone import alone
from bot.storage.database import open_inbox
from bot.storage.pruning import Pruning
from bot.storage.shared.changes import Changes
from bot.storage.shared.claims import Claims
from bot.storage.shared.quotas import SharedTimes
from bot.storage.updates import Inbox, Json
from bot.storage.uploads import Limits, Uploads
from bot.telegram.client.connection import connected, observed_requests
from bot.telegram.context import Records, Services
from bot.telegram.processor import Processor
from bot.telegram.profile import introduce
from bot.telegram.receiving import receive
from bot.telegram.sending.delivery import Delivery
from index.core.errors import StoreError

logger = logging.getLogger(__name__)

PUBLIC = ("library",)
HOUR_S = 3600.0
DAY_S = 24 * HOUR_S

Beside = Callable[[Services], AbstractAsyncContextManager[object]]
"""Runs something beside the bot, on its services."""
BEGUN_SHARE = 0.8
"""The part of the drain time that begun answers have; the rest is for the end of the process."""


@dataclass(frozen=True, slots=True)
class Serving:
    """The running bot."""

    receiving: asyncio.Future[None]
    """Finishes only when no more updates can arrive, with the reason."""
    services: Services
    dispatcher: Dispatcher

    def follow(self, configuration: Configuration) -> None:
        """Apply the settings that may change while the bot runs."""
        logs.follow(configuration.bot)
        self.services.answers.conversation.library.answer_from(configuration.index.min_confidence)
        self.services.follow(configuration.bot)
        self.dispatcher.waiting_per_user = configuration.bot.waiting_per_user


@asynccontextmanager
async def serving(
    settings: BotSettings,
    conversation: Conversation,
    folder: Path,
    first_delay_s: float = 0.5,
    edit_gap_s: float = 1.0,
    *,
    database: URL | None = None,
) -> AsyncIterator[Serving]:
    """Answer on Telegram until the block ends; unanswered updates stay in the inbox in `folder`.

    If the inbox is on a server instead, in `database`, other bots may take their share of it.

    The first pause after a failure lasts `first_delay_s`; two edits of a message are at least
    `edit_gap_s` apart.

    Raises:
        SettingsError: there is no token, or webhook or metrics cannot listen.
        InvalidToken: Telegram does not know the token.
        StoreError: the folder holds another database.
    """
    # Without it python-telegram-bot 22 warns at each flood wait of a change to come.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    async with AsyncExitStack() as stack:
        engine = open_inbox(folder, database)
        claims = None if database is None else Claims(engine)
        stack.callback(engine.dispose)
        library = conversation.library
        metrics = Metrics(lambda: index_size(library, conversation.collections))
        stack.enter_context(monitored(settings, metrics))
        requests = observed_requests(settings, metrics)
        bot = await stack.enter_async_context(connected(settings, requests, first_delay_s))
        inference = Inference(settings.queue_size)
        stack.callback(inference.close)
        metrics.watch_queue(lambda: inference.waiting)
        records = Records(engine, bot.username, claims)
        access = Access(engine, settings)

        def quota(kind: str, per_minute: int) -> Quota:
            return Quota(per_minute, shared=SharedTimes(engine, kind) if claims else None)

        limits = Limits(
            settings.max_file_mb,
            settings.uploads_per_chat,
            settings.upload_mb_per_chat,
            settings.download_mb,
        )
        services = Services(
            me=bot.bot,
            settings=settings,
            records=records,
            access=access,
            delivery=Delivery(bot, records.outbox, first_delay_s, edit_gap_s),
            answers=Answers(conversation, inference),
            public=Answers(conversation.within(PUBLIC), inference),
            intake=Intake(
                library,
                Uploads(engine),
                (folder / "uploads").resolve(),
                limits,
                busy=lambda: inference.accepted > 0,
            ),
            observer=metrics,
            quota=quota("questions", settings.questions_per_minute),
            inline_quota=quota("inline", settings.inline_per_minute),
            update_quota=quota("updates", settings.updates_per_minute),
            signer=signer_of(settings),
        )
        processor = Processor(bot, services)
        handle: Handle = processor.handle
        if claims is not None:
            changes = Changes(engine, (access.read, records.chats.read))
            handle = guarded(handle, claims, changes)
        dispatcher = Dispatcher(
            handle, processor.asks, settings.waiting_per_user, processor.stands_aside
        )
        if claims is not None:
            stack.enter_context(sharing(claims, records.inbox, dispatcher))
        stack.push_async_callback(dispatcher.drain, BEGUN_SHARE * settings.drain_s)
        records.forgetting.sweep()
        stack.callback(services.intake.close)
        if claims is None:
            recover(records.inbox, dispatcher)
        stack.callback(asyncio.create_task(keep_small(Pruning(engine), settings.keep_days)).cancel)
        stack.enter_context(catching_up(library, lambda: inference.accepted > 0))
        stack.callback(asyncio.create_task(introduce(bot, engine, services.access)).cancel)

        def store(raw: Sequence[Json]) -> None:
            for received in records.inbox.put(raw, services.is_dropped):
                if claims is None:
                    dispatcher.take(received)

        receiving = await receive(stack, bot, settings, requests[1], store, first_delay_s)
        yield Serving(receiving, services, dispatcher)


def signer_of(settings: BotSettings) -> Signer | None:
    """Return what signs links to the reading room; None if it is not served, or not for people."""
    token = settings.telegram_bot_token
    if token is None or settings.web is None or settings.web_url is None:
        return None
    return Signer.of_token(token.get_secret_value(), settings.web_link_days * DAY_S)


def recover(inbox: Inbox, dispatcher: Dispatcher) -> None:
    expired = inbox.expire_queries()
    left_over = inbox.unanswered()
    if left_over or expired:
        logger.info("%s updates were left over; %s more are too old", len(left_over), expired)
    for received in left_over:
        dispatcher.take(received)


async def keep_small(pruning: Pruning, keep_days: float) -> None:
    """Forget old questions, now and every hour."""
    while True:
        try:
            if pruned := pruning.prune(keep_days):
                logger.info("%s answered updates were forgotten", pruned)
        except StoreError as error:
            logger.warning("old questions are not forgotten yet: %s", error)
        await asyncio.sleep(HOUR_S)


def run(
    configuration: Configuration,
    conversation: Conversation,
    folder: Path,
    read: Callable[[], Configuration],
    beside: Beside = nullcontext,
) -> None:
    """Answer on Telegram until the process gets a signal to stop.

    At each SIGHUP `read` returns the settings as they are then.

    Raises:
        BotError: there is no token, Telegram does not know it, or another bot has the folder.
        StoreError: the folder holds another database.
    """
    settings = configuration.bot
    logs.follow(settings)
    try:
        with alone(folder):
            main = serve(configuration, conversation, folder, read, beside)
            run_until_stopped(main, settings.drain_s)
    except InvalidToken as error:
        raise TokenError(
            f"{settings.telegram_api_url} does not know the token in TELEGRAM_BOT_TOKEN; copy it "
            "again from @BotFather"
        ) from error


async def serve(
    configuration: Configuration,
    conversation: Conversation,
    folder: Path,
    read: Callable[[], Configuration],
    beside: Beside,
) -> None:
    """Serve until cancelled, or until no more updates can arrive."""
    hung_up = asyncio.Event()
    # From the start on, as the signal would end a process that does not expect it.
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hung_up.set)
    async with (
        serving(
            configuration.bot, conversation, folder, database=configuration.index.database
        ) as service,
        beside(service.services),
    ):
        reloader = Reloader(configuration, service.follow, read)
        reloading = asyncio.create_task(reload_at_each(hung_up, reloader))
        try:
            await service.receiving
        finally:
            reloading.cancel()


async def reload_at_each(hung_up: asyncio.Event, reloader: Reloader) -> None:
    """Read the settings again at each SIGHUP, also at one from before the bot was ready."""
    while True:
        await hung_up.wait()
        hung_up.clear()
        reloader.reload()
