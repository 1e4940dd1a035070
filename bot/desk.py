"""What the handlers of updates work with."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message, Update, User

from bot.access import Access
from bot.answers import Answers
from bot.chats import Chats
from bot.delivery import Delivery
from bot.forgetting import Forgetting
from bot.inbox import Inbox
from bot.intake import Intake
from bot.quota import Quota
from bot.received import Received
from bot.settings import BotSettings
from bot.shelves import Views


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
        quota: how many questions one may ask.
        access: who may do what.
        chats: where to be quiet.
        forgetting: deletes what is kept of a user.
        settings: in force; some may be set anew.
        intake: documents in and out.
        views: which collections a chat sees.
        waiting_per_user: how many messages of one user may wait.
        long_line: from which number in line on one is told.
    """

    me: User
    inbox: Inbox
    answers: Answers
    delivery: Delivery
    quota: Quota
    access: Access
    chats: Chats
    forgetting: Forgetting
    settings: BotSettings
    intake: Intake
    views: Views
    waiting_per_user: int
    long_line: int

    def admits(self, message: Message) -> bool:
        """Whether the writer or the chat may ask."""
        user_id = message.from_user.id if message.from_user else None
        return self.access.may_ask(user_id, message.chat.id)

    def follow(self, settings: BotSettings) -> None:
        """Take over what may change while the bot runs."""
        self.settings = settings
        self.access.configure(settings)
