"""What the handlers of updates work with."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from telegram import CallbackQuery, MaybeInaccessibleMessage, Update, User
from telegram import Message as TelegramMessage
from telegram.error import TelegramError

from bot.conversation.collections import Views
from bot.conversation.conversation import Conversation
from bot.monitoring.metrics import Metrics
from bot.scheduling.answers import Answers
from bot.scheduling.quota import Quota
from bot.scheduling.uploads import Intake
from bot.settings import BotSettings
from bot.storage.access import Access
from bot.storage.chats import Chats, Choices
from bot.storage.erasure import Forgetting
from bot.storage.exchanges import Exchanges, Presses, Votes
from bot.storage.updates import Inbox, Received
from bot.telegram.links import DeepLinks
from bot.telegram.rendering.message import Message
from bot.telegram.sending.delivery import Delivery
from bot.texts import answers as wording


@dataclass(frozen=True, slots=True)
class Turn:
    """An update whose turn has come.

    Attributes:
        update: as python-telegram-bot understands it.
        received: as it came, with how it fared.
    """

    update: Update
    received: Received


@dataclass(slots=True)
class Desk:
    """What a handler needs to answer.

    Attributes:
        me: the bot itself.
        inbox: where the updates are written down.
        answers: replies to texts.
        delivery: messages out.
        choices: the languages of users and groups.
        observer: counts and logs how each question ends.
        exchanges: what was asked and answered.
        presses: the buttons that were pressed.
        votes: what was said of the answers.
        quota: how many questions one may ask.
        access: who may do what.
        chats: where to be quiet.
        forgetting: deletes what is kept of a user.
        settings: in force; some may be set anew.
        intake: documents in and out.
        views: which collections a chat sees.
        waiting_per_user: how many messages of one user may wait.
        long_line: from which number in line on one is told.
        public: replies from what everybody who may ask may see, wherever they are.
        inline_quota: how many inline queries one may make; each pause in typing is one.
        links: that open a chat with the bot.
        typed: the last inline query of each user that is being answered.
    """

    me: User
    inbox: Inbox
    answers: Answers
    delivery: Delivery
    choices: Choices
    observer: Metrics
    exchanges: Exchanges
    presses: Presses
    votes: Votes
    quota: Quota
    access: Access
    chats: Chats
    forgetting: Forgetting
    settings: BotSettings
    intake: Intake
    views: Views
    waiting_per_user: int
    long_line: int
    public: Answers
    inline_quota: Quota
    links: DeepLinks
    typed: dict[int, str] = field(default_factory=dict)

    def admits(self, message: TelegramMessage) -> bool:
        """Whether the writer or the chat may ask."""
        user_id = message.from_user.id if message.from_user else None
        return self.may_ask(user_id, message.chat.id)

    def may_ask(self, user_id: int | None, chat_id: int) -> bool:
        """Whether a user or a chat may ask."""
        return self.access.may_ask(user_id, chat_id)

    def conversation_of(self, chat_id: int) -> Conversation:
        """Return the conversation about what a chat sees."""
        return self.answers.conversation.within(self.views.of_chat(chat_id))

    def follow(self, settings: BotSettings) -> None:
        """Take over what may change while the bot runs."""
        self.settings = settings
        self.access.configure(settings)
        self.quota.per_minute = settings.questions_per_minute
        self.inline_quota.per_minute = settings.inline_per_minute
        self.waiting_per_user = settings.waiting_per_user
        self.long_line = settings.long_line


logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Press:
    """A button that somebody pressed below a message of the bot.

    Attributes:
        message: the one with the button; it may have been deleted since.
        received: the update.
    """

    query: CallbackQuery
    message: MaybeInaccessibleMessage
    received: Received
    is_answered: bool = field(default=False, init=False)

    @property
    def data(self) -> str:
        """What the button carries."""
        return self.query.data or ""

    @property
    def chat_id(self) -> int:
        """Where it was pressed."""
        return self.message.chat.id

    @property
    def user_id(self) -> int:
        """Who pressed it."""
        return self.query.from_user.id

    @property
    def present(self) -> TelegramMessage | None:
        """The message, where it is still there."""
        return self.message if isinstance(self.message, TelegramMessage) else None

    async def answer(self, text: str | None = None) -> None:
        """Tell Telegram that the press arrived, once, with a line of at most 200 characters.

        A failure is logged and costs nothing else: Telegram takes no answer after some seconds.
        """
        if self.is_answered:
            return
        self.is_answered = True
        try:
            await self.query.answer(None if text is None else wording.refusal(text))
        except TelegramError as error:
            logger.info("press %s is not answered: %s", self.received.update_id, error)


async def say(desk: Desk, turn: Turn, message: TelegramMessage, *paragraphs: str) -> None:
    """Reply with some paragraphs, in one message."""
    text = "\n\n".join(part for part in paragraphs if part)
    await desk.delivery.reply(turn.received.update_id, message, [Message(text)])
