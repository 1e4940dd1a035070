"""The services of the bot, and the context of one update, which every handler gets."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from sqlalchemy import Engine
from telegram import CallbackQuery, Chat, ChatMember, MaybeInaccessibleMessage, Update, User
from telegram import Message as TelegramMessage
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.conversation.conversation import Conversation
from bot.conversation.drafts import Draft
from bot.conversation.places import Signer
from bot.conversation.questions import Request
from bot.conversation.small_talk import Kind as SmallTalk
from bot.conversation.small_talk import small_talk
from bot.monitoring.metrics import Metrics
from bot.scheduling.albums import Albums
from bot.scheduling.answers import Answers
from bot.scheduling.quota import BURST_S, Quota, Refusals
from bot.scheduling.uploads import Intake
from bot.settings import BotSettings
from bot.storage.access import Access, Role
from bot.storage.chats import Chats
from bot.storage.clippings import Clippings
from bot.storage.erasure import Forgetting
from bot.storage.exchanges import Exchanges, LinkedQuestions, Presses, Votes
from bot.storage.messages import Outbox
from bot.storage.shared.claims import Claims
from bot.storage.updates import Inbox, Received
from bot.storage.uploads import Offer
from bot.telegram.addressing import request_of
from bot.telegram.links import DeepLinks
from bot.telegram.openings import Openings
from bot.telegram.rendering.message import Message
from bot.telegram.sending.delivery import Delivery, thread_of
from bot.texts.answers import refusal
from index.answering.draft_check import Checked

logger = logging.getLogger(__name__)

ReportMaker = Callable[[Draft, Sequence[Checked]], Mapping[str, bytes]]
"""Makes the files of a report on a draft, by their endings."""
ADMINISTRATORS = frozenset({ChatMember.ADMINISTRATOR, ChatMember.OWNER})


class Records:
    """The tables of the bot's database."""

    def __init__(self, engine: Engine, username: str, claims: Claims | None = None) -> None:
        self.inbox = Inbox(engine) if claims is None else Inbox(engine, claims.arrived)
        self.outbox = Outbox(engine)
        self.exchanges = Exchanges(engine)
        self.presses = Presses(engine)
        self.votes = Votes(engine)
        self.questions = LinkedQuestions(engine)
        self.clippings = Clippings(engine)
        self.chats = Chats(engine)
        self.links = DeepLinks(engine, username)
        self.forgetting = Forgetting(engine)


@dataclass(slots=True)
class Services:
    """The parts of the bot that handlers use, shared by all updates."""

    me: User
    settings: BotSettings
    records: Records
    access: Access
    delivery: Delivery
    answers: Answers
    public: Answers
    """From the collections that all chats see, for inline queries."""
    intake: Intake
    observer: Metrics
    quota: Quota
    inline_quota: Quota
    update_quota: Quota
    signer: Signer | None = None
    """Signs the addresses of quotes in the reading room; None if there is none to link to."""
    make_reports: ReportMaker | None = None
    """Set by the front end that has the templates; None sends no files."""
    refusals: Refusals = field(default_factory=Refusals)
    albums: Albums[tuple[Context, Offer]] = field(default_factory=Albums)
    """The albums of documents that are being taken in."""
    typed: dict[int, str] = field(default_factory=dict)
    """The inline query of each user that is being answered."""

    def is_dropped(self, received: Received) -> bool:
        """Whether an update is one too many of its user, who was refused for less by then."""
        sender = received.user_id or received.lane
        return not received.is_about_chat and self.update_quota.take(sender) > 0

    def follow(self, settings: BotSettings) -> None:
        self.settings = settings
        self.access.configure(settings)
        self.quota.per_minute = settings.questions_per_minute
        self.inline_quota.per_minute = settings.inline_per_minute
        self.update_quota.per_minute = settings.updates_per_minute


@dataclass(eq=False)
class Context:
    """One update, with what its handler needs to reply.

    Apart from its fields, it is for messages and pressed buttons only.
    """

    services: Services
    update: Update
    received: Received
    _is_answered: bool = field(default=False, init=False)

    @property
    def message(self) -> TelegramMessage:
        """The new or edited message."""
        return cast("TelegramMessage", self.update.message or self.update.edited_message)

    @cached_property
    def request(self) -> Request | None:
        """The request that the message makes of the bot; None if it makes none."""
        return request_of(self.message, self.services.me)

    @cached_property
    def album(self) -> list[TelegramMessage]:
        """The messages of the album, if the message belongs to one, that have arrived so far."""
        found = self.services.records.inbox.album(self.received)
        return [TelegramMessage.de_json(item.raw[item.kind], None) for item in found]

    @property
    def command(self) -> str:
        """The command of the message; "" if it has none."""
        return self.request.command if self.request else ""

    @property
    def rest(self) -> str:
        return self.request.rest if self.request else ""

    @cached_property
    def small_talk(self) -> SmallTalk | None:
        """The kind of small talk that the message is; None if it is none, or not for the bot."""
        if self.request is None or not self.request.is_question:
            return None
        me = self.services.me
        return small_talk(self.rest, (me.first_name, me.username or ""))

    @cached_property
    def replaced(self) -> int | None:
        """The update that keeps the reply to an edited message as it was before; None if none."""
        edited = self.update.edited_message
        if edited is None:
            return None
        return self.services.records.outbox.update_answered(edited.chat.id, edited.message_id)

    @property
    def query(self) -> CallbackQuery:
        return cast("CallbackQuery", self.update.callback_query)

    @property
    def data(self) -> str:
        return self.query.data or ""

    @property
    def chat(self) -> Chat:
        return self._target.chat

    @property
    def topic(self) -> int | None:
        """The topic of the chat; None for none, and for the General one of a forum."""
        return thread_of(self._target)

    @property
    def is_private(self) -> bool:
        return self.chat.type == ChatType.PRIVATE

    @property
    def sender_id(self) -> int | None:
        """The user who wrote or pressed, or the channel in whose name they wrote.

        None for an anonymous administrator of a group.
        """
        if self.update.callback_query is not None:
            return self.query.from_user.id
        message = self.message
        if message.sender_chat is not None:
            return None if message.sender_chat.id == self.chat.id else message.sender_chat.id
        return message.from_user.id if message.from_user else None

    @property
    def asker_id(self) -> int:
        """The sender; for an anonymous administrator the group."""
        return self.chat.id if self.sender_id is None else self.sender_id

    @property
    def role(self) -> Role:
        return self.services.access.role(self.sender_id)

    @property
    def may_ask(self) -> bool:
        return self.services.access.may_ask(self.sender_id, self.chat.id)

    @property
    def collections(self) -> tuple[str, ...]:
        """The collections that the chat sees: the shared ones, and its own unless it is empty."""
        return self.conversation.collections

    @property
    def conversation(self) -> Conversation:
        return self.services.answers.conversation.within_chat(self.chat.id)

    @property
    def openings(self) -> Openings:
        services = self.services
        return Openings(services.settings, services.signer, self.chat.id, self.is_private)

    async def is_chat_admin(self) -> bool:
        """Whether the sender decides for the chat: in a group only its administrators do.

        Raises:
            TelegramError: the administrators of the group are unknown.
        """
        # An anonymous administrator writes as the group.
        if self.is_private or self.sender_id is None:
            return True
        if self.sender_id < 0:
            # Who writes in the name of a channel is unknown.
            return False
        return (await self.chat.get_member(self.sender_id)).status in ADMINISTRATORS

    def take_quota(self) -> float:
        """Count a question; return the seconds to wait if it is one too many, else 0."""
        # Those of an earlier process were counted there.
        return 0.0 if self.received.recovered else self.services.quota.take(self.asker_id)

    async def reply(self, *messages: Message, quoting: bool = False) -> None:
        """Send the whole reply to the update; see `Delivery.reply`."""
        await self.services.delivery.reply(self.received.update_id, self._target, messages, quoting)

    async def say(self, *paragraphs: str) -> None:
        """Reply with some paragraphs, in one message."""
        await self.reply(Message("\n\n".join(part for part in paragraphs if part)))

    async def refuse(self, text: str, quoting: bool = False) -> None:
        """Reply with one line on why there is no answer."""
        await self.reply(Message(refusal(text)), quoting=quoting)

    async def refuse_once(
        self, reason: str, text: str, for_s: float = BURST_S, quoting: bool = False
    ) -> None:
        """Refuse, unless the same sender was refused for the same reason a moment ago."""
        if self.services.refusals.is_news(self.chat.id, self.asker_id, reason, for_s):
            await self.refuse(text, quoting)

    async def notify(self, text: str) -> None:
        """Try once to send a line that is no reply and whose loss does not matter."""
        await self.services.delivery.notify(self.received.update_id, self.message, text)

    async def answer(self, text: str | None = None) -> None:
        """Confirm the press to Telegram, once, with a line of at most 200 characters.

        A failure is logged and costs nothing else: Telegram takes no answer after some seconds.
        """
        if self._is_answered:
            return
        self._is_answered = True
        try:
            await self.query.answer(None if text is None else refusal(text))
        except TelegramError as error:
            logger.info("press %s is not answered: %s", self.received.update_id, error)

    async def reply_below(self, *messages: Message) -> None:
        """Confirm the press, and send messages that point to the one with the button."""
        await self.answer()
        await self.reply(*messages, quoting=True)

    @property
    def _target(self) -> MaybeInaccessibleMessage:
        """The message to reply to: the new or edited one, or the one with the button."""
        if self.update.callback_query is None:
            return self.message
        return cast("MaybeInaccessibleMessage", self.query.message)


Handler = Callable[[Context], Awaitable[None]]
