"""The conversation: a request in, a reply out; Telegram and the terminal share it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from bot.conversation import listing, replies
from bot.conversation.collection import Kind as Asked
from bot.conversation.collection import about_the_collection
from bot.conversation.filters import read_limits
from bot.conversation.followups.choosing import LIKELY, SURE, Judge
from bot.conversation.followups.dialogue import ALONE, Dialogue, Reading, readings
from bot.conversation.followups.question_words import begins_asking
from bot.conversation.places import key_of
from bot.conversation.questions import Request
from bot.conversation.small_talk import LEADING_ON, Kind, small_talk
from bot.i18n.language import N_
from index.core.answers import Answer, Quote
from index.core.errors import CertificateError, DocumentError, QuestionError
from index.core.lazy_text import Phrase
from index.core.scope import PRIVATE_PREFIX, Scope
from index.text.terms import is_function_word, plain

if TYPE_CHECKING:  # The models are slow to import.
    from index.library import Library

COMMANDS = {
    "ask": N_("Ask a question: /ask which borders were reached?"),
    "sources": N_("List my documents; /sources Reuters lists those from Reuters"),
    "speakers": N_("List the people quoted; /speakers Lee finds those of that name"),
    "check": N_("Compare a sentence with the documents: exact, altered or not there"),
    "verify": N_("See whether a quote still stands: /verify 7K3M-Q2XA-90VB"),
    "about": N_("What I am, what I have read, and what I promise"),
    "help": N_("How to ask, and what the answers mean"),
    "start": N_("What I do, with three questions to try"),
}
MAX_LISTED = 20
MAX_FURTHER = 10
_LATER = 0.1  # how much less sure each further guess is
_LEANING = " → "
"""Between the question before and the one that leans on it, as a reply shows them."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Conversation:
    """Replies from some of the library's collections. It keeps no state between messages."""

    library: Library
    collections: tuple[str, ...] = ("library",)

    def within(self, collections: tuple[str, ...]) -> Conversation:
        """Return the same conversation about other collections."""
        return replace(self, collections=collections)

    def within_chat(self, chat_id: int) -> Conversation:
        """Return it about what a chat sees: these collections, and its own unless it is empty."""
        own = collection_of(chat_id)
        if own not in self.library.collections():
            return self
        return self.within((*self.collections, own))

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
                return self._ask(rest, dialogue)
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

    def _ask(self, question: str, dialogue: Dialogue) -> replies.Reply:
        typed, scope = read_limits(question, Scope(self.collections))
        text = self.library.understand(typed, scope).text
        if text != typed and (kind := small_talk(text)) is not None:
            return self.small_talk(kind)
        asked = about_the_collection(text)
        if asked is None:
            reply = _as_typed(self._first_answer(text, scope, dialogue), typed, text)
            return replace(reply, is_certified=self.library.certify(reply.shown))
        if asked.kind is Asked.CONTENTS and not scope.is_narrow:
            return self.sources()
        return listing.reply(self.library, asked, scope, dialogue)

    def _first_answer(self, text: str, scope: Scope, dialogue: Dialogue) -> replies.AnswerReply:
        """Return the surest reading; where none is answered, the text as it stands."""
        judge = Judge(dialogue, self._around)
        found: list[tuple[float, replies.AnswerReply]] = []
        silent: list[tuple[bool, replies.AnswerReply]] = []
        possible = list(readings(text, scope, dialogue))
        is_whole = begins_asking(text) and all(reading.meaning.is_alone for reading in possible)
        for _place, group in groupby(possible, attrgetter("is_everywhere")):
            if any(reply.answer.answered for _rank, reply in found):
                # The sources that were replied to answer.
                break
            for reading in group:
                if reading.meaning.is_last and any(rank >= LIKELY for rank, _reply in found):
                    continue
                if (read := self._read(text, reading, judge)) is None:
                    continue
                rank, reply = read
                if rank:
                    found.append((rank * (1 - _LATER * len(found)), reply))
                elif reading.is_everywhere:
                    silent.append((reading.is_literal, _as_asked(reply, dialogue, is_whole)))
                if rank >= SURE:
                    break
        best = max(found or silent, key=itemgetter(0))[1]
        alone = [reply for _rank, reply in found if _LEANING not in (reply.understood or "")]
        if same := next((reply for reply in alone if _begins_alike(best, reply)), None):
            # To lean on the question before brought nothing.
            best = replace(best, understood=same.understood)
        return best

    def _read(
        self, text: str, reading: Reading, judge: Judge
    ) -> tuple[float, replies.AnswerReply] | None:
        """Return the reply to one reading of a text, and how sure it is, 0..1."""
        try:
            answer = self.library.ask(reading.question, reading.scope)
        except QuestionError:
            if reading.is_literal:
                raise
            return None
        rank, answer = judge.weigh(reading, answer)
        meaning = reading.meaning
        # The next question leans on words that are spelt right.
        subject = (answer.understood or "") if meaning.is_alone else meaning.subject
        understood = meaning.seen or answer.understood or reading.question
        reply = replies.AnswerReply(
            answer,
            self.library.status(self.collections),
            reading.scope,
            understood=understood if _says_more(understood, text) else None,
            leaned_on=subject if subject != answer.question else "",
            is_elsewhere=bool(judge.dialogue.documents)
            and reading.is_everywhere
            and bool(answer.quotes),
        )
        return rank, reply

    def _around(self, quote: Quote) -> str:
        try:
            return " ".join(piece.text for piece in self.library.context(quote))
        except DocumentError:
            return quote.text

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
        """Return the documents of which lists show a word, newest first, undated ones last.

        If `skipped` is beyond the end, the last part is listed.
        """
        word = " ".join(word.split())
        documents = self.library.documents(self.collections)
        found = listing.newest_first(at for at in documents if listing.matches(at, word))
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


def _begins_alike(one: replies.AnswerReply, other: replies.AnswerReply) -> bool:
    """Whether two replies have the same first quote."""
    firsts = [(q.document.id, q.span) for reply in (one, other) for q in reply.answer.quotes[:1]]
    return len(firsts) == len(set(firsts)) + 1


def _as_asked(
    reply: replies.AnswerReply, dialogue: Dialogue, is_whole: bool
) -> replies.AnswerReply:
    """Return a reply that finds nothing; what is no whole question changes no dialogue."""
    leaned_on = reply.leaned_on if is_whole else dialogue.previous or reply.leaned_on
    return replace(reply, understood=None, leaned_on=leaned_on)


def _as_typed(reply: replies.AnswerReply, typed: str, meant: str) -> replies.AnswerReply:
    """Return the reply to a question as it was typed, if it was answered as it was meant."""
    if typed == meant or reply.answer.question != meant:
        return reply
    return replace(
        reply,
        answer=replace(reply.answer, question=typed, understood=meant),
        understood=reply.understood or (meant if _says_more(meant, typed) else None),
        leaned_on=reply.leaned_on or meant,
    )


def _says_more(understood: str, text: str) -> bool:
    """Whether a reading has words that matter and were not written."""
    written = {plain(word) for word in _WORD.findall(text)}
    meant = {plain(word) for word in _WORD.findall(understood) if not is_function_word(word)}
    return not meant <= written


def collection_of(chat_id: int) -> str:
    """Return the collection of what was sent to a chat."""
    return f"{PRIVATE_PREFIX}{chat_id}"


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
