"""The conversation: a request in, a reply out; Telegram and the terminal share it."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bot.conversation import replies
from bot.conversation.filters import read_limits
from bot.conversation.followup import ALONE, Dialogue, readings
from bot.conversation.questions import Request
from bot.conversation.small_talk import LEADING_ON, Kind, small_talk
from bot.i18n.language import N_
from index.core.answers import Answer
from index.core.documents import Document
from index.core.errors import CertificateError, QuestionError
from index.core.lazy_text import Phrase
from index.core.scope import PRIVATE_PREFIX, Scope

if TYPE_CHECKING:  # The models are slow to import.
    from index.library import Library

COMMANDS = {
    "ask": N_("Ask a question, as in /ask which borders were reached?"),
    "sources": N_("List the documents I answer from, or those of one source: /sources Reuters"),
    "speakers": N_("List who is quoted in the documents, or those of a name: /speakers Lee"),
    "check": N_("Check whether a sentence is in the documents, and whether it is altered"),
    "verify": N_("Check an earlier quote by its certificate, as in /verify 7K3M-Q2XA-90VB"),
    "about": N_("What I am, what I have read, and what I promise"),
    "help": N_("How to ask, and what the answers mean"),
    "start": N_("What I do, with three questions to try"),
}
MAX_LISTED = 20
MAX_FURTHER = 10
_KEY_BYTES = 9


@dataclass(frozen=True, slots=True)
class Conversation:
    """Replies from some of the library's collections. It keeps no state between messages."""

    library: Library
    collections: tuple[str, ...] = ("library",)

    def within(self, collections: tuple[str, ...]) -> Conversation:
        """Return the same conversation about other collections."""
        return replace(self, collections=collections)

    def reply(self, request: Request, dialogue: Dialogue = ALONE) -> replies.Reply:
        """Return the reply to a command, or to a question that may lean on the dialogue before."""
        try:
            return self._reply(request.command, request.rest, dialogue)
        except (QuestionError, CertificateError) as error:
            return replies.Refusal(str(error))

    def _reply(  # noqa: PLR0911
        self, command: str, rest: str, dialogue: Dialogue
    ) -> replies.Reply:
        match command:
            case "" | "ask" if (kind := small_talk(rest)) is not None:
                return self.small_talk(kind)
            case "" | "ask":
                return self._answer(rest, dialogue)
            case "start":
                return self.welcome()
            case "help":
                return replies.Help()
            case "about":
                return replies.About(self.library.status(self.collections))
            case "sources":
                return self.sources(rest)
            case "speakers":
                return self.speakers(rest)
            case "check":
                return replies.CheckReply(tuple(self.library.check(rest, Scope(self.collections))))
            case "verify":
                return self.verify(rest)
            case _:
                return unknown_command(command, COMMANDS)

    def _answer(self, question: str, dialogue: Dialogue) -> replies.AnswerReply:
        text, scope = read_limits(question, Scope(self.collections))
        reply = self._first_answer(text, scope, dialogue)
        return replace(reply, is_certified=self.library.certify(reply.shown))

    def _first_answer(self, text: str, scope: Scope, dialogue: Dialogue) -> replies.AnswerReply:
        """Return the first reading with an answer, else with an unsure one, or the best guess."""
        unsure, unanswered = [], []
        for reading in readings(text, scope, dialogue):
            try:
                answer = self.library.ask(reading.question, reading.scope)
            except QuestionError:
                if reading.is_literal:
                    raise
                continue
            reply = replies.AnswerReply(
                answer,
                self.library.status(self.collections),
                reading.scope,
                understood=answer.understood or (None if reading.is_literal else reading.question),
                is_elsewhere=bool(dialogue.documents)
                and reading.is_everywhere
                and bool(answer.quotes),
            )
            if answer.answered:
                return reply
            if answer.quotes:
                unsure.append(reply)
            elif reading.is_everywhere:
                unanswered.append(reply)
        return (unsure or unanswered)[0]

    def ask_further(self, question: str, scope: Scope) -> Answer:
        return self.library.ask(question, scope, MAX_FURTHER)

    def verify(self, certificate: str) -> replies.VerificationReply | replies.Refusal:
        """Return what became of the quote of a certificate."""
        try:
            found = self.library.verify(certificate, Scope(self.collections))
        except CertificateError as error:
            return replies.Refusal(str(error))
        return replies.VerificationReply(found)

    def welcome(self) -> replies.Welcome:
        examples = tuple(self.library.examples(self.collections))
        return replies.Welcome(examples, self.library.status(self.collections))

    def small_talk(self, kind: Kind) -> replies.SmallTalk:
        examples = self.library.examples(self.collections) if kind in LEADING_ON else ()
        return replies.SmallTalk(kind, tuple(examples))

    def sources(self, word: str = "", skipped: int = 0, limit: int = MAX_LISTED) -> replies.Sources:
        """Return the documents that match a word, newest first, those without a date last.

        If `skipped` is beyond the end, the last part is listed.
        """
        word = " ".join(word.split())
        documents = self.library.documents(self.collections)
        found = [document for document in documents if matches(document, word)]
        found.sort(key=lambda document: document.metadata.published or date.min, reverse=True)
        last = (len(found) - 1) // limit * limit if found else 0
        skipped = max(0, min(skipped, last))
        shown = tuple(found[skipped : skipped + limit])
        counts = [(name, self.library.status([name]).documents) for name in self.collections]
        return replies.Sources(
            documents=shown,
            unlisted=len(found) - skipped - len(shown),
            status=self.library.status(self.collections),
            skipped=skipped,
            word=word,
            collections=tuple(counts) if len(counts) > 1 else (),
        )

    def speakers(self, word: str = "") -> replies.Speakers:
        """Return who is quoted most, of those whose name or role has a word."""
        everybody = self.library.attributions.speakers(self.collections)
        found = [item for item in everybody if word.strip().casefold() in item[0].casefold()]
        return replies.Speakers(tuple(found[:MAX_LISTED]), len(found[MAX_LISTED:]))

    def source(self, key: str) -> replies.SourceCard | replies.Refusal:
        for document in self.library.documents(self.collections):
            if key_of(document) == key:
                return replies.SourceCard(document)
        return replies.Refusal(
            Phrase(
                "I have no such document here: it is gone, or belongs to another chat. "
                "/sources lists what I have."
            )
        )


def collection_of(chat_id: int) -> str:
    """Return the collection of what was sent to a chat."""
    return f"{PRIVATE_PREFIX}{chat_id}"


def matches(document: Document, word: str) -> bool:
    """Whether a document's title or publisher, or its name for want of a title, has a word."""
    metadata = document.metadata
    wanted = word.casefold()
    names = (metadata.title or document.path, metadata.publisher or "")
    return any(wanted in " ".join(name.split()).casefold() for name in names)


def key_of(document: Document) -> str:
    """Return 12 of A-Z a-z 0-9 _ - that depend only on the place of a document.

    An id would not do: it may be given to another document later.
    """
    place = f"{document.collection}\n{document.path}".encode()
    return urlsafe_b64encode(hashlib.sha256(place).digest()[:_KEY_BYTES]).decode()


def unknown_command(name: str, commands: Collection[str]) -> replies.Refusal:
    """Return a refusal of an unknown command, with the nearest known one."""
    command = f"/{name}"
    if close := get_close_matches(name, commands, n=1):
        return replies.Refusal(
            Phrase(
                "I don't know the command {command}. Did you mean {close}? Send me a question, or "
                "/help to see what I can do.",
                command=command,
                close=f"/{close[0]}",
            )
        )
    return replies.Refusal(
        Phrase(
            "I don't know the command {command}. Send me a question, or /help to see what I can "
            "do.",
            command=command,
        )
    )
