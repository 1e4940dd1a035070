"""Checks of the index and of the models. They change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.findings import Finding, Level, count, one_line
from index.core.errors import OnrecordError, SpanError
from index.core.settings import DEFAULT_MODEL, IndexSettings
from index.library import Library
from index.models import Embedder
from index.models.loading import open_embedder
from index.models.minilm import bundled_model, is_converted
from index.reader.loading import open_reader
from index.reader.word_overlap import Words
from index.search.loading import read_server_state
from index.store.database import MIGRATIONS
from index.store.databases.postgresql import name_of
from index.store.databases.sqlite import Schema, read_schema
from index.text.terms import Analyzer

BROKEN = (OnrecordError, SQLAlchemyError, OSError)
# A value that we never write, as of a damaged page, may raise these anywhere.
DAMAGED = (SpanError, ValueError, TypeError, LookupError, AssertionError)


def check_index(settings: IndexSettings, deep: bool = False) -> Iterator[Finding]:
    """Yield findings on opening the index, on its content and, if `deep`, on its integrity."""
    path = settings.data / "index.db"
    if settings.database is not None:
        yield from _check_server(settings, settings.database, deep)
        return
    if not path.exists():
        text = f"none in {settings.data} yet; `onrecord index sync DIR` makes one of a folder"
        yield Finding("index", Level.WARN, text)
        return
    try:
        schema = check_schema(read_schema(path, MIGRATIONS))
        yield schema
        if schema.level is not Level.OK:
            return
        with closing(Library(settings)) as library:
            yield check_content(library)
            yield check_derived(settings, library)
            if deep:
                yield check_whole([str(fault) for fault in library.find_faults()])
    except DAMAGED as error:
        text = f"{path} is damaged ({one_line(error)}); restore a backup, or move it away and index"
        yield Finding("index", Level.FAIL, f"{text} again")
    except BROKEN as error:
        yield Finding("index", Level.FAIL, one_line(error))


def _check_server(settings: IndexSettings, database: URL, deep: bool) -> Iterator[Finding]:
    try:
        with closing(Library(settings)) as library:
            text = f"{name_of(database)} is in reach, its schema up to date"
            yield Finding("database", Level.OK, text)
            yield check_content(library)
            yield check_derived(settings, library)
            if deep:
                yield check_whole([str(fault) for fault in library.find_faults()])
    except BROKEN as error:
        yield Finding("database", Level.FAIL, one_line(error))


def check_schema(schema: Schema) -> Finding:
    """Return whether this program can use the file. To open an older one would migrate it."""
    if schema.found == schema.latest:
        return Finding("schema", Level.OK, str(schema.found))
    if schema.found is None:
        text = "another program's database; set ONRECORD_DATA to another folder"
        return Finding("schema", Level.FAIL, text)
    if schema.found < schema.oldest:
        text = f"{schema.found} is from before the first release; move it away and index again"
        return Finding("schema", Level.FAIL, text)
    if schema.found < schema.latest:
        text = f"{schema.found}; the next command brings it to {schema.latest}: copy it first"
        return Finding("schema", Level.WARN, text)
    text = f"{schema.found} is newer than this program's {schema.latest}; update onrecord"
    return Finding("schema", Level.FAIL, text)


def check_content(library: Library) -> Finding:
    """Return the size of the index, and its model."""
    documents = library.documents()
    if not documents:
        text = "no documents; `onrecord index sync DIR` indexes a folder"
        return Finding("index", Level.WARN, text)
    passages = sum(document.passages for document in documents)
    revision = library.store.revision()
    text = (
        f"{count(len(documents), 'document')}, {count(passages, 'passage')}, revision "
        f"{revision:,}, made with {library.embedder.name}"
    )
    return Finding("index", Level.OK, text)


def check_derived(settings: IndexSettings, library: Library) -> Finding:
    """Return whether the search index exists; without it the next start takes longer."""
    text = "not there; the next question makes it anew, `onrecord index rebuild` does so now"
    if settings.milvus is not None:
        parts = library.store, settings, library.embedder, Analyzer(settings.language)
        state = read_server_state(*parts)
        place = settings.milvus.render_as_string(hide_password=True)
        level = {"": Level.WARN, "of another index": Level.FAIL}.get(state, Level.OK)
        return Finding("derived", level, f"{place}: {state or text}")
    data = settings.data
    if (data / "derived" / "vectors.faiss").exists():
        return Finding("derived", Level.OK, f"{data / 'derived'} is there")
    return Finding("derived", Level.WARN, text)


def check_whole(faults: Sequence[str]) -> Finding:
    """Return the first fault of the index, and the number of others."""
    if not faults:
        return Finding("whole", Level.OK, "nothing is torn")
    more = f" (and {len(faults) - 1:,} more)" if len(faults) > 1 else ""
    return Finding("whole", Level.FAIL, f"{faults[0]}{more}")


def check_models(settings: IndexSettings) -> Iterator[Finding]:
    """Yield whether the embedding model and the reader exist, with the right checksums."""
    embedder = open_embedder(settings.model, settings.models_folder)
    try:
        yield check_embedder(settings, embedder)
    except BROKEN as error:
        yield Finding("model", Level.FAIL, one_line(error))
    try:
        words = Words(Analyzer(settings.language))
        open_reader(settings.reader, embedder, words, settings.fitted_file, settings.models_folder)
        yield Finding("reader", Level.OK, f"{settings.reader}, loaded")
    except BROKEN as error:
        yield Finding("reader", Level.FAIL, one_line(error))


def check_embedder(settings: IndexSettings, embedder: Embedder) -> Finding:
    """Return whether the model can be used; the default one is not converted for the check.

    Raises:
        ModelError: it is missing or damaged.
    """
    if settings.model != DEFAULT_MODEL:
        embedder.embed_question("Is it loaded?")
        return Finding("model", Level.OK, f"{settings.model}, loaded")
    bundled_model()
    state = "converted" if is_converted(settings.models_folder) else "converted on first use"
    return Finding("model", Level.OK, f"{DEFAULT_MODEL}, the published weights, {state}")
