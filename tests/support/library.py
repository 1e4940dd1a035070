"""Libraries with ready-made answers, and the values they answer with."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, MutableSequence, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.answering.quote_check import Finding
from index.answering.subjects import OnSubject
from index.answering.verification import State, Verification
from index.core.answers import Answer, Quote
from index.core.documents import Document, Metadata, Progress, Span, Speaker
from index.core.errors import CertificateError, DocumentError, QuestionError
from index.core.files import StoredFile
from index.core.scope import LibraryStatus, Scope
from index.ingest import ANY_ROOM, IndexReport, Room
from index.store.certificates import Certificate
from index.text.diff import Diff
from index.text.spelling.speller import Understood
from tests.support import PATIENCE_S

if TYPE_CHECKING:
    from index.library import Library
else:  # The models are slow to import.
    Library = object

BORDERS = (
    "In the past week, the Taliban has overrun areas bordering five countries — Iran, Tajikistan, "
    "Turkmenistan, China and Pakistan — as US-led forces end their two-decade intervention."
)
NEWEST = date(2021, 12, 31)
STATUS = LibraryStatus(documents=1204, passages=9000, newest=NEWEST)
EVERYTHING = Scope()
LIBRARY = ("library",)
EXAMPLES = ("Which borders were reached?", "Who denied the reports?", "What fell on Thursday?")


def document(
    title: str | None = "Taliban seize a key district",
    path: str = "news/taliban.txt",
    published: date | None = date(2021, 7, 10),
) -> Document:
    metadata = Metadata(title=title, published=published)
    return Document(1, "library", path, metadata, sha256="", characters=9999, passages=1)


def quote(
    text: str = BORDERS,
    *bold: str,
    start: int = 17,
    source: Document | None = None,
    page: int | None = None,
    speaker: str | None = None,
) -> Quote:
    """Return a quote with the first place of each text in `bold` as its short answer."""
    return Quote(
        document=source or document(),
        span=Span(start, start + len(text)),
        text=text,
        paragraph=2,
        score=0.9,
        answer=tuple(
            Span(start + text.index(part), start + text.index(part) + len(part)) for part in bold
        ),
        page=page,
        speaker=Speaker(speaker, Span(0, len(speaker))) if speaker is not None else None,
    )


def answered(*quotes: Quote, question: str = "Which borders?") -> Answer:
    return Answer(question, quotes, confidence=0.9, elapsed_ms=1.0, state="answered")


def unsure(*quotes: Quote, missing: tuple[str, ...] = ()) -> Answer:
    reason = "these sentences may not say so"
    return Answer("Which borders?", quotes, 0.3, 1.0, "unsure", reason, missing=missing)


def abstained(
    *closest: Quote,
    question: str = "Which borders?",
    missing: tuple[str, ...] = (),
    about: str | None = None,
) -> Answer:
    reason = "nothing says so"
    return Answer(question, (), 0.1, 1.0, "none", reason, closest, missing, about)


def limited(answer: Answer, max_quotes: int) -> Answer:
    """Return an answer with at most so many quotes."""
    return replace(
        answer,
        quotes=answer.quotes[:max_quotes],
        closest=answer.closest[:max_quotes],
        further=len(answer.quotes + answer.closest) > max_quotes,
    )


def verification(state: State, now: Quote | None = None, diff: Diff = ()) -> Verification:
    """Return what became of BORDERS, as it was sent on 3 May 2026."""
    certificate = Certificate(
        id="7K3MQ2XA90VB",
        collection="library",
        path="news/taliban.txt",
        title=None,
        document_sha256="",
        span=Span(17, 17 + len(BORDERS)),
        text=BORDERS,
        text_sha256="",
        issued=datetime(2026, 5, 3),  # noqa: DTZ001  # as the database has it
    )
    return Verification(state, certificate, now, diff)


class StubAttributions:
    """Documents of today's version that quote nobody."""

    def outdated(self) -> list[int]:
        return []

    def speakers(self, collections: Sequence[str]) -> list[tuple[str, int]]:
        return []


@dataclass
class StubLibrary(Library):
    """A library that answers every question alike, at once or when it is let go.

    Attributes:
        error: raised instead of an answer.
        around: the text before and after each quote; None if the document has changed.
        answer_s: the time an answer takes, in seconds.
        echo: quote the question instead.
        index_revision: to be raised by a test that changes the answer.
        min_confidence: below this it abstains; None for never.
        free: while it is cleared, questions wait.
    """

    answer: Answer = field(default_factory=lambda: answered(quote(BORDERS, "Iran, Tajikistan")))
    shelf: Sequence[Document] = (document(),)
    error: BaseException | None = None
    around: tuple[str, str] | None = ("Before. ", " After.")
    answer_s: float = 0.0
    echo: bool = False
    index_revision: int = 1
    min_confidence: float | None = None
    verification: Verification | None = None
    findings: Sequence[Finding] = ()
    checked: list[str] = field(default_factory=list)
    certified: MutableSequence[Quote] = field(default_factory=list)
    asked: MutableSequence[str] = field(default_factory=list)
    meant: Mapping[str, str] = field(default_factory=dict)
    free: threading.Event = field(default_factory=threading.Event)
    attributions: StubAttributions = field(default_factory=StubAttributions)

    def __post_init__(self) -> None:
        self.free.set()

    def ask(self, question: str, scope: Scope = EVERYTHING, max_quotes: int = 3) -> Answer:
        self.asked.append(question)
        if not self.free.wait(PATIENCE_S):
            raise TimeoutError("the test never let the question go")
        time.sleep(self.answer_s)
        if self.error is not None:
            raise self.error
        if not question:
            raise QuestionError("the question is empty; type one")
        echoed = answered(quote(question), question=question)
        answer = echoed if self.echo else limited(self.answer, max_quotes)
        return abstained() if answer.confidence < (self.min_confidence or 0.0) else answer

    def understand(self, question: str, scope: Scope = EVERYTHING) -> Understood:
        return Understood(self.meant.get(question, question))

    def context(self, quote: Quote) -> tuple[Quote, ...]:
        if self.around is None:
            raise DocumentError(quote.document.path, "changed")
        text = f"{self.around[0]}{quote.text}{self.around[1]}"
        start = quote.span.start - len(self.around[0])
        span = Span(start, start + len(text))
        return (replace(quote, span=span, text=text, answer=(quote.span,)),)

    def interrupt(self) -> None:
        """It reads no files."""

    def revision(self) -> int:
        return self.index_revision

    def answer_from(self, min_confidence: float | None) -> None:
        self.min_confidence = min_confidence
        self.index_revision += 1

    def certify(self, shown: Iterable[Quote]) -> bool:
        self.certified.extend(shown)
        return True

    def forget_certificates(self, collection: str) -> None:
        self.certified[:] = [q for q in self.certified if q.document.collection != collection]

    def verify(self, certificate: str, scope: Scope = EVERYTHING) -> Verification:
        if self.verification is None:
            raise CertificateError(f"no quote was sent with the certificate {certificate}")
        return self.verification

    def check(self, text: str, scope: Scope = EVERYTHING) -> tuple[Finding, ...]:
        if not text:
            raise QuestionError("there is nothing to check")
        self.checked.append(text)
        return tuple(self.findings)

    def add_document(
        self,
        location: Path | str,
        collection: str,
        progress: Progress,
        name: str = "",
        room: Room = ANY_ROOM,
    ) -> IndexReport:
        return IndexReport(failed=[DocumentError(name, "a stub takes nothing in")])

    def move(self, document_id: int, collection: str) -> str:
        raise DocumentError(f"document {document_id}", "a stub has nothing to move")

    def remove(self, document_id: int) -> None:
        raise DocumentError(f"document {document_id}", "a stub has nothing to remove")

    def files(self, collection: str) -> dict[str, StoredFile]:
        return {}

    def collections(self) -> frozenset[str]:
        return frozenset({"library"})

    def status(self, collections: Sequence[str] = LIBRARY) -> LibraryStatus:
        return STATUS

    def documents(self, collections: Sequence[str] | None = LIBRARY) -> list[Document]:
        return [document for document in self.shelf if document.collection in (collections or ())]

    def on_subject(self, subject: str, scope: Scope = EVERYTHING) -> OnSubject:
        """Return those whose title has the subject."""
        titled = [
            at for at in self.shelf if subject.casefold() in (at.metadata.title or "").casefold()
        ]
        return OnSubject(subject, tuple(titled), bool(titled))

    def opening(self, document_id: int) -> Quote:
        source = next(document for document in self.shelf if document.id == document_id)
        return quote(f"{source.metadata.title} it was.", source=source)

    def examples(self, collections: Sequence[str] = LIBRARY) -> tuple[str, ...]:
        return EXAMPLES


FIRST = "Which borders did the Taliban reach?"
IN_HERAT = "Which borders did the Taliban reach in Herat?"
SAID = {
    FIRST: ("They reached five borders.", 1),
    IN_HERAT: ("They seized five districts in Herat.", 2),
    "Who fled?": ("A thousand people fled.", 2),
    "Who spoke?": ("A spokesman spoke.", 1),
}


@dataclass
class ScriptedLibrary(StubLibrary):
    """A library that answers some questions, each with one sentence of one document.

    Attributes:
        said: by question, the sentence and the id of its document.
        scopes: of the questions asked, in order.
    """

    said: dict[str, tuple[str, int]] = field(default_factory=SAID.copy)
    scopes: list[Scope] = field(default_factory=list)

    def ask(self, question: str, scope: Scope = EVERYTHING, max_quotes: int = 3) -> Answer:
        super().ask(question, scope, max_quotes)
        self.scopes.append(scope)
        text, document_id = self.said.get(question, ("", 0))
        if not text or (scope.documents is not None and document_id not in scope.documents):
            return abstained(question=question)
        source = replace(document(path=f"{document_id}.txt"), id=document_id)
        return answered(quote(text, source=source), question=question)
