"""What the next question may lean on, and the questions that it may mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.conversation.collection import about_the_collection
from bot.conversation.filters import split_limits
from bot.conversation.followups.references import Before
from bot.conversation.followups.rewriting import Meaning, meanings
from bot.conversation.replies import AnswerReply, Listing, Openings, Reply
from index.core.answers import Quote
from index.core.documents import Span
from index.core.scope import Scope


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The part of a conversation that the next question may lean on.

    Attributes:
        previous: the last question that stood by itself; "" for none.
        scope: the documents among which it was asked.
        documents: ids of the sources of the answer that is replied to; empty without a reply.
        shown: ids of the documents that "this article" would mean.
        quote: the first quote of the last answer; None for none.
    """

    previous: str = ""
    scope: Scope = field(default_factory=Scope)
    documents: tuple[int, ...] = ()
    shown: tuple[int, ...] = ()
    quote: Quote | None = None

    @property
    def before(self) -> Before:
        text = self.quote.text if self.quote else ""
        return Before(self.previous, short_answer(self.quote), text)

    def relevant_to(self, question: str) -> Dialogue:
        """Return only what decides about the answer, so that equal questions are equal."""
        bare = split_limits(question)[1].strip()
        if about_the_collection(bare):
            return Dialogue(shown=self.documents or self.shown)
        if len(meanings(self.before, bare)) > 1:
            return replace(self, shown=())
        return Dialogue(documents=self.documents)

    def is_told_by(self, quote: Quote) -> bool:
        """Whether a quote is of the sentences that answered the question before."""
        told = self.quote
        return (
            told is not None
            and told.document.id == quote.document.id
            and told.span.overlaps(quote.span)
        )

    def after(self, reply: Reply) -> Dialogue:
        """Return what the next question may lean on: not on one about the documents, for one."""
        shown = documents_in(reply) or self.shown
        if not isinstance(reply, AnswerReply):
            return replace(self, shown=shown)
        quotes = reply.answer.quotes
        return Dialogue(
            reply.leaned_on or reply.answer.question,
            reply.scope,
            self.documents,
            shown,
            quotes[0] if quotes else None,
        )


def documents_in(reply: Reply) -> tuple[int, ...]:
    """Return the ids of the documents that a reply quotes or lists, in order."""
    match reply:
        case AnswerReply(shown=quotes) | Openings(shown=quotes):
            found = [quote.document for quote in quotes]
        case Listing() if reply.subject:
            found = list(reply.documents)
        case _:
            return ()
    return tuple(dict.fromkeys(document.id for document in found))


def short_answer(quote: Quote | None) -> str:
    """Return the words marked in a quote if they are one span; else ""."""
    spans: Sequence[Span] = quote.answer if quote else ()
    return quote.cut(spans[0]) if quote and len(spans) == 1 else ""


def whole_questions(before: Before, text: str) -> list[str]:
    """Return the meanings of `text`, best first; [text] if it stands alone."""
    return list(dict.fromkeys(meaning.question for meaning in meanings(before, text)))


ALONE = Dialogue()
"""For a question with nothing before it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as the library can be asked.

    Attributes:
        is_literal: the question is the text as it stands.
        is_everywhere: all documents that the text allows are searched.
    """

    meaning: Meaning
    scope: Scope
    is_literal: bool
    is_everywhere: bool = True

    @property
    def question(self) -> str:
        return self.meaning.question


def readings(text: str, scope: Scope, dialogue: Dialogue) -> Iterator[Reading]:
    """Yield the possible meanings of `text`, best guess first; the documents decide.

    The sources of an answer that is replied to come first, then all documents. A question completed
    from the one before takes over its limits as well, unless it names its own.
    """
    limited = scope if scope.is_narrow else replace(dialogue.scope, collections=scope.collections)
    whole: list[Reading] = []
    for meaning in meanings(dialogue.before, text):
        is_literal = meaning.is_alone
        if meaning.is_near:
            if dialogue.quote and not dialogue.documents:
                near = replace(limited, documents=(dialogue.quote.document.id,))
                whole.append(Reading(meaning, near, is_literal))
        elif meaning.question not in {
            known.question for known in whole if not known.meaning.is_near
        }:
            whole.append(Reading(meaning, scope if is_literal else limited, is_literal))
    if dialogue.documents:
        for reading in whole:
            near = replace(reading.scope, documents=dialogue.documents)
            yield replace(reading, scope=near, is_everywhere=False)
    for reading in whole:
        documents = reading.scope.documents if reading.meaning.is_near else scope.documents
        yield replace(reading, scope=replace(reading.scope, documents=documents))
