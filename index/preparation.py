"""A file's bytes to a document ready to be stored: parsed, split, and what is to be embedded."""

from __future__ import annotations

from index.checksums import sha256_of
from index.embedder import Embedder
from index.folder import FoundFile
from index.parsers import parse
from index.records import Metadata, NewDocument
from index.splitter import split_passages, split_sentences

_MAX_PREFIX_SHARE = 0.25


def prepare(file: FoundFile, data: bytes, origin: str, embedder: Embedder) -> NewDocument:
    """Return the document in a file's bytes.

    What is embedded of a passage is its text under a line of the title, the heading above it and
    the date; the line is never stored or quoted.

    Raises:
        DocumentError: the file cannot be parsed.
    """
    parsed = parse(file.path, data)
    sentences = split_sentences(parsed.text, parsed.paragraphs)
    headings = {paragraph.heading for paragraph in parsed.paragraphs}
    prefixes = {heading: _prefix(parsed.metadata, heading, embedder) for heading in headings}

    def budget(heading: str) -> int:
        return embedder.max_tokens - embedder.count_tokens([prefixes[heading]])[0]

    chunks = split_passages(parsed, sentences, embedder.count_tokens, budget)
    return NewDocument(
        path=file.path,
        origin=origin,
        stat=file.stat,
        sha256=sha256_of(data),
        parsed=parsed,
        sentences=sentences,
        chunks=chunks,
        embedded=tuple(prefixes[chunk.heading] + chunk.span.cut(parsed.text) for chunk in chunks),
    )


def _prefix(metadata: Metadata, heading: str, embedder: Embedder) -> str:
    day = metadata.published.isoformat() if metadata.published else None
    line = " · ".join(filter(None, (day, metadata.title, heading)))
    limit = int(embedder.max_tokens * _MAX_PREFIX_SHARE)
    while (tokens := embedder.count_tokens([line])[0]) > limit:
        line = line[: len(line) * limit // tokens]
    return f"{line}\n" if line else ""
