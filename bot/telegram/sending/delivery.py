"""Delivery of messages: each arrives, and next to none arrives twice.

Telegram offers no key that would make sending a message twice harmless, so three cases differ:

- The server refused for now (429, 5xx) or was not reached. The message is sent again, for as long
  as it takes.
- The request left, but no answer came: a time-out, a broken connection, or a process killed in
  between (`sending` is recorded as the request leaves, `sent` after the answer). The message may
  have arrived or not. Not sending it again loses an answer, sending it blindly shows one twice. So
  it is looked for: an edit to the very same text is refused as "not modified" if the message is
  there, and as "not found" if it is not. The edit needs the number of the message, which is unknown
  but nearly the next free one: Telegram numbers the messages of a supergroup, and those of all
  other chats of an account, in the order in which they come. The free numbers between the highest
  that was known before and a few beyond the highest known now are tried. A message that is found is
  recorded, any other is sent again. If the number is that of another message of the bot in the same
  chat, the edit puts the answer there, and it is on the screen as well.
- Telegram refuses for good (400, 403). That is an error.

A message is still shown twice if it arrives only after it was looked for, or if its number lies
beyond those tried (a group with a lot of talk that the bot does not see). Nothing is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from telegram import InlineKeyboardMarkup, MaybeInaccessibleMessage, MessageEntity, ReplyParameters
from telegram import Message as TelegramMessage
from telegram.error import BadRequest, ChatMigrated, NetworkError, TelegramError
from telegram.ext import ExtBot

from bot.storage.messages import SENDING, Letter, Outbox
from bot.storage.updates import Json
from bot.telegram.client.retrying import Leaves, backoff_s, is_passing, may_have_arrived, retry
from bot.telegram.rendering.message import Message

logger = logging.getLogger(__name__)

NOT_MODIFIED = "message is not modified"
ATTACH_TRIES = 5


class Delivery:
    """Sends messages and records whether they arrived."""

    def __init__(
        self,
        bot: ExtBot[Leaves],
        outbox: Outbox,
        first_delay_s: float = 0.5,
        edit_gap_s: float = 1.0,
    ) -> None:
        self.bot = bot
        self.outbox = outbox
        self.delay_s = partial(backoff_s, first_delay_s)
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
        not sent again. So a handler replies once. In a group each message points to the question,
        in a private chat only if `quoting`.

        Raises:
            TelegramError: it was refused for good.
        """
        payloads = [payload_of(message, question, quoting) for message in messages]
        await self.send(self.outbox.plan(update_id, question.chat.id, payloads))

    async def post(self, update_id: int, chat_id: int, message: Message) -> None:
        """Send a message that replies to none, as reliably as a reply.

        Raises:
            TelegramError: it was refused for good.
        """
        payload = stored(message) | {"reply_to": None, "thread_id": None}
        await self.send(self.outbox.plan(update_id, chat_id, [payload]))

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
        """Try once to send a line beside the reply, whose loss does not matter."""
        payload = payload_of(Message(text), question, quoting=False)
        try:
            sent = await self._send(question.chat.id, payload)
        except TelegramError as error:
            logger.info("a notice was not sent: %s", error)
        else:
            self.outbox.add_notice(update_id, question.chat.id, payload, sent.message_id)

    async def attach(self, question: MaybeInaccessibleMessage, name: str, data: bytes) -> None:
        """Send a file below the reply, which is complete without it.

        It is sent again only if it surely did not arrive, and no more than ATTACH_TRIES times.
        """

        async def attempt() -> None:
            await self.bot.send_document(
                question.chat.id,
                data,
                filename=name,
                message_thread_id=thread_of(question),
                reply_parameters=ReplyParameters(
                    question.message_id, allow_sending_without_reply=True
                ),
            )

        def repeats(error: Exception) -> bool:
            arrives = isinstance(error, NetworkError) and may_have_arrived(error)
            return is_passing(error) and not arrives

        report = partial(logger.info, "a file was not sent (%s), again in %.1f s")
        try:
            await retry(attempt, self.delay_s, report, repeats, ATTACH_TRIES)
        except TelegramError as error:
            logger.warning("a file was not sent: %s", error)

    async def _deliver(self, letter: Letter) -> None:
        in_doubt = letter.status == SENDING

        async def attempt() -> None:
            nonlocal letter, in_doubt
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
                await attempt()
            except BadRequest as error:
                if not is_about_keyboard(error) or not letter.payload.get("keyboard"):
                    raise
                logger.warning("message %s goes without its buttons: %s", letter.id, error)
                letter = replace(letter, payload=letter.payload | {"keyboard": None})
                await attempt()
            except NetworkError as error:
                in_doubt = in_doubt or may_have_arrived(error)
                raise
            else:
                self.outbox.mark_sent(letter.id, sent.message_id)

        def delay_s(failures: int) -> float:
            # A message in doubt is looked for at once.
            return 0.0 if in_doubt and not failures else self.delay_s(failures)

        report = partial(logger.info, "message %s failed (%s), again in %.1f s", letter.id)
        await retry(attempt, delay_s, report)

    async def _find(self, letter: Letter) -> bool:
        """Return whether a message in doubt did arrive; if so, record its number."""
        for message_id in self.outbox.candidates(letter.id):
            try:
                await self.edit(letter.chat_id, message_id, letter.payload)
            except BadRequest:
                continue
            self.outbox.mark_sent(letter.id, message_id)
            return True
        return False

    async def edit(self, chat_id: int, message_id: int, payload: Json) -> None:
        """Change a message; one that shows the same already stays as it is.

        Raises:
            TelegramError: it was refused, or failed.
        """
        try:
            await self.bot.edit_message_text(
                chat_id=chat_id, message_id=message_id, **content_of(payload)
            )
        except BadRequest as error:
            if NOT_MODIFIED not in error.message.lower():
                raise

    async def _send(
        self, chat_id: int, payload: Json, leaves: Leaves | None = None
    ) -> TelegramMessage:
        reply_to = payload.get("reply_to")
        return await self.bot.send_message(
            chat_id,
            **content_of(payload),
            message_thread_id=payload.get("thread_id"),
            reply_parameters=None if reply_to is None else ReplyParameters(reply_to),
            rate_limit_args=leaves,
        )


def payload_of(message: Message, question: MaybeInaccessibleMessage, quoting: bool) -> Json:
    """Return a message to the chat of a question, as the outbox stores it."""
    pointing = quoting or question.chat.type != question.chat.PRIVATE
    return stored(message) | {
        "reply_to": question.message_id if pointing else None,
        "thread_id": thread_of(question),
    }


def stored(message: Message) -> Json:
    return {
        "text": message.text,
        "entities": [entity.to_dict() for entity in message.entities],
        "keyboard": message.keyboard.to_dict() if message.keyboard else None,
    }


def content_of(payload: Json) -> Json:
    """Return the visible part of a message, as arguments for sending or editing it."""
    keyboard = payload.get("keyboard")
    return {
        "text": payload["text"],
        "entities": [MessageEntity.de_json(entity) for entity in payload["entities"]],
        "reply_markup": InlineKeyboardMarkup.de_json(keyboard) if keyboard else None,
    }


def thread_of(question: MaybeInaccessibleMessage) -> int | None:
    """Return the topic of a forum that a message is in; None also if it was deleted."""
    if not isinstance(question, TelegramMessage) or not question.is_topic_message:
        return None
    return question.message_thread_id


def is_about_keyboard(error: BadRequest) -> bool:
    """Whether a message was refused for its buttons, such as for an address that one opens."""
    text = error.message.lower()
    return "button" in text or "keyboard" in text or "markup" in text
