"""Cuts a parsed document into sentences and passages, and adds the texts to embed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple, Protocol

from index.core.documents import Chunk, Metadata, NewDocument, Paragraph, Parsed, Sentence
from index.core.errors import DocumentError
from index.core.files import FileStat
from index.core.settings import IndexSettings
from index.ingest.chunks import CountTokens, split_passages
from index.ingest.doubt import without_doubtful
from index.models import Embedder
from index.parsers import PARSERS_VERSION, Parse
from index.parsers.toolkit.metadata import overlay
from index.parsers.toolkit.siblings import NONE, Siblings, beside
from index.text.language import by_frequent_words, of_document
from index.text.sentences import iterate_sentences

MAX_NAME_CHARS = 500
"""Longer titles and headings are cut: every passage is stored with its own."""

_MAX_URL_CHARS = 2000
_READ_PARAGRAPHS = 50
_MAX_PROSE_CHARS = 500_000
_MAX_TAG_CHARS = 35
_MAX_PREFIX_SHARE = 0.25


class Limits(NamedTuple):
    """The most that one document may have."""

    characters: int
    sentences: int
    passages: int

    @classmethod
    def of(cls, settings: IndexSettings) -> Limits:
        return cls(settings.max_characters, settings.max_sentences, settings.max_passages)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of the embedding model: how it counts them, and how many a passage may have."""

    count: CountTokens
    most: int

    @classmethod
    def of(cls, embedder: Embedder) -> Tokens:
        return cls(embedder.count_tokens, embedder.max_tokens)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A parsed document, cut up.

    Attributes:
        prefixes: for each chunk the line that is embedded above it, "" for none.
    """

    parsed: Parsed
    sentences: tuple[Sentence, ...]
    chunks: tuple[Chunk, ...]
    prefixes: tuple[str, ...]

    @property
    def embedded(self) -> tuple[str, ...]:
        """The text to embed for each chunk."""
        pairs = zip(self.prefixes, self.chunks, strict=True)
        return tuple(prefix + chunk.span.cut(self.parsed.text) for prefix, chunk in pairs)


class Prepare(Protocol):
    """Parses a file and cuts it up: in this process, or in one within bounds."""

    def __call__(
        self, name: str, data: bytes, metadata: Metadata, siblings: Siblings = NONE, /
    ) -> Prepared:
        """Return the document in a file; fields of `metadata` win over its own.

        Raises:
            DocumentError: it cannot be read, or exceeds a limit.
        """


def prepare(name: str, parsed: Parsed, tokens: Tokens, limits: Limits) -> Prepared:
    """Return a parsed document, cut up.

    A passage is embedded under a line of its date, title and heading, which is never stored or
    quoted.

    Raises:
        DocumentError: it exceeds the limits; or OCR read it, and is not sure of any sentence.
    """
    if len(parsed.text) > limits.characters:
        raise _too_many(name, "characters", limits.characters)
    parsed = without_doubtful(parsed)
    if not parsed.paragraphs:
        raise DocumentError(name, "nothing to quote: OCR is not sure of any sentence")
    parsed = _with_short_names(parsed)
    prose = " ".join(one.span.cut(parsed.text) for one in parsed.paragraphs[:_READ_PARAGRAPHS])
    found = iterate_sentences(parsed.text, parsed.paragraphs, by_frequent_words(prose) or "en")
    sentences = tuple(islice(found, limits.sentences + 1))
    if len(sentences) > limits.sentences:
        raise _too_many(name, "sentences", limits.sentences)
    prefixer = _Prefixer(parsed, tokens)
    chunks = tuple(split_passages(parsed, sentences, tokens.count, prefixer.budget))
    if len(chunks) > limits.passages:
        raise _too_many(name, "passages", limits.passages)
    return Prepared(parsed, sentences, chunks, tuple(map(prefixer.prefix, chunks)))


def new_document(
    prepared: Prepared,
    *,
    path: str,
    origin: str,
    stat: FileStat,
    sha256: str,
    fetched: datetime | None = None,
) -> NewDocument:
    """Return a prepared document as it will be stored, with the language that its prose shows."""
    parsed = prepared.parsed
    # Of a large document a part, from all over it: its words would take 100 MB.
    some = parsed.paragraphs[:: 1 + len(parsed.text) // _MAX_PROSE_CHARS]
    prose = "\n".join(paragraph.span.cut(parsed.text) for paragraph in some)
    language = of_document(prose, parsed.metadata.language)
    return NewDocument(
        path=path,
        origin=origin,
        stat=stat,
        sha256=sha256,
        parsers_version=PARSERS_VERSION,
        parsed=replace(parsed, metadata=replace(parsed.metadata, language=language)),
        sentences=prepared.sentences,
        chunks=prepared.chunks,
        embedded=prepared.embedded,
        fetched=fetched,
    )


def preparing(parse: Parse, tokens: Tokens, limits: Limits) -> Prepare:
    """Return a function that parses and prepares a file; see `Prepare`."""

    def run(name: str, data: bytes, metadata: Metadata, siblings: Siblings = NONE) -> Prepared:
        with beside(siblings):
            parsed = parse(name, data)
        whole = replace(parsed, metadata=overlay(metadata, parsed.metadata))
        return prepare(name, whole, tokens, limits)

    return run


def _with_short_names(parsed: Parsed) -> Parsed:
    """Cut what names a document and its parts, and leave out addresses that are too long."""

    def short(name: str | None) -> str | None:
        return name and name[:MAX_NAME_CHARS]

    def whole(url: str | None) -> str | None:
        return url if url is None or len(url) <= _MAX_URL_CHARS else None

    metadata = parsed.metadata
    return replace(
        parsed,
        metadata=replace(
            metadata,
            title=short(metadata.title),
            author=short(metadata.author),
            publisher=short(metadata.publisher),
            language=metadata.language and metadata.language[:_MAX_TAG_CHARS],
            url=whole(metadata.url),
        ),
        paragraphs=tuple(
            Paragraph(one.span, one.heading[:MAX_NAME_CHARS])
            if len(one.heading) > MAX_NAME_CHARS
            else one
            for one in parsed.paragraphs
        ),
        entries=tuple(
            replace(entry, title=short(entry.title), url=whole(entry.url))
            for entry in parsed.entries
        ),
    )


def _too_many(name: str, what: str, limit: int) -> DocumentError:
    return DocumentError(
        name,
        f"holds more than {limit:,} {what}; split the file or raise ONRECORD_MAX_{what.upper()}",
    )


class _Prefixer:
    """Makes the line above a passage that is embedded with it, "" for none."""

    def __init__(self, parsed: Parsed, tokens: Tokens) -> None:
        self._parsed = parsed
        self._tokens = tokens
        self._made: dict[str, tuple[str, int]] = {}

    def budget(self, paragraph: Paragraph) -> int:
        """Return the word pieces left for a passage that begins with this paragraph."""
        _, tokens = self._make(paragraph.heading, paragraph.span.start)
        return self._tokens.most - tokens

    def prefix(self, chunk: Chunk) -> str:
        prefix, _ = self._make(chunk.heading, chunk.span.start)
        return prefix

    def _make(self, heading: str, offset: int) -> tuple[str, int]:
        metadata, entry = self._parsed.metadata, self._parsed.entry_at(offset)
        published = (entry and entry.published) or metadata.published
        title = (entry and entry.title) or metadata.title
        line = prefix_of(published, title, heading)
        if line not in self._made:
            self._made[line] = shorten(line, self._tokens)
        return self._made[line]


def prefix_of(published: date | None, title: str | None, heading: str) -> str:
    """Return the line that is embedded above a passage, of any length."""
    day = published.isoformat() if published else None
    return " · ".join(dict.fromkeys(filter(None, (day, title, heading))))


def shorten(line: str, tokens: Tokens) -> tuple[str, int]:
    """Return a line with its end, cut to the share of a passage that it may take; its pieces."""
    limit = int(tokens.most * _MAX_PREFIX_SHARE)
    while (count := tokens.count([line])[0]) > limit:
        line = line[: len(line) * limit // count]
    return (f"{line}\n", count) if line else ("", count)
