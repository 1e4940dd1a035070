"""Text in, reply out: the conversation that Telegram, the terminal and the web share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.limits import read_limits
from index.errors import QuestionError
from index.records import Answer, Document, LibraryStatus, Scope

COMMANDS = {
    "ask": "Ask a question, as in /ask which borders were reached?",
    "sources": "List the documents I answer from",
    "help": "How to ask, and what the answers mean",
    "start": "What I do, with three questions to try",
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
class Refusal:
    """One line on why there is no answer to this message, and what to do."""

    text: str


Reply = Welcome | Help | Sources | AnswerReply | Refusal


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
        match command["name"].lower():
            case "start":
                return self.welcome()
            case "help":
                return Help()
            case "sources":
                return self.sources()
            case "ask":
                return self.answer(command["rest"] or "")
            case name:
                return Refusal(
                    f"I don't know the command /{name}. Send me a question, or /help to see "
                    "what I can do."
                )

    def answer(self, question: str) -> AnswerReply | Refusal:
        """Return what the documents say to a question."""
        try:
            text, scope = read_limits(question, Scope(self.collections))
            answer = self.library.ask(text, scope)
        except QuestionError as error:
            return Refusal(str(error))
        return AnswerReply(answer, self.library.status(self.collections))

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
