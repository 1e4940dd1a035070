"""The library: one index, opened, with all that can be done to it and asked of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from filelock import FileLock

from index.answering.answerer import MAX_QUOTES, Answerer, retrieve
from index.answering.examples import Examples
from index.answering.quote_check import Finding, check_quote
from index.answering.verification import Verification, verify
from index.core.answers import Answer, Quote
from index.core.documents import Document, LibraryStatus, Passage, Progress, StoredFile
from index.core.errors import DocumentError, StoreError
from index.core.scope import Scope
from index.core.settings import DEFAULT_COLLECTION, SEEDS, IndexSettings
from index.ingest.indexer import Indexer
from index.ingest.intake import open_indexer
from index.ingest.report import IndexReport
from index.models.loading import Embedder, LazyEmbedder
from index.models.paced import PacedEmbedder
from index.parsers import Parse
from index.parsers.sandbox import ParserProcess
from index.reader import Question, Reader, Retrieved
from index.reader.loading import open_reader, write_fitted
from index.reader.word_overlap import Words
from index.search.integrity import find_derived_faults
from index.search.retriever import Retriever
from index.search.search_index import LocalIndex
from index.sources.names import free_name, is_url
from index.store.certificates import parse_id
from index.store.integrity import Fault
from index.store.store import Store
from index.text.question import Speller
from index.text.terms import Analyzer

_MAX_TRIES = 5
_LOOKED_THROUGH = 30
EVERYTHING = Scope((DEFAULT_COLLECTION,))

logger = logging.getLogger(__name__)


class Library:
    """Documents that can be indexed and asked."""

    def __init__(
        self,
        settings: IndexSettings,
        embedder: Embedder | None = None,
        parse: Parse | None = None,
    ) -> None:
        """Open the index in `settings.data`, creating it where there is none.

        Args:
            settings: where it lies and how it is made.
            embedder: in place of the model that the settings name.
            parse: in place of a process of its own that parses within limits.

        Raises:
            StoreError: the folder holds something else, or an index of a newer version.
            ModelError: the index was made with another model.
        """
        self._settings = settings
        self.analyzer = Analyzer(settings.language)
        self.words = Words(self.analyzer, self.count_passages)
        self.store = Store(settings.data / "index.db")
        # Two processes that index at once would embed the same files twice.
        self._writing = FileLock(settings.data / "writing.lock")
        self.embedder = embedder or LazyEmbedder(settings.model, settings.models_folder)
        self.store.check_model(self.embedder.name)
        self._thresholds = 0
        self._parser = ParserProcess(settings.parse_memory_mb, settings.parse_seconds)
        self._parse = parse or self._parser.parse
        self._examples = Examples()

    def close(self) -> None:
        """Release the files and end the process that parses."""
        self._parser.close()
        self.store.close()

    # Documents in and out

    def sync(
        self,
        folder: Path,
        collection: str = DEFAULT_COLLECTION,
        progress: Progress | None = None,
        *,
        allow_empty: bool = False,
    ) -> IndexReport:
        """Make a collection equal to a folder; see `Indexer.sync`."""
        with self._writing:
            report = self._indexer(collection).sync(folder, progress, allow_empty=allow_empty)
        self._refresh_and_save()
        return report

    def add(
        self,
        locations: Sequence[Path | str],
        collection: str = DEFAULT_COLLECTION,
        progress: Progress | None = None,
    ) -> IndexReport:
        """Add files and pages to a collection; see `Indexer.add`."""
        with self._writing:
            report = self._indexer(collection).add(locations, progress)
        self._refresh_and_save()
        return report

    def add_document(
        self, location: Path | str, collection: str, progress: Progress, name: str = ""
    ) -> IndexReport:
        """Add one file, under a name of its own, or the page of a URL.

        `progress` is told of passages, and ends the work where it raises.
        """
        indexer = self._indexer(collection, PacedEmbedder(self.embedder, progress))
        with self._writing:
            if isinstance(location, Path):
                report = indexer.add_file(location, name)
            else:
                report = indexer.add([location])
        self._refresh_and_save()
        return report

    def move(self, document_id: int, collection: str) -> str:
        """Move a document to a collection; return its name there, which is made to differ.

        Raises:
            DocumentError: there is no such document, or the collection has its page already.
        """
        with self._writing:
            path = self.document(document_id).path
            taken = self.store.files(collection)
            if is_url(path) and path in taken:
                raise DocumentError(path, f"the collection {collection} has this page already")
            name = path if is_url(path) else free_name(path, taken)
            self.store.move(document_id, collection, name)
        self._refresh_and_save()
        return name

    def remove(self, document_id: int) -> None:
        """Remove a document.

        Raises:
            DocumentError: there is no such document.
        """
        with self._writing:
            self.document(document_id)
            self.store.remove([document_id])
            self.store.prune()
        self._refresh_and_save()

    def rebuild(self, progress: Progress | None = None) -> None:
        """Make anew what follows from the stored documents; embeds nothing."""
        with self._writing:
            self.store.find_duplicates()
        if self.store.dimension() is not None:
            self._derived.rebuild(progress)

    def find_faults(self, progress: Progress | None = None) -> list[Fault]:
        """Return what is wrong with the index; changes nothing, and waits for a running sync."""
        with self._writing:
            findings = self.store.find_faults(progress)
            dimension = self.store.dimension() if not findings else None
            if dimension is None:
                return findings
            place = self._settings.derived_folder, self._settings.language
            made_with = dimension, self.embedder.name
            return list(find_derived_faults(self.store.passages, *place, *made_with))

    def is_new(self) -> bool:
        """Whether nothing was ever indexed here."""
        return self.store.revision() == 0

    def index_seeds(self, progress: Progress | None = None) -> IndexReport:
        """Index the documents that ship with the program."""
        return self.sync(SEEDS, progress=progress)

    # Questions

    def warm_up(self) -> None:
        """Load model and index, so that the first question need not wait for them."""
        self.ask("Is everything loaded?")

    def ask(self, question: str, scope: Scope = EVERYTHING, max_quotes: int = MAX_QUOTES) -> Answer:
        """Return what the documents say to a question; see `Answerer.ask`."""
        for _ in range(_MAX_TRIES):
            revision = self.store.revision()
            self._derived.refresh()
            answer = self._answerer.ask(question, scope, max_quotes)
            # What was found may have been replaced before it was read.
            if answer.answered or self.store.revision() == revision:
                break
        return answer

    def answer_from(self, min_confidence: float | None) -> None:
        """Withhold answers below this confidence from now on; None: below the one fitted."""
        changed = {"min_confidence": min_confidence}
        self._settings = self._settings.model_copy(update=changed)
        self._thresholds += 1

    def certify(self, answer: Answer) -> None:
        """Keep the quotes of an answer that is sent, for them to be verified later.

        An answer is worth more than its certificates: where they cannot be written, that is logged.
        """
        try:
            self.store.certify(answer)
        except StoreError as error:
            logger.warning("the certificates of an answer were not written: %s", error)

    def verify(self, certificate: str, scope: Scope = EVERYTHING) -> Verification:
        """Return what became of a quote that was sent.

        Raises:
            CertificateError: no quote was sent under this id.
        """
        self._derived.refresh()
        held, holders = self.store.certificates.read(parse_id(certificate), scope)
        return verify(held, holders, self.store.passages, self._find, scope)

    def check(self, text: str, scope: Scope = EVERYTHING) -> tuple[Finding, ...]:
        """Return what the documents say of a text that is given as a quote; see `check_quote`."""
        return check_quote(text, lambda wanted: self._find(wanted, scope))

    def context(self, quote: Quote) -> tuple[Quote, ...]:
        """Return a quote with the sentences around it; see `read_context`. Any thread may ask.

        Raises:
            DocumentError: the document is gone, or has other characters at this place by now.
        """
        return self.store.context(quote)

    def rank(self, question: str, scope: Scope, k: int) -> dict[str, list[int]]:
        """Return the ids of up to `k` passages by retriever: dense, lexical, fusion; best first."""
        self._derived.refresh()
        vector = self.embedder.embed_question(question)
        return {
            "dense": [at for at, _ in self._derived.search_dense(vector, k, scope)],
            "lexical": [at for at, _ in self._derived.search_lexical(question, k, scope)],
            "fusion": [
                hit.passage_id
                for hit in Retriever(self._derived).search(question, vector, scope, k)
            ],
        }

    def retrieve(self, question: Question, scope: Scope, k: int) -> list[Retrieved]:
        """Return up to `k` passages within `scope` for a question, best first."""
        self._derived.refresh()
        return retrieve(Retriever(self._derived), self.store.passages, question, scope, k)

    def count_passages(self, term: str) -> tuple[int, int]:
        """Return how many passages hold a term of `analyzer`, and of how many."""
        return self._derived.document_frequency(term)

    def keep_fitted(self) -> None:
        """Keep what was fitted to the reader, for it to be used from now on."""
        write_fitted(self._settings.fitted_file, self.reader)

    def revision(self) -> int:
        """Return a number that grows whenever the same question may get another answer.

        Any thread may ask, also while another asks a question.
        """
        return self.store.revision() + self._thresholds

    def status(self, collections: Sequence[str] = (DEFAULT_COLLECTION,)) -> LibraryStatus:
        """Return how much the collections hold."""
        return self.store.status(collections)

    def documents(self, collections: Sequence[str] | None = None) -> list[Document]:
        """Return the documents of the collections (None: of all), ordered by path."""
        return self.store.documents(collections)

    def files(self, collection: str) -> dict[str, StoredFile]:
        """Return the documents of a collection by path, as files. Any thread may ask."""
        return self.store.files(collection)

    def collections(self) -> frozenset[str]:
        """Return the collections that hold a document. Any thread may ask."""
        return self.store.collections()

    def examples(self, collections: Sequence[str] = (DEFAULT_COLLECTION,)) -> tuple[str, ...]:
        """Return three questions that these documents answer, or fewer."""
        return self._examples.of(tuple(collections), self.store, self.ask)

    def document(self, document_id: int) -> Document:
        """Return one document.

        Raises:
            DocumentError: there is no such document.
        """
        return self.store.document(document_id)

    @cached_property
    def reader(self) -> Reader:
        """The reader that the settings name, loaded when it is first needed."""
        settings = self._settings
        return open_reader(settings.reader, self.embedder, self.words, settings.fitted_file)

    @property
    def folder(self) -> Path:
        """Where the index lies."""
        return self._settings.data

    @cached_property
    def _derived(self) -> LocalIndex:
        dimension = self.store.dimension() or self.embedder.dimension
        folder = self._settings.derived_folder
        return LocalIndex(self.store, folder, self.embedder.name, dimension, self.analyzer)

    @property
    def _answerer(self) -> Answerer:
        return Answerer(
            self.store.passages,
            self.embedder,
            Retriever(self._derived),
            self.reader,
            Speller(self.analyzer, self._is_known, self.embedder.count_tokens),
            self._settings.min_confidence,
        )

    def _is_known(self, term: str) -> bool:
        return self.count_passages(term)[0] > 0

    def _find(self, text: str, scope: Scope) -> list[Passage]:
        question = Question(text, self.embedder.embed_question(text))
        return [item.passage for item in self.retrieve(question, scope, _LOOKED_THROUGH)]

    def _indexer(self, collection: str, embedder: Embedder | None = None) -> Indexer:
        with_embedder = embedder or self.embedder
        return open_indexer(self._settings, self.store, with_embedder, self._parse, collection)

    def _refresh_and_save(self) -> None:
        try:
            if self.store.dimension() is not None and self._derived.refresh():
                self._derived.save()
        except OSError as error:
            self.__dict__.pop("_derived", None)
            raise StoreError(
                f"{self._settings.derived_folder} cannot be written: {error}; the documents are "
                "stored: see that the disk has room, then sync again"
            ) from error
