"""The chats of a bot, as far as the reading room opens to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.conversation.places import Signer
from index.core.answers import Quote
from index.core.documents import Document


@dataclass(frozen=True, slots=True)
class Chats:
    """The bot beside the reading room.

    Attributes:
        signer: made the addresses that the bot sent to chats.
        token: of the bot, which Telegram signs with; "" if pages do not open inside of Telegram.
        may_read: whether a chat, by its id, may read now.
        quotes_of: the quotes of an answer, by its id and that of its chat; () if it is forgotten.
        upload_of: the file that a document was made of, if it was sent to a chat.
    """

    signer: Signer
    token: str = ""
    may_read: Callable[[int], bool] = lambda _chat: False
    quotes_of: Callable[[str, int], Sequence[Quote]] = lambda _answer, _chat: ()
    upload_of: Callable[[Document], Path | None] = lambda _document: None


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed address: the chat it is for, its end in seconds since 1970, and the answer."""

    chat: int
    until: int
    answer: str = ""
