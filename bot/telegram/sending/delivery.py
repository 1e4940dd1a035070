"""Messages out: each arrives, and next to none arrives twice.

Telegram offers no key that would make sending a message twice harmless, so three cases differ:

- The server refused for now (429, 5xx) or was not reached. The message is sent again, for as long
  as it takes.
- The request left, but no answer came: a time-out, a broken connection, or a process killed in
  between (`sending` is recorded as the request leaves, `sent` after the answer). The message may
  have arrived or not. Not sending it again loses an answer, sending it blindly shows one twice. So
  it is looked for: an edit to the very same text is refused as "not modified" where the message
  is there, and as "not found" where it is not. The edit needs the number of the message, which is
  unknown but nearly the next free one: Telegram numbers the messages of a supergroup, and those
  of all other chats of an account, in the order in which they come. The free numbers between the
  highest that was known before and a few beyond the highest known now are tried. Found, it is
  recorded; not found, it is sent again. Should the number be that of another message of the bot
  in the same chat, the edit puts the answer there, and it is on the screen as well.
- Telegram refuses for good (400, 403). That is an error.

What remains: a message that arrives only after it was looked for, or whose number lies beyond those
tried (a group with a lot of talk that the bot does not see), is shown twice. Nothing is lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from telegram import (
    InlineKeyboardMarkup,
    MaybeInaccessibleMessage,
    MessageEntity,
    ReplyParameters,
)
from telegram import Message as TelegramMessage
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import ExtBot

from bot.storage.messages import SENDING, Letter, Outbox
from bot.storage.updates import Json
from bot.telegram.client.retrying import Leaves, backoff_s, may_have_arrived, seconds
from bot.telegram.rendering.message import Message

logger = logging.getLogger(__name__)

NOT_MODIFIED = "message is not modified"


class Delivery:
    """Sends messages and records what became of them."""

    def __init__(
        self,
        bot: ExtBot[Leaves],
        outbox: Outbox,
        first_delay_s: float = 0.5,
        edit_gap_s: float = 1.0,
    ) -> None:
        self.bot = bot
        self.outbox = outbox
        self.first_delay_s = first_delay_s
        self.edit_gap_s = edit_gap_s

    async def reply(
        self,
        update_id: int,
        question: MaybeInaccessibleMessage,
        messages: Sequence[Message],
        quoting: bool = False,
    ) -> None:
        """Send the whole reply to an update.

        The reply is stored first: after a crash it is not composed again, and what has arrived is
        not sent again. So a handler replies once.

        Args:
            update_id: the update that is answered thereby.
            question: where to; in a group each message points to it.
            messages: in the order to send them.
            quoting: point to the question also in a private chat.

        Raises:
            TelegramError: it was refused for good.
        """
        payloads = [payload_of(message, question, quoting) for message in messages]
        await self.send(self.outbox.plan(update_id, question.chat.id, payloads))

    async def send(self, letters: Sequence[Letter]) -> None:
        """Send stored messages in order, each once the one before has arrived.

        Raises:
            TelegramError: one was refused for good; those after it are not sent.
        """
        for position, letter in enumerate(letters):
            try:
                await self._deliver(letter)
            except TelegramError as error:
                for lost in letters[position:]:
                    self.outbox.mark_failed(lost.id, type(error).__name__)
                raise

    async def notify(self, update_id: int, question: TelegramMessage, text: str) -> None:
        """Try once to send a line that is no reply and whose loss does not matter."""
        payload = payload_of(Message(text), question, quoting=False)
        try:
            sent = await self._send(question.chat.id, payload)
        except TelegramError as error:
            logger.info("a notice was not sent: %s", error)
        else:
            self.outbox.add_notice(update_id, question.chat.id, payload, sent.message_id)

    async def _deliver(self, letter: Letter) -> None:
        in_doubt = letter.status == SENDING
        failures = 0
        while True:
            try:
                if in_doubt and await self._find(letter):
                    return
                sent = await self._send(
                    letter.chat_id, letter.payload, partial(self.outbox.mark_sending, letter.id)
                )
            except ChatMigrated as error:
                letter = replace(letter, chat_id=error.new_chat_id)
                self.outbox.move(letter.id, error.new_chat_id)
                in_doubt = False
            except RetryAfter as error:
                await asyncio.sleep(seconds(error.retry_after))
            except BadRequest as error:
                if not is_about_keyboard(error) or not letter.payload.get("keyboard"):
                    raise
                logger.warning("message %s goes without its buttons: %s", letter.id, error)
                letter = replace(letter, payload=letter.payload | {"keyboard": None})
            except Forbidden:
                raise
            except NetworkError as error:
                in_doubt = in_doubt or may_have_arrived(error)
                wait_s = 0.0 if in_doubt and not failures else self._delay_s(failures)
                failures += 1
                logger.info("message %s failed (%s), again in %.1f s", letter.id, error, wait_s)
                await asyncio.sleep(wait_s)
            else:
                self.outbox.mark_sent(letter.id, sent.message_id)
                return

    async def _find(self, letter: Letter) -> bool:
        """Return whether a message that may have arrived did; if so, its number is recorded."""
        content = content_of(letter.payload)
        for message_id in self.outbox.candidates(letter.id):
            try:
                await self.bot.edit_message_text(
                    chat_id=letter.chat_id, message_id=message_id, **content
                )
            except BadRequest as error:
                if NOT_MODIFIED not in error.message.lower():
                    continue
            self.outbox.mark_sent(letter.id, message_id)
            return True
        return False

    async def _send(
        self, chat_id: int, payload: Json, leaves: Leaves | None = None
    ) -> TelegramMessage:
        """Send a message; `leaves()` is called right before the request is."""
        reply_to = payload.get("reply_to")
        return await self.bot.send_message(
            chat_id,
            **content_of(payload),
            message_thread_id=payload.get("thread_id"),
            reply_parameters=None if reply_to is None else ReplyParameters(reply_to),
            rate_limit_args=leaves,
        )

    def _delay_s(self, failures: int) -> float:
        return backoff_s(self.first_delay_s, failures)


def payload_of(message: Message, question: MaybeInaccessibleMessage, quoting: bool) -> Json:
    """Return a message to the chat of a question, as it is stored."""
    pointing = quoting or question.chat.type != question.chat.PRIVATE
    return {
        "text": message.text,
        "entities": [entity.to_dict() for entity in message.entities],
        "keyboard": message.keyboard.to_dict() if message.keyboard else None,
        "reply_to": question.message_id if pointing else None,
        "thread_id": thread_of(question),
    }


def content_of(payload: Json) -> Json:
    """Return what a message shows, as arguments for sending or editing it."""
    entities = [MessageEntity.de_json(entity) for entity in payload["entities"]]
    keyboard = payload.get("keyboard")
    return {
        "text": payload["text"],
        "entities": entities,
        "reply_markup": InlineKeyboardMarkup.de_json(keyboard) if keyboard else None,
    }


def thread_of(question: MaybeInaccessibleMessage) -> int | None:
    """Return the topic of a forum that a message is in; None also where it was deleted."""
    if not isinstance(question, TelegramMessage) or not question.is_topic_message:
        return None
    return question.message_thread_id


def is_about_keyboard(error: BadRequest) -> bool:
    """Whether a message was refused for its buttons, such as for an address that one opens."""
    text = error.message.lower()
    return "button" in text or "keyboard" in text or "markup" in text
