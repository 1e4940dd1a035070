"""Recalls quotes that were kept: as they stand today, or as they stood when they were kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.answering.verification import State, verify
from index.core.answers import Quote
from index.core.errors import CertificateError, DocumentError
from index.core.scope import Scope
from index.store.certificates import Certificate, format_id

if TYPE_CHECKING:  # The models are slow to import.
    from index.library import Library

STANDING = frozenset({State.UNCHANGED, State.MOVED})
CHANGED = frozenset({State.CHANGED, State.SENTENCE_GONE})


@dataclass(frozen=True, slots=True)
class Recalled:
    """A quote that was kept, and its state today.

    Attributes:
        quote: as it stands; as it stood, without its place, if the document has changed since;
            None if the document is gone, and its words with it.
    """

    certificate: Certificate
    state: State
    quote: Quote | None

    @property
    def id(self) -> str:
        return format_id(self.certificate.id)

    @property
    def has_changed(self) -> bool:
        """Whether the document no longer says so."""
        return self.quote is not None and self.state in CHANGED


def recall(library: Library, kept: Iterable[Certificate], scope: Scope) -> list[Recalled]:
    """Return quotes that were kept, in their order, as far as `scope` still has them."""
    return [_recall(library, certificate, scope) for certificate in kept]


def _recall(library: Library, kept: Certificate, scope: Scope) -> Recalled:
    try:
        found = library.verify(kept.id, scope)
    except CertificateError:
        # The index keeps only the last ones; the place alone finds what still stands there.
        holders = library.store.certificates.holders(kept, scope)
        found = verify(kept, holders, library.store.passages, lambda _text, _scope: (), scope)
    if found.state in STANDING:
        return Recalled(kept, found.state, found.quote)
    quote = _as_kept(library, found.certificate, scope) if found.state in CHANGED else None
    return Recalled(kept, found.state if quote else State.DOCUMENT_GONE, quote)


def _as_kept(library: Library, certificate: Certificate, scope: Scope) -> Quote | None:
    """The words that the certificate has, as long as its document is there."""
    for holder in library.store.certificates.holders(certificate, scope):
        try:
            document = library.document(holder.document_id)
        except DocumentError:  # removed this moment
            continue
        if certificate.text is not None:
            return Quote(document, certificate.span, certificate.text, paragraph=0, score=0.0)
    return None
