"""What the handlers of updates work with."""

from __future__ import annotations

from dataclasses import dataclass, field

from telegram import Message, Update, User

from bot.answers import Answers
from bot.choices import Choices
from bot.deep_links import DeepLinks
from bot.delivery import Delivery
from bot.exchanges import Exchanges
from bot.inbox import Inbox
from bot.presses import Presses
from bot.quota import Quota
from bot.received import Received
from bot.tallies import Tallies
from bot.votes import Votes


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
        exchanges: what was asked and answered.
        presses: the buttons that were pressed.
        votes: what was said of the answers.
        quota: how many questions one may ask.
        allowed: ids of the users and chats that are answered; empty for everybody. May be set anew.
        waiting_per_user: how many messages of one user may wait.
        long_line: from which number in line on one is told.
        public: replies from what everybody who may ask may see, wherever they are.
        inline_quota: how many inline queries one may make; each pause in typing is one.
        links: that open a chat with the bot.
        tallies: what is only counted.
        typed: the last inline query of each user that is being answered.
    """

    me: User
    inbox: Inbox
    answers: Answers
    delivery: Delivery
    choices: Choices
    exchanges: Exchanges
    presses: Presses
    votes: Votes
    quota: Quota
    allowed: frozenset[int]
    waiting_per_user: int
    long_line: int
    public: Answers
    inline_quota: Quota
    links: DeepLinks
    tallies: Tallies
    typed: dict[int, str] = field(default_factory=dict)

    def admits(self, message: Message) -> bool:
        """Whether the writer or the chat may ask."""
        user_id = message.from_user.id if message.from_user else 0
        return self.may_ask(user_id, message.chat.id)

    def may_ask(self, user_id: int, chat_id: int) -> bool:
        """Whether a user or a chat may ask."""
        return not self.allowed or user_id in self.allowed or chat_id in self.allowed
