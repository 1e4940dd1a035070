"""Text in, reply out: the conversation that Telegram, the terminal and the web share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.language import N_
from bot.limits import read_limits
from index.errors import CertificateError, QuestionError
from index.phrase import Phrase
from index.quote_check import Finding
from index.records import Answer, Document, LibraryStatus, Scope
from index.verification import Verification

COMMANDS = {
    "ask": N_("Ask a question, as in /ask which borders were reached?"),
    "sources": N_("List the documents I answer from"),
    "check": N_("Check whether a sentence is in the documents, and whether it is altered"),
    "verify": N_("Check an earlier quote by its certificate, as in /verify 7K3M-Q2XA-90VB"),
    "help": N_("How to ask, and what the answers mean"),
    "start": N_("What I do, with three questions to try"),
    "language": N_("Change the language of my messages, as in /language de"),
}
COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]+)(?:@[A-Za-z0-9_]+)?(?:\s+(?P<rest>.*))?", re.DOTALL)
MAX_LISTED = 20


class Library(Protocol):
    """What the conversation asks of the index. Only one thread calls it, `revision` aside."""

    def ask(self, question: str, scope: Scope) -> Answer:
        """Return what the documents say.

        Raises:
            QuestionError: the question is empty or too long.
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
        """Return how much is indexed."""

    def documents(self, collections: Sequence[str]) -> Sequence[Document]:
        """Return the documents in the order in which a user should see them."""

    def examples(self, collections: Sequence[str]) -> Sequence[str]:
        """Return three questions that these documents answer."""

    def revision(self) -> int:
        """Return a number that changes with what is indexed. Any thread may ask."""


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
    """The first documents, and how many more there are."""

    documents: tuple[Document, ...]
    unlisted: int
    status: LibraryStatus


@dataclass(frozen=True, slots=True)
class AnswerReply:
    """What the documents say, or that they do not."""

    answer: Answer
    status: LibraryStatus


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


Reply = Welcome | Help | Sources | AnswerReply | CheckReply | VerificationReply | Refusal


@dataclass(frozen=True, slots=True)
class Conversation:
    """Replies from some of the library's collections. It keeps no state between messages."""

    library: Library
    collections: tuple[str, ...] = ("library",)

    def reply(self, text: str) -> Reply:
        """Return the reply to a command or a question."""
        command = COMMAND.fullmatch(text.strip())
        if command is None:
            return self.answer(text)
        rest = command["rest"] or ""
        reply: Reply
        match command["name"].lower():
            case "start":
                reply = self.welcome()
            case "help":
                reply = Help()
            case "sources":
                reply = self.sources()
            case "ask":
                reply = self.answer(rest)
            case "check":
                reply = self.check(rest)
            case "verify":
                reply = self.verify(rest)
            case "language":
                reply = Refusal(Phrase("Here the setting ONRECORD_INTERFACE chooses the language."))
            case name:
                reply = Refusal(
                    Phrase(
                        "I don't know the command {command}. Send me a question, or /help to see "
                        "what I can do.",
                        command=f"/{name}",
                    )
                )
        return reply

    def answer(self, question: str) -> AnswerReply | Refusal:
        """Return what the documents say to a question."""
        try:
            text, scope = read_limits(question, Scope(self.collections))
            answer = self.library.ask(text, scope)
        except QuestionError as error:
            return Refusal(str(error))
        self.library.certify(answer)
        return AnswerReply(answer, self.library.status(self.collections))

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

    def sources(self) -> Sources:
        """Return the documents, as many as fit a message."""
        documents = self.library.documents(self.collections)
        return Sources(
            documents=tuple(documents[:MAX_LISTED]),
            unlisted=max(0, len(documents) - MAX_LISTED),
            status=self.library.status(self.collections),
        )
