"""What the handlers of updates work with."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message, Update, User

from bot.answers import Answers
from bot.choices import Choices
from bot.delivery import Delivery
from bot.inbox import Inbox
from bot.quota import Quota
from bot.received import Received


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
        quota: how many questions one may ask.
        allowed: ids of the users and chats that are answered; empty for everybody. May be set anew.
        waiting_per_user: how many messages of one user may wait.
        long_line: from which number in line on one is told.
    """

    me: User
    inbox: Inbox
    answers: Answers
    delivery: Delivery
    choices: Choices
    quota: Quota
    allowed: frozenset[int]
    waiting_per_user: int
    long_line: int

    def admits(self, message: Message) -> bool:
        """Whether the writer or the chat may ask."""
        user_id = message.from_user.id if message.from_user else 0
        return not self.allowed or user_id in self.allowed or message.chat.id in self.allowed
