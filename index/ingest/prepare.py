"""Splits a parsed document and adds the texts to embed, ready to be stored."""

from __future__ import annotations

from datetime import datetime

from index.core.documents import Chunk, FileStat, NewDocument, Paragraph, Parsed
from index.core.errors import DocumentError
from index.ingest.chunks import split_passages
from index.ingest.doubt import without_doubtful
from index.models import Embedder
from index.parsers import PARSERS_VERSION
from index.text.sentences import split_sentences

_MAX_PREFIX_SHARE = 0.25


def prepare(
    parsed: Parsed,
    embedder: Embedder,
    *,
    path: str,
    origin: str,
    stat: FileStat,
    sha256: str,
    fetched: datetime | None = None,
) -> NewDocument:
    """Return a parsed document as it will be stored.

    A passage is embedded under a line of its date, title and heading, which is never stored or
    quoted.

    Raises:
        DocumentError: OCR read it, and is not sure of any sentence.
    """
    parsed = without_doubtful(parsed)
    if not parsed.paragraphs:
        raise DocumentError(path, "nothing to quote: OCR is not sure of any sentence")
    sentences = split_sentences(parsed.text, parsed.paragraphs)
    prefixer = _Prefixer(parsed, embedder)
    chunks = split_passages(parsed, sentences, embedder.count_tokens, prefixer.budget)
    return NewDocument(
        path=path,
        origin=origin,
        stat=stat,
        sha256=sha256,
        parsers_version=PARSERS_VERSION,
        parsed=parsed,
        sentences=sentences,
        chunks=chunks,
        embedded=tuple(prefixer.prefix(chunk) + chunk.span.cut(parsed.text) for chunk in chunks),
        fetched=fetched,
    )


class _Prefixer:
    """Makes the line above a passage that is embedded with it, "" for none."""

    def __init__(self, parsed: Parsed, embedder: Embedder) -> None:
        self._parsed = parsed
        self._embedder = embedder
        self._made: dict[str, tuple[str, int]] = {}

    def budget(self, paragraph: Paragraph) -> int:
        """Return the word pieces left for a passage that begins with this paragraph."""
        _, tokens = self._make(paragraph.heading, paragraph.span.start)
        return self._embedder.max_tokens - tokens

    def prefix(self, chunk: Chunk) -> str:
        prefix, _ = self._make(chunk.heading, chunk.span.start)
        return prefix

    def _make(self, heading: str, offset: int) -> tuple[str, int]:
        metadata, entry = self._parsed.metadata, self._parsed.entry_at(offset)
        published = (entry and entry.published) or metadata.published
        title = (entry and entry.title) or metadata.title
        day = published.isoformat() if published else None
        line = " · ".join(dict.fromkeys(filter(None, (day, title, heading))))
        if line not in self._made:
            self._made[line] = self._shorten(line)
        return self._made[line]

    def _shorten(self, line: str) -> tuple[str, int]:
        limit = int(self._embedder.max_tokens * _MAX_PREFIX_SHARE)
        while (tokens := self._embedder.count_tokens([line])[0]) > limit:
            line = line[: len(line) * limit // tokens]
        return (f"{line}\n", tokens) if line else ("", tokens)
