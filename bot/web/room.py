"""What the pages share: the answers, the limits of readers, and where documents are found."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, TypeVar, cast

from starlette.requests import Request

from bot.conversation.conversation import Conversation
from bot.conversation.places import key_of
from bot.conversation.questions import Request as Asked
from bot.conversation.replies import Reply
from bot.errors import BotError
from bot.scheduling.answers import Answers
from bot.scheduling.quota import Quota
from bot.storage.clippings import Clippings
from bot.storage.database import open_inbox
from bot.texts.answers import too_fast
from bot.web.chats import Chats, Visit
from bot.web.kept import Kept
from bot.web.packing import Part
from index.core.answers import Quote
from index.core.documents import Document
from index.store.context import Outline

T = TypeVar("T")

Collections = tuple[str, ...]
_MAX_KEPT = 16
_MAX_OUTLINES = 8
_MAX_QUOTES = 256
_MAX_LISTS = 8
_MAX_BYTES = 48_000_000


class TooManyError(BotError):
    """One question or check too many of one address within a minute."""

    def __init__(self, per_minute: int, wait_s: float) -> None:
        super().__init__(too_fast(per_minute, wait_s))
        self.wait_s = max(1, round(wait_s))


@dataclass
class Room:
    """The services behind the pages."""

    answers: Answers
    quota: Quota
    url: str | None = None
    """Its address for people; None for the one that a request names."""
    chats: Chats | None = None
    clippings_limit: int = 0
    form_key: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    """Stands in every form that changes something, and in no page of a stranger."""
    parts: Kept[Part] = field(default_factory=lambda: Kept(_MAX_BYTES, lambda part: part.size))
    """What is laid out of documents."""
    quotes: Kept[Quote | None] = field(default_factory=lambda: Kept(_MAX_QUOTES))
    """What stands at places: to read it takes nine queries, two thirds of the time of a page."""
    lists: Kept[Any] = field(default_factory=lambda: Kept(_MAX_LISTS))
    """The documents as a list, for each kind of reader."""
    _outlines: Kept[Outline] = field(default_factory=lambda: Kept(_MAX_OUTLINES))
    _documents: dict[Collections, tuple[int, dict[str, Document]]] = field(default_factory=dict)

    @cached_property
    def clippings(self) -> Clippings:
        """The quotes that are kept, in the bot's database, which is opened with the first."""
        library = self.answers.conversation.library
        return Clippings(open_inbox(library.folder, library.store.url))

    async def ask(self, request: Request, question: str, is_counted: bool = True) -> Reply:
        """Return the reply to a question, from the collections that the reader sees.

        Raises:
            BusyError: too many questions are waiting.
            TooManyError: this address has asked too much.
        """
        if is_counted:
            self.count(request)
        collections = conversation_of(request).collections
        asked = Asked.asking(" ".join(question.split()))
        return await asyncio.shield(self.answers.submit(asked, collections=collections))

    async def run(self, request: Request, function: Callable[[str], T], text: str) -> T:
        """Return `function(text)`, which uses the models, in its turn.

        Raises:
            BusyError: too many questions are waiting.
            TooManyError: this address has asked too much.
        """
        self.count(request)
        return await self.answers.inference.run(function, text)

    def count(self, request: Request) -> None:
        address = request.client.host if request.client else ""
        if wait_s := self.quota.take(address):
            raise TooManyError(self.quota.per_minute, wait_s)

    def outline(self, conversation: Conversation, document: Document) -> Outline:
        """Return a document's text with its parts, which never change."""
        store = conversation.library.store
        return self._outlines.get(document.id, partial(store.outline, document.id))

    def documents(self, conversation: Conversation) -> dict[str, Document]:
        """Return the documents of a conversation by their keys, ordered by path."""
        library, names = conversation.library, conversation.collections
        revision = library.store.revision()
        known = self._documents.get(names)
        if known is None or known[0] != revision:
            found = {key_of(document): document for document in library.documents(names)}
            known = revision, found
            self._documents[names] = known
            while len(self._documents) > _MAX_KEPT:
                del self._documents[next(iter(self._documents))]
        return known[1]


def room_of(request: Request) -> Room:
    return cast("Room", request.app.state.room)


def conversation_of(request: Request) -> Conversation:
    """Return the conversation about what the reader may see."""
    return cast("Conversation", request.state.conversation)


def visit_of(request: Request) -> Visit | None:
    """Return the signed address that a reader came by, None for any other."""
    return cast("Visit | None", getattr(request.state, "visit", None))
