"""Verifies that a quote which was sent is still in the documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from index.answering.quote_check import Finding, Verdict, locate
from index.core.answers import Quote
from index.core.documents import Paragraph, Passage, Span
from index.core.scope import Scope
from index.store.certificates import Certificate, Holder
from index.store.passages import PassageReader
from index.text.diff import Diff, compare
from index.text.sentences import split_sentences

Find = Callable[[str, Scope], Sequence[Passage]]
"""Returns the passages within a scope that may hold a text, best first."""


class State(StrEnum):
    """The state of a quote that was sent."""

    UNCHANGED = "unchanged"  # the same characters at the same place
    MOVED = "moved"  # the same words elsewhere: in the document, under a new name, in another one
    CHANGED = "changed"
    SENTENCE_GONE = "sentence gone"
    DOCUMENT_GONE = "document gone"
    DAMAGED = "damaged"  # the record itself no longer agrees with its checksums


@dataclass(frozen=True, slots=True)
class Verification:
    """A quote that was sent, and its state today."""

    state: State
    certificate: Certificate
    quote: Quote | None = None  # the same words today, or the sentences that come nearest
    diff: Diff = ()  # from the text that was sent to that of today, if it changed


def verify(
    certificate: Certificate,
    holders: Sequence[Holder],
    passages: PassageReader,
    find: Find,
    scope: Scope,
) -> Verification:
    """Return the state of the quote of a certificate.

    `holders` are the documents that may still have it, the one with its file's name first; `find`
    searches `scope` if none of them has it at its place.
    """
    if not certificate.is_intact:
        return Verification(State.DAMAGED, certificate)
    for holder in holders:
        if quote := _quote_in_place(certificate, passages, holder.document_id):
            state = State.UNCHANGED if holder.is_same_file else State.MOVED
            return Verification(state, certificate, quote)
    if certificate.text is None:
        return Verification(State.DOCUMENT_GONE, certificate)
    return _search(certificate, certificate.text, holders, find, scope)


def _search(
    certificate: Certificate, text: str, holders: Sequence[Holder], find: Find, scope: Scope
) -> Verification:
    """The state of a quote that is not in its place any more."""
    sentences = len(split_sentences(text, [Paragraph(Span(0, len(text)))]))
    for holder in holders:
        inside = replace(scope, documents=(holder.document_id,))
        found = locate(text, find(text, inside), sentences)
        if found.quote is not None:
            if _is_the_same(found):
                return Verification(State.MOVED, certificate, found.quote)
            diff = compare(text, found.quote.text)
            return Verification(State.CHANGED, certificate, found.quote, diff)
    elsewhere = locate(text, find(text, scope), sentences)
    if _is_the_same(elsewhere):
        return Verification(State.MOVED, certificate, elsewhere.quote)
    has_file = any(holder.is_same_file for holder in holders)
    return Verification(State.SENTENCE_GONE if has_file else State.DOCUMENT_GONE, certificate)


def _quote_in_place(
    certificate: Certificate, passages: PassageReader, document_id: int
) -> Quote | None:
    span = certificate.span
    for passage in passages.read(passages.overlapping(document_id, span)):
        is_whole = passage.span.covers(span) and any(span.covers(s.span) for s in passage.sentences)
        if is_whole and certificate.is_of(passage.cut(span)):
            return Quote.from_passage(passage, span, score=1.0)
    return None


def _is_the_same(finding: Finding) -> bool:
    return finding.verdict is Verdict.EXACT and not finding.is_part
