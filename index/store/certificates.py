"""Certificates: sent quotes, kept under a short id, so that they can be verified later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, or_, select

from index.core.answers import Answer, Quote
from index.core.documents import Span
from index.core.errors import CertificateError
from index.core.files import sha256_of
from index.core.lazy_text import Phrase
from index.core.scope import Scope
from index.store.database import execute, from_row
from index.store.queries import select_among
from index.store.schema import certificates, collections, documents

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 without letters that look like others: Crockford, "Base 32 Encoding"."""

_CHARACTERS, _GROUP = 12, 4
_LOOK_ALIKES = str.maketrans("OIL", "011", "- \t\n")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A quote as it was first sent, at `issued`, UTC."""

    id: str
    collection: str
    path: str
    title: str | None
    document_sha256: str
    span: Span
    text: str
    text_sha256: str
    issued: datetime

    @property
    def is_intact(self) -> bool:
        expected = _make_id(self.document_sha256, self.span, self.text_sha256)
        return sha256_of(self.text) == self.text_sha256 and self.id == expected


@dataclass(frozen=True, slots=True)
class Holder:
    """A document that has, or had, the text of a certificate."""

    document_id: int
    is_same_file: bool


def certificate_id(quote: Quote) -> str:
    """Return the id of a quote, as in 7K3M-Q2XA-90VB; it hashes document, place and text."""
    return format_id(_plain_id(quote))


def format_id(plain: str) -> str:
    """Return an id in groups, as people read it."""
    return "-".join(plain[at : at + _GROUP] for at in range(0, len(plain), _GROUP))


def parse_id(text: str) -> str:
    """Return an id as it is stored: upper case, look-alikes folded, without groups.

    Raises:
        CertificateError: `text` cannot be an id.
    """
    plain = text.strip().upper().translate(_LOOK_ALIKES)
    if len(plain) != _CHARACTERS or not set(plain) <= set(ALPHABET):
        shown = text.strip()[:40]
        raise CertificateError(
            Phrase(
                "{text} is no certificate; one has {characters} letters and digits, as in "
                "7K3M-Q2XA-90VB",
                text=repr(shown),
                characters=_CHARACTERS,
            )
        )
    return plain


@dataclass(frozen=True, slots=True)
class Certificates:
    """Reads and writes the certificates of a store."""

    engine: Engine

    def keep(self, answer: Answer) -> None:
        """Store the quotes of an answer, but for those that are stored."""
        quotes = {_plain_id(quote): quote for quote in _quotes(answer)}
        query = select(certificates.c.id)
        with self.engine.connect() as connection:
            held = {row.id for row in select_among(connection, query, certificates.c.id, quotes)}
        if rows := [_row(at, quote) for at, quote in quotes.items() if at not in held]:
            # Another process may have stored the same quote since.
            execute(self.engine, insert(certificates).prefix_with("OR IGNORE"), rows)

    def read(self, plain_id: str, scope: Scope) -> tuple[Certificate, list[Holder]]:
        """Return a certificate, and the documents that may still have its text.

        Raises:
            CertificateError: nothing in the collections of `scope` was quoted under this id.
        """
        with self.engine.connect() as connection:
            query = select(certificates).where(certificates.c.id == plain_id)
            row = connection.execute(query).one_or_none()
            if row is not None:
                certificate = from_row(Certificate, row, span=Span(row.start, row.end))
                holders = _holders(connection, certificate, scope)
                if holders or certificate.collection in scope.collections:
                    return certificate, holders
        raise CertificateError(
            Phrase(
                "no quote was sent with the certificate {certificate}",
                certificate=format_id(plain_id),
            )
        )


def _row(plain_id: str, quote: Quote) -> dict[str, Any]:
    return {
        "id": plain_id,
        "collection": quote.document.collection,
        "path": quote.document.path,
        "title": quote.source.metadata.title,
        "document_sha256": quote.document.sha256,
        **asdict(quote.span),
        "text": quote.text,
        "text_sha256": sha256_of(quote.text),
        "issued": datetime.now(UTC).replace(tzinfo=None),
    }


def _quotes(answer: Answer) -> Iterator[Quote]:
    for quote in answer.quotes + answer.closest:
        yield quote
        yield from quote.also


def _plain_id(quote: Quote) -> str:
    return _make_id(quote.document.sha256, quote.span, sha256_of(quote.text))


def _make_id(document_sha256: str, span: Span, text_sha256: str) -> str:
    number = int(sha256_of(f"{document_sha256}:{span.start}:{span.end}:{text_sha256}"), 16)
    return "".join(ALPHABET[(number >> 5 * at) % 32] for at in range(_CHARACTERS))


def _holders(connection: Connection, certificate: Certificate, scope: Scope) -> list[Holder]:
    """The document of the same name, and those with the same content, in this order."""
    is_same_file = (collections.c.name == certificate.collection) & (
        documents.c.path == certificate.path
    )
    query = (
        select(documents.c.id, is_same_file.label("is_same_file"))
        .join(collections)
        .where(
            collections.c.name.in_(scope.collections),
            or_(is_same_file, documents.c.sha256 == certificate.document_sha256),
        )
        .order_by(is_same_file.desc(), documents.c.id)
    )
    return [Holder(row.id, bool(row.is_same_file)) for row in connection.execute(query)]
