"""The Telegram front end: updates in, messages out."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import LinkPreviewOptions, Message, Update
from telegram.constants import ChatType
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    Application,
    BaseRateLimiter,
    ContextTypes,
    Defaults,
    ExtBot,
    MessageHandler,
    filters,
)

from bot import logs
from bot.addressing import addressed_text, is_person
from bot.conversation import COMMANDS, Conversation, Refusal, Reply
from bot.errors import BusyError, SettingsError, TokenError
from bot.failures import report_failure
from bot.feedback import typing
from bot.formatting import format_reply
from bot.inference import Inference
from bot.limiter import RetryingRateLimiter
from bot.settings import BotSettings

logger = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE
TelegramApplication = Application[
    ExtBot[int], Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], None
]

ALLOWED_UPDATES = [Update.MESSAGE]
QUESTIONS = filters.UpdateType.MESSAGE & filters.TEXT
ATTACHMENTS = (
    filters.UpdateType.MESSAGE
    & filters.ChatType.PRIVATE
    & ~filters.TEXT
    & ~filters.StatusUpdate.ALL
)
TEXT_ONLY = "I can only read text. Please type your question."
STRANGER = (
    "I'm sorry, I only answer people on a list. To be added, send the operator your id: {user_id}"
)
DESCRIPTION = (
    "Ask a question and get the answer in the documents' own words: a quote with its source. "
    "When the documents don't answer, I say so."
)
SHORT_DESCRIPTION = "Answers from documents, with verbatim quotes"
DEFAULTS = Defaults(
    # The question may have been deleted meanwhile.
    allow_sending_without_reply=True,
    link_preview_options=LinkPreviewOptions(is_disabled=True),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the handlers need to answer."""

    conversation: Conversation
    inference: Inference
    allowed: frozenset[int]

    def admits(self, message: Message) -> bool:
        """Whether the writer or the chat may ask."""
        user_id = message.from_user.id if message.from_user else 0
        return not self.allowed or user_id in self.allowed or message.chat.id in self.allowed


async def answer_text(desk: Desk, update: Update, context: Context) -> None:
    """Answer a command or a question; stay silent where the bot was not meant."""
    message = update.message
    if message is None or not is_person(message):
        return
    text = addressed_text(message, context.bot.bot)
    if text is None:
        return
    if not desk.admits(message):
        await turn_away(message)
        return
    async with typing(message):
        try:
            reply: Reply = await desk.inference.run(desk.conversation.reply, text)
        except BusyError as error:
            reply = Refusal(str(error))
    await send(reply, message)


async def answer_attachment(desk: Desk, update: Update, _context: Context) -> None:
    """Say that only text is read."""
    message = update.message
    if message is None or not is_person(message):
        return
    if desk.admits(message):
        await message.reply_text(TEXT_ONLY)
    else:
        await turn_away(message)


async def turn_away(message: Message) -> None:
    """Tell somebody who may not ask how to change that; in a group say nothing."""
    if message.chat.type == ChatType.PRIVATE and message.from_user is not None:
        await message.reply_text(STRANGER.format(user_id=message.from_user.id))


async def send(reply: Reply, question: Message) -> None:
    """Send a reply; in a group each message points to the question."""
    for message in format_reply(reply):
        await question.reply_text(message.text, entities=message.entities)


async def introduce(application: TelegramApplication) -> None:
    """Set what Telegram shows of the bot before the first message; the bot works without it."""
    bot = application.bot
    try:
        await bot.set_my_commands(list(COMMANDS.items()))
        await bot.set_my_description(DESCRIPTION)
        await bot.set_my_short_description(SHORT_DESCRIPTION)
    except TelegramError as error:
        logger.warning("the commands and the description are not set: %s", error)
    logger.info("answering as @%s", bot.username)


def build_application(
    settings: BotSettings,
    conversation: Conversation,
    rate_limiter: BaseRateLimiter[int] | None = None,
) -> TelegramApplication:
    """Return the application, ready to run.

    Raises:
        SettingsError: there is no token.
    """
    if settings.telegram_bot_token is None:
        raise SettingsError("TELEGRAM_BOT_TOKEN is not set; @BotFather gives you a token")
    # Without it python-telegram-bot 22 warns at each flood wait of a change to come.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    desk = Desk(conversation, Inference(settings.queue_size), settings.allowed)

    async def close(_application: TelegramApplication) -> None:
        desk.inference.close()

    application = (
        Application.builder()
        .token(settings.telegram_bot_token.get_secret_value())
        .base_url(settings.base_url)
        .base_file_url(settings.base_file_url)
        .read_timeout(settings.request_timeout_s)
        .pool_timeout(settings.request_timeout_s)
        .defaults(DEFAULTS)
        .rate_limiter(rate_limiter or RetryingRateLimiter())
        .concurrent_updates(settings.concurrent_updates)
        .job_queue(None)
        .post_init(introduce)
        .post_shutdown(close)
        .build()
    )
    # A question that waits for its turn must not keep others from getting their first feedback.
    application.add_handler(MessageHandler(QUESTIONS, partial(answer_text, desk), block=False))
    application.add_handler(MessageHandler(ATTACHMENTS, partial(answer_attachment, desk)))
    application.add_error_handler(report_failure)
    return application


def run(settings: BotSettings, conversation: Conversation) -> None:
    """Answer on Telegram until the process is told to stop.

    Raises:
        BotError: there is no token, or Telegram does not know it.
    """
    logs.configure(settings.telegram_bot_token)
    application = build_application(settings, conversation)
    logger.info("connecting to %s", settings.telegram_api_url)
    try:
        # Without end, so that the bot also starts while Telegram is out of reach.
        application.run_polling(bootstrap_retries=-1, allowed_updates=ALLOWED_UPDATES)
    except InvalidToken as error:
        raise TokenError(
            f"{settings.telegram_api_url} does not know the token in TELEGRAM_BOT_TOKEN; copy it "
            "again from @BotFather"
        ) from error
