"""What the conversation replies, before it is put into words and messages."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.answering.answerer import MAX_QUOTES
from index.answering.quote_check import Finding
from index.answering.verification import Verification
from index.core.answers import Answer, Quote
from index.core.documents import Document, LibraryStatus
from index.core.scope import Scope

# On 250 questions a message then has 1.6 quotes, and loses one answer in a hundred to the button
# for more.
SHOWN_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the bot does, shown first."""

    examples: tuple[str, ...]
    status: LibraryStatus


@dataclass(frozen=True, slots=True)
class Help:
    """How to ask."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Some documents, newest first, and how many more there are.

    Attributes:
        unlisted: how many follow.
        skipped: how many come before.
        word: what the title, publisher or name of each holds; "" for all documents.
        collections: the number of documents by collection, where there are several.
    """

    documents: tuple[Document, ...]
    unlisted: int
    status: LibraryStatus
    skipped: int = 0
    word: str = ""
    collections: tuple[tuple[str, int], ...] = ()

    @property
    def found(self) -> int:
        """How many there are in all."""
        return self.skipped + len(self.documents) + self.unlisted


@dataclass(frozen=True, slots=True)
class SourceCard:
    """What is known of one document."""

    document: Document


@dataclass(frozen=True, slots=True)
class About:
    """What the bot is, and what it has read."""

    status: LibraryStatus


@dataclass(frozen=True, slots=True)
class AnswerReply:
    """What the documents say, or that they do not.

    Attributes:
        scope: in which of them the answer was looked for.
        understood: the question that was asked, where it is not as it was written.
        is_elsewhere: the sources that were replied to have no answer, others have.
    """

    answer: Answer
    status: LibraryStatus
    scope: Scope = field(default_factory=Scope)
    understood: str | None = None
    is_elsewhere: bool = False

    @property
    def shown(self) -> tuple[Quote, ...]:
        """The quotes to show: the first, and others as far as they may answer as well.

        Where nothing answers, the one that came closest.
        """
        quotes = self.answer.quotes[:MAX_QUOTES]
        return (
            tuple(quote for quote in quotes if quote.score >= SHOWN_SHARE * quotes[0].score)
            or self.answer.closest[:1]
        )


@dataclass(frozen=True, slots=True)
class CheckReply:
    """How a text stands in the documents: as a whole, or one finding for each sentence."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class VerificationReply:
    """What became of a quote that was sent."""

    verification: Verification


@dataclass(frozen=True, slots=True)
class Refusal:
    """One line on why there is no answer to this message, and what to do."""

    text: str


Reply = (
    Welcome
    | Help
    | About
    | Sources
    | SourceCard
    | AnswerReply
    | CheckReply
    | VerificationReply
    | Refusal
)
