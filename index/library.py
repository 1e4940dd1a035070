"""The library: one index, opened to add documents and to ask questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from index.answering.answerer import Answerer, check_question, read_hits
from index.answering.examples import Examples
from index.answering.quote_check import Finding, check_quote
from index.answering.subjects import OnSubject, find_on_subject
from index.answering.verification import Verification, verify
from index.attribution.tagger import Tagger
from index.core.answers import MAX_QUOTES, Answer, Quote
from index.core.documents import Document, Passage, Progress
from index.core.errors import StoreError
from index.core.files import StoredFile
from index.core.scope import LibraryStatus, Scope
from index.core.settings import DEFAULT_COLLECTION, SEEDS, IndexSettings
from index.ingest import ANY_ROOM, IndexReport, Room
from index.ingest.attributions import StoredAttributions
from index.ingest.indexer import Indexer
from index.ingest.pool import open_pool
from index.ingest.prepare import Limits, Prepare, Tokens, preparing
from index.models import Embedder
from index.models.following import FollowingEmbedder
from index.parsers import Parse
from index.parsers.ocr import reporting
from index.reader import Question, Reader, Retrieved
from index.reader.loading import open_reader, write_fitted
from index.reader.word_overlap import Words
from index.search.loading import find_derived_faults, open_search
from index.search.protocol import Search
from index.search.retriever import Retriever
from index.search.spelling import open_speller
from index.sources.names import name_in
from index.store.certificates import parse_id
from index.store.context import read_context, read_opening
from index.store.integrity import Fault
from index.store.store import Store
from index.text.spelling.speller import Understood
from index.text.terms import Analyzer

_MAX_TRIES, _CHECKED_PASSAGES = 5, 30
EVERYTHING = Scope((DEFAULT_COLLECTION,))


class Library:
    """Documents that can be indexed and asked. Any thread may read while another writes.

    Every method that takes a document's id raises DocumentError if there is no such document.
    """

    def __init__(
        self, settings: IndexSettings, embedder: Embedder | None = None, parse: Parse | None = None
    ) -> None:
        """Open the index in `settings.data`, creating it if there is none.

        `embedder` replaces the model of the settings, `parse` the process that parses in bounds.
        Raises StoreError or ModelError if the folder has no index of this version and model.
        """
        self.folder = settings.data
        self._settings = settings
        self._min_confidence, self._thresholds = settings.min_confidence, 0
        self._analyzer = Analyzer(settings.language)
        self.words = Words(self._analyzer)
        model = embedder.name if embedder else settings.model
        self.store = Store(settings.data / "index.db", settings.database, model)
        self.embedder = embedder or FollowingEmbedder(
            settings, self.store.model, lambda: self.store.revisions.last
        )
        self._writing = self.store.lock(settings.data / "writing.lock")  # two would embed twice
        self._parser = open_pool(settings, self.embedder)
        here = parse and preparing(parse, Tokens.of(self.embedder), Limits.of(settings))
        self.prepare: Prepare = here or self._parser
        self._examples = Examples()
        self.attributions = StoredAttributions(self.store, Tagger(), self._writing)

    def interrupt(self) -> None:
        """Let what is being read end in an InterruptionError, and read nothing more."""
        self._parser.interrupt()

    def close(self) -> None:
        self._parser.close()
        self.store.close()

    def sync(
        self,
        folder: Path,
        collection: str = DEFAULT_COLLECTION,
        progress: Progress | None = None,
        *,
        allow_empty: bool = False,
    ) -> IndexReport:
        """Make a collection equal to a folder; see `Indexer.sync`."""
        with self._changing():
            report = self._indexer(collection).sync(folder, progress, allow_empty=allow_empty)
        self.attributions.update_all(progress)
        return report

    def index_seeds(self, progress: Progress | None = None) -> IndexReport:
        return self.sync(SEEDS, progress=progress)

    def add(
        self,
        locations: Sequence[Path | str],
        collection: str = DEFAULT_COLLECTION,
        progress: Progress | None = None,
    ) -> IndexReport:
        """Add files and pages to a collection; see `Indexer.add`."""
        with self._changing():
            return self._indexer(collection).add(locations, progress)

    def add_document(
        self,
        location: Path | str,
        collection: str,
        progress: Progress,
        name: str = "",
        room: Room = ANY_ROOM,
    ) -> IndexReport:
        """Add a page, or a file or archive under `name`, for a user; `progress` may end it."""
        indexer = self._indexer(collection, progress, fetch_private=False)
        with self._changing(), reporting(progress):
            if isinstance(location, Path):
                return indexer.add_file(location, name, room)
            return indexer.add([location])

    def move(self, document_id: int, collection: str) -> str:
        """Move a document to a collection; return its name there, which is made to differ.

        Raises DocumentError also if the collection has its page already.
        """
        with self._changing():
            taken = self.store.files(collection)
            name = name_in(collection, self.document(document_id).path, taken)
            self.store.move(document_id, collection, name)
            return name

    def remove(self, document_id: int) -> None:
        """Remove a document with all that belongs to it."""
        with self._changing():
            self.document(document_id)
            self.store.remove([document_id])
            self.store.prune()

    def rebuild(self, progress: Progress | None = None) -> None:
        """Make duplicates and search index anew from the stored documents; embeds nothing."""
        with self._writing:
            self.store.find_duplicates()
        if self.store.dimension() is not None:
            self._derived.rebuild(progress)
        self.attributions.update_all(progress)

    def find_faults(self, progress: Progress | None = None) -> list[Fault]:
        """Return the faults of the index; changes nothing, and waits for a running sync."""
        with self._writing:
            parts = self.store, self._settings, self.embedder, self._analyzer
            return self.store.find_faults(progress) or find_derived_faults(*parts)

    def warm_up(self) -> None:
        """Load model and index, so that the first question need not wait for them."""
        self.ask("Is everything loaded?")

    def ask(self, question: str, scope: Scope = EVERYTHING, max_quotes: int = MAX_QUOTES) -> Answer:
        """Answer a question from the documents; see `Answerer.ask`."""
        for _ in range(_MAX_TRIES):
            self._derived.refresh()
            state = self._derived.state
            answer = self._answerer(scope).ask(question, scope, max_quotes)
            # The passages found may have been replaced before they were read.
            if answer.answered or self.store.revisions.read() == state:
                break
        return answer

    def understand(self, question: str, scope: Scope = EVERYTHING) -> Understood:
        """Return a question with misspelt words put right; see `Speller.understand`."""
        self._derived.refresh()
        return self._answerer(scope).speller.understand(check_question(question))

    def answer_from(self, min_confidence: float | None) -> None:
        """Withhold answers below this confidence from now on; None: below the one fitted."""
        self._min_confidence = min_confidence
        self._thresholds += 1

    def certify(self, shown: Iterable[Quote]) -> bool:
        """Keep quotes that are shown, to be verified later; return whether they are kept."""
        return self.store.certificates.keep(shown)

    def forget_certificates(self, collection: str) -> None:
        self.store.certificates.forget(collection)

    def verify(self, certificate: str, scope: Scope = EVERYTHING) -> Verification:
        """Return the state today of a quote that was sent; raise CertificateError if none was."""
        held, holders = self.store.certificates.read(parse_id(certificate), scope)
        return verify(held, holders, self.store.passages, self._find, scope)

    def check(self, text: str, scope: Scope = EVERYTHING) -> tuple[Finding, ...]:
        """Compare the quotations of a text with the documents; see `check_quote`."""
        return check_quote(text, lambda wanted: self._find(wanted, scope))

    def context(self, quote: Quote) -> tuple[Quote, ...]:
        """Return a quote with the sentences around it; see `read_context`."""
        return read_context(self.store.passages, quote)

    def opening(self, document_id: int) -> Quote:
        """Return the first sentences of a document; see `read_opening`."""
        return read_opening(self.store.passages, document_id)

    def on_subject(self, subject: str, scope: Scope = EVERYTHING) -> OnSubject:
        """Return the documents on a subject; see `find_on_subject`."""
        return find_on_subject(self._answerer(scope), subject, scope)

    def examples(self, collections: Sequence[str] = (DEFAULT_COLLECTION,)) -> tuple[str, ...]:
        return self._examples.of(tuple(collections), self.store, self.ask)

    def rank(self, question: str, scope: Scope, k: int) -> dict[str, list[int]]:
        """Return the ids of up to `k` passages by retriever: dense, lexical, fusion; best first."""
        self._derived.refresh()
        rank = Retriever(self._derived, self.embedder.is_multilingual).rank
        return rank(question, self.embedder.embed_question(question), scope, k)

    def question(self, text: str, scope: Scope) -> Question:
        """Return a question as it is to be asked within `scope`."""
        self._derived.refresh()
        words = self._derived.analyzer(scope).content_forms(text)
        unknown = sum(not any(self._derived.has_word(it, scope) for it in word) for word in words)
        return Question(text, self.embedder.embed_question(text), unknown / (len(words) or 1))

    def retrieve(self, question: Question, scope: Scope, k: int) -> list[Retrieved]:
        """Return up to `k` passages within `scope` for a question, best first."""
        self._derived.refresh()
        search = Retriever(self._derived, self.embedder.is_multilingual).search
        return read_hits(self.store.passages, search(question.text, question.vector, scope, k))

    @cached_property
    def reader(self) -> Reader:
        """The reader that the settings name, loaded when it is first needed."""
        of = self._settings
        return open_reader(of.reader, self.embedder, self.words, of.fitted_file, of.models_folder)

    def keep_fitted(self) -> None:
        write_fitted(self._settings.fitted_file, self.reader)

    def revision(self) -> int:
        """Return a number that grows whenever the same question may get another answer."""
        return self.store.revision() + self._thresholds

    def status(self, collections: Sequence[str] = (DEFAULT_COLLECTION,)) -> LibraryStatus:
        return self.store.status(collections)

    def collections(self) -> frozenset[str]:
        return self.store.collections()

    def documents(self, collections: Sequence[str] | None = None) -> list[Document]:
        """Return the documents of the collections (None: of all), ordered by path."""
        return self.store.documents(collections)

    def files(self, collection: str) -> dict[str, StoredFile]:
        return self.store.files(collection)

    def document(self, document_id: int) -> Document:
        return self.store.document(document_id)

    @cached_property
    def _derived(self) -> Search:
        return open_search(self.store, self._settings, self.embedder, self._analyzer)

    def _answerer(self, scope: Scope) -> Answerer:
        speller = open_speller(self._derived, self.store.passages, self.embedder, scope)
        retriever = Retriever(self._derived, self.embedder.is_multilingual)
        parts = self.store.passages, self.question, retriever, self.reader
        return Answerer(*parts, speller, self._min_confidence)

    def _find(self, text: str, scope: Scope) -> list[Passage]:
        question = Question(text, self.embedder.embed_question(text))
        return [item.passage for item in self.retrieve(question, scope, _CHECKED_PASSAGES)]

    def _indexer(self, collection: str, embedding: Progress | None = None, **kw: bool) -> Indexer:
        settings = self._settings.model_copy(update=kw)
        parts = settings, self.store, self.embedder, self.prepare
        return Indexer(*parts, collection, tagger=self.attributions.tagger, embedding=embedding)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Hold the lock of writers; afterwards bring the search index up to date."""
        with self._writing:
            self.store.revisions.read()  # another process may have changed the model
            yield
        try:
            if self.store.dimension() is not None and self._derived.refresh():
                self._derived.save()
        except OSError as error:
            self.__dict__.pop("_derived", None)
            raise StoreError(
                f"{self._settings.derived_folder} cannot be written: {error}; the documents are "
                "stored: see that the disk has room, then sync again"
            ) from error
