"""Replies of the conversation, before a front end puts them into words and messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.conversation.collection import Kind as Asked
from bot.conversation.small_talk import Kind
from index.answering.quote_check import Finding
from index.answering.verification import Verification
from index.core.answers import MAX_QUOTES, Answer, Quote
from index.core.documents import Document
from index.core.scope import LibraryStatus, Scope

# The probability from which a sentence stands beside a better one, not behind the button for more.
MIN_SHOWN_SCORE = 0.1

Source = tuple[int, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Welcome:
    """The first message: what the bot does, with questions to try."""

    examples: tuple[str, ...]
    status: LibraryStatus


@dataclass(frozen=True, slots=True)
class Help:
    """Instructions for asking."""


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """A line in return for what is no question, with questions to try if that helps."""

    kind: Kind
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """A part of the list of documents, newest first.

    Attributes:
        unlisted: number of documents after it.
        skipped: number of documents before it.
        word: found in the title, publisher or name of each; "" for all documents.
        collections: the number of documents by collection, if there are several.
    """

    documents: tuple[Document, ...]
    unlisted: int
    status: LibraryStatus
    skipped: int = 0
    word: str = ""
    collections: tuple[tuple[str, int], ...] = ()

    @property
    def found(self) -> int:
        """The number of documents in the whole list."""
        return self.skipped + len(self.documents) + self.unlisted


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who is quoted, with how often, most first, and the number of those not listed."""

    speakers: tuple[tuple[str, int], ...]
    unlisted: int = 0


@dataclass(frozen=True, slots=True)
class SourceCard:
    """The facts about one document."""

    document: Document


@dataclass(frozen=True, slots=True)
class About:
    """The bot, and the size of its library."""

    status: LibraryStatus


@dataclass(frozen=True, slots=True)
class Count:
    """The size of the library."""

    status: LibraryStatus


@dataclass(frozen=True, slots=True)
class Languages:
    """How many documents there are in each language, as codes, the most first."""

    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The titles that a question about the documents asks for.

    Attributes:
        kind: SOURCES for the best first, LATEST for the newest first; SUMMARY for the documents
            that it may mean.
        subject: what the documents are about; "" if nothing was named.
        are_naming: they have the words of the subject; else they are only close in meaning.
    """

    kind: Asked
    subject: str
    documents: tuple[Document, ...]
    unlisted: int
    status: LibraryStatus
    are_naming: bool = True


@dataclass(frozen=True, slots=True)
class Openings:
    """What documents begin with, in place of a summary."""

    shown: tuple[Quote, ...]
    is_certified: bool = True


@dataclass(frozen=True, slots=True)
class AnswerReply:
    """An answer, be it an unsure one, or the report that the documents have none.

    Attributes:
        scope: the documents that were searched.
        understood: the question that was asked, if it differs from what was written.
        leaned_on: the question that the next one may lean on; "" for the one asked.
        is_certified: the quotes shown are kept, to be verified by their certificates.
        is_elsewhere: the sources that were replied to have no answer, but others have.
    """

    answer: Answer
    status: LibraryStatus
    scope: Scope = field(default_factory=Scope)
    understood: str | None = None
    leaned_on: str = ""
    is_elsewhere: bool = False
    is_certified: bool = True

    @property
    def shown(self) -> tuple[Quote, ...]:
        """The first quote and others that may answer as well, those of one source together.

        Each is followed by the other side. Without an answer, the closest if it is on the subject.
        """
        first, others = self.answer.quotes[:1], self.answer.quotes[1:MAX_QUOTES]
        likely = (quote for quote in others if quote.score >= MIN_SHOWN_SCORE)
        closest = self.answer.closest[:1] if self.answer.on_subject else ()
        return with_sides(in_groups((*first, *likely)) or closest)


def in_groups(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """Return quotes with those of one source together, else in their order."""
    groups: dict[Source, list[Quote]] = {}
    for quote in quotes:
        groups.setdefault(source_of(quote), []).append(quote)
    return tuple(quote for group in groups.values() for quote in group)


def with_sides(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """Return quotes, each followed by those beside it, which are shown there alone."""
    shown: list[Quote] = []
    for quote in quotes:
        if not any(one.side and _is_place_of(one, quote) for one in shown):
            shown.append(quote)
            shown += [
                side for side in quote.beside if not any(_is_place_of(one, side) for one in shown)
            ]
    return tuple(shown)


def _is_place_of(one: Quote, other: Quote) -> bool:
    return one.document.id == other.document.id and one.span == other.span


def source_of(quote: Quote) -> Source:
    """Return what is equal for quotes that share a line on their source."""
    metadata = quote.source.metadata
    return quote.document.id, metadata.title, metadata.url


@dataclass(frozen=True, slots=True)
class CheckReply:
    """The findings about a text: one for the whole, or one for each sentence."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class VerificationReply:
    """The present state of a quote that was sent."""

    verification: Verification


@dataclass(frozen=True, slots=True)
class Refusal:
    """One line on why there is no answer to this message, and what to do."""

    text: str


Reply = (
    Welcome
    | Help
    | SmallTalk
    | About
    | Sources
    | Speakers
    | SourceCard
    | Count
    | Languages
    | Listing
    | Openings
    | AnswerReply
    | CheckReply
    | VerificationReply
    | Refusal
)
