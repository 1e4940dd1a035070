"""Text in, reply out: the conversation that Telegram, the terminal and the web share."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Protocol

from bot.conversation.collections import Shelves
from bot.conversation.filters import read_limits
from bot.conversation.followup import ALONE, Context, readings
from bot.conversation.listing import key_of, list_documents
from bot.conversation.replies import (
    About,
    AnswerReply,
    CheckReply,
    Help,
    Refusal,
    Reply,
    SourceCard,
    Sources,
    VerificationReply,
    Welcome,
)
from bot.i18n.language import N_
from index.answering.quote_check import Finding
from index.answering.verification import Verification
from index.core.answers import Answer, Quote
from index.core.documents import Document, LibraryStatus
from index.core.errors import CertificateError, QuestionError
from index.core.lazy_text import Phrase
from index.core.scope import Scope

COMMANDS = {
    "ask": N_("Ask a question, as in /ask which borders were reached?"),
    "sources": N_("List the documents I answer from, or those of one source: /sources Reuters"),
    "check": N_("Check whether a sentence is in the documents, and whether it is altered"),
    "verify": N_("Check an earlier quote by its certificate, as in /verify 7K3M-Q2XA-90VB"),
    "about": N_("What I am, what I have read, and what I promise"),
    "help": N_("How to ask, and what the answers mean"),
    "start": N_("What I do, with three questions to try"),
}
COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]+)(?:@[A-Za-z0-9_]+)?(?:\s+(?P<rest>.*))?", re.DOTALL)
MAX_LISTED = 20
MAX_FURTHER = 10


class Library(Shelves, Protocol):
    """What the conversation asks of the index. Only one thread calls it, unless it says so."""

    def ask(self, question: str, scope: Scope, max_quotes: int = 3) -> Answer:
        """Return what the documents say, in up to `max_quotes` quotes.

        Raises:
            QuestionError: the question is empty or too long.
        """

    def context(self, quote: Quote) -> Sequence[Quote]:
        """Return a quote with the sentences around it, in pieces. Any thread may ask.

        Raises:
            DocumentError: the document is gone, or no longer has the quote at its place.
        """

    def certify(self, answer: Answer) -> None:
        """Keep the quotes of an answer, for them to be verified later."""

    def verify(self, certificate: str, scope: Scope) -> Verification:
        """Return what became of a quote that was sent.

        Raises:
            CertificateError: no quote was sent under this id.
        """

    def check(self, text: str, scope: Scope) -> Sequence[Finding]:
        """Return what the documents say of a text that is given as a quote.

        Raises:
            QuestionError: the text is empty or too long.
        """

    def status(self, collections: Sequence[str]) -> LibraryStatus:
        """Return how much is indexed. Any thread may ask."""

    def documents(self, collections: Sequence[str]) -> Sequence[Document]:
        """Return the documents in the order in which a user should see them."""

    def examples(self, collections: Sequence[str]) -> Sequence[str]:
        """Return three questions that these documents answer."""

    def revision(self) -> int:
        """Return a number that changes with what is indexed. Any thread may ask."""

    def answer_from(self, min_confidence: float | None) -> None:
        """Withhold answers below this confidence; None: below the one fitted. On any thread."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Replies from some of the library's collections. It keeps no state between messages."""

    library: Library
    collections: tuple[str, ...] = ("library",)

    def within(self, collections: tuple[str, ...]) -> Conversation:
        """Return the same conversation about other collections."""
        return replace(self, collections=collections)

    def reply(self, text: str, context: Context = ALONE) -> Reply:
        """Return the reply to a command or a question."""
        command = COMMAND.fullmatch(text.strip())
        if command is None:
            return self.answer(text, context)
        rest = command["rest"] or ""
        reply: Reply
        match command["name"].lower():
            case "start":
                reply = self.welcome()
            case "help":
                reply = Help()
            case "about":
                reply = About(self.library.status(self.collections))
            case "sources":
                reply = self.sources(rest)
            case "ask":
                reply = self.answer(rest, context)
            case "check":
                reply = self.check(rest)
            case "verify":
                reply = self.verify(rest)
            case name:
                reply = unknown_command(name, COMMANDS)
        return reply

    def answer(self, question: str, context: Context = ALONE) -> AnswerReply | Refusal:
        """Return what the documents say to a question, after what was said before."""
        try:
            text, scope = read_limits(question, Scope(self.collections))
            reply = self._first_answer(text, scope, context)
        except QuestionError as error:
            return Refusal(str(error))
        self.library.certify(reply.answer)
        return reply

    def _first_answer(self, text: str, scope: Scope, context: Context) -> AnswerReply:
        """The first reading that the documents answer, or the best guess where they answer none."""
        unanswered = []
        for reading in readings(text, scope, context):
            try:
                answer = self.library.ask(reading.question, reading.scope)
            except QuestionError:
                if reading.is_literal:
                    raise
                continue
            reply = AnswerReply(
                answer,
                self.library.status(self.collections),
                reading.scope,
                understood=answer.understood or (None if reading.is_literal else reading.question),
                is_elsewhere=bool(context.documents) and reading.is_everywhere and answer.answered,
            )
            if answer.answered:
                return reply
            if reading.is_everywhere:
                unanswered.append(reply)
        return unanswered[0]

    def ask_further(self, question: str, scope: Scope) -> Answer:
        """Return what the documents say to a question that was asked before, in more quotes."""
        answer = self.library.ask(question, scope, MAX_FURTHER)
        self.library.certify(answer)
        return answer

    def context(self, quote: Quote) -> Sequence[Quote]:
        """Return a quote with the sentences around it, in pieces. Any thread may ask.

        Raises:
            DocumentError: the document is gone, or no longer has the quote at its place.
        """
        return self.library.context(quote)

    def check(self, text: str) -> CheckReply | Refusal:
        """Return how a text stands in the documents."""
        try:
            return CheckReply(tuple(self.library.check(text, Scope(self.collections))))
        except QuestionError as error:
            return Refusal(str(error))

    def verify(self, certificate: str) -> VerificationReply | Refusal:
        """Return what became of a quote that was sent."""
        try:
            return VerificationReply(self.library.verify(certificate, Scope(self.collections)))
        except CertificateError as error:
            return Refusal(str(error))

    def welcome(self) -> Welcome:
        """Return the first message of a conversation."""
        examples = tuple(self.library.examples(self.collections))
        return Welcome(examples, self.library.status(self.collections))

    def revision(self) -> int:
        """Return a number that changes when the same text may get another reply."""
        return self.library.revision()

    def sources(self, word: str = "", skipped: int = 0, limit: int = MAX_LISTED) -> Sources:
        """Return some of the documents, newest first.

        Args:
            word: only those with it in their title, publisher or name, whatever the case.
            skipped: how many to leave out at the beginning; less where the list has become shorter.
            limit: how many to list.
        """
        word = " ".join(word.split())
        listing = list_documents(self.library.documents(self.collections), word, skipped, limit)
        counts = [(name, self.library.status([name]).documents) for name in self.collections]
        return Sources(
            documents=listing.documents,
            unlisted=listing.following,
            status=self.library.status(self.collections),
            skipped=listing.skipped,
            word=word,
            collections=tuple(counts) if len(counts) > 1 else (),
        )

    def source(self, key: str) -> SourceCard | Refusal:
        """Return what is known of the document with this key."""
        for document in self.library.documents(self.collections):
            if key_of(document) == key:
                return SourceCard(document)
        return Refusal(
            Phrase(
                "I have no such document here: it is gone, or belongs to another chat. "
                "/sources lists what I have."
            )
        )


def unknown_command(name: str, commands: Collection[str]) -> Refusal:
    """Return that there is no such command, and the one that may be meant."""
    close = get_close_matches(name, commands, n=1)
    if not close:
        return Refusal(
            Phrase(
                "I don't know the command {command}. Send me a question, or /help to see what I "
                "can do.",
                command=f"/{name}",
            )
        )
    return Refusal(
        Phrase(
            "I don't know the command {command}. Did you mean {close}? Send me a question, or "
            "/help to see what I can do.",
            command=f"/{name}",
            close=f"/{close[0]}",
        )
    )
