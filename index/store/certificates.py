"""Certificates: sent quotes, kept under a short id, so that they can be verified later."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    delete,
    exists,
    literal_column,
    or_,
    select,
    update,
)

from index.core.answers import Quote
from index.core.documents import Span
from index.core.errors import CertificateError, StoreError
from index.core.files import sha256_of
from index.core.lazy_text import Phrase
from index.core.scope import Scope
from index.store.database import execute, from_row, writing
from index.store.databases.dialects import insert
from index.store.queries import batches, select_among
from index.store.schema import certificates, collections, documents

logger = logging.getLogger(__name__)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 without letters that look like others: Crockford, "Base 32 Encoding"."""

MAX_CERTIFICATES = 200_000
"""How many are kept of all collections, the last ones."""

_CHARACTERS, _GROUP = 12, 4
_LOOK_ALIKES = str.maketrans("OIL", "011", "- \t\n")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A quote as it was first sent from a collection, at `issued`, UTC.

    Its title and text are None once the document is removed.
    """

    id: str
    collection: str
    path: str
    title: str | None
    document_sha256: str
    span: Span
    text: str | None
    text_sha256: str
    issued: datetime

    @property
    def is_intact(self) -> bool:
        expected = _make_id(self.document_sha256, self.span, self.text_sha256)
        return self.id == expected and (self.text is None or self.is_of(self.text))

    def is_of(self, text: str) -> bool:
        """Whether this is the text that was quoted."""
        return sha256_of(text) == self.text_sha256


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

    def keep(self, shown: Iterable[Quote]) -> bool:
        """Store quotes that are shown, but for those that are stored; return whether all are.

        A failure, as of a full disk, is only logged.
        """
        try:
            self._keep(shown)
        except StoreError as error:
            logger.warning("certificates were not written: %s", error)
            return False
        return True

    def _keep(self, shown: Iterable[Quote]) -> None:
        quotes = {(_plain_id(quote), quote.document.collection): quote for quote in shown}
        query = select(certificates.c.id, certificates.c.collection)
        ids = {plain for plain, _ in quotes}
        with self.engine.connect() as connection:
            held = set(map(tuple, select_among(connection, query, certificates.c.id, ids)))
        if rows := [_row(key[0], quote) for key, quote in quotes.items() if key not in held]:
            with writing(self.engine) as connection:
                # Another process may have stored the same quote since.
                adding = insert(connection, certificates)
                connection.execute(adding.on_conflict_do_nothing(), rows)
                # The document may have been removed since it was quoted.
                of_document = _is_of(documents.c.collection_id == collections.c.id)
                for batch in batches(ids):
                    gone = update(certificates).where(certificates.c.id.in_(batch), ~of_document)
                    connection.execute(gone.values(title=None, text=None))

    def prune(self) -> None:
        """Delete all but the last certificates: counted, as a clock may be wrong."""
        row: ColumnElement[int] = literal_column("rowid")
        last = select(row).select_from(certificates).order_by(row.desc()).offset(MAX_CERTIFICATES)
        gone = row <= last.limit(1).scalar_subquery()
        execute(self.engine, delete(certificates).where(gone))

    def forget(self, collection: str) -> None:
        """Delete the certificates of a collection."""
        execute(self.engine, delete(certificates).where(certificates.c.collection == collection))

    def holders(self, certificate: Certificate, scope: Scope) -> list[Holder]:
        """Return the documents that may have the text of a certificate, be it stored or not."""
        with self.engine.connect() as connection:
            return _holders(connection, certificate, scope)

    def read(self, plain_id: str, scope: Scope) -> tuple[Certificate, list[Holder]]:
        """Return a certificate, and the documents that may still have its text.

        Raises:
            CertificateError: nothing in the collections of `scope` was quoted under this id.
        """
        query = select(certificates).where(
            certificates.c.id == plain_id, certificates.c.collection.in_(scope.collections)
        )
        with self.engine.connect() as connection:
            found = []
            for row in connection.execute(query.order_by(certificates.c.issued)):
                certificate = from_row(Certificate, row, span=Span(row.start, row.end))
                found.append((certificate, _holders(connection, certificate, scope)))
        if found:
            return max(found, key=lambda held: any(of.is_same_file for of in held[1]))
        raise CertificateError(
            Phrase(
                "no quote was sent with the certificate {certificate}",
                certificate=format_id(plain_id),
            )
        )


def certificate_of(quote: Quote) -> Certificate:
    """Return the certificate of a quote without its words, issued now."""
    row = _row(_plain_id(quote), quote) | {"title": None, "text": None}
    span = Span(row.pop("start"), row.pop("end"))
    return Certificate(**row, span=span)


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


def erase_words(connection: Connection, document_ids: Sequence[int]) -> None:
    """Delete the words of documents, which are about to be removed, from their certificates."""
    erasing = update(certificates).where(_is_of(documents.c.id.in_(document_ids)))
    connection.execute(erasing.values(title=None, text=None))


def follow_name(connection: Connection, collection_id: int, path: str) -> None:
    """Let certificates follow the document of a path, which is about to be replaced.

    Those of the time before it was renamed are found by its checksum no more.
    """
    of_document = (documents.c.collection_id == collection_id) & (documents.c.path == path)
    connection.execute(update(certificates).where(_is_of(of_document)).values(path=path))


def move_certificates(connection: Connection, document_id: int, collection: str, path: str) -> None:
    """Let the certificates of a document go with it to another place, where it is put next."""
    of_document = _is_of(documents.c.id == document_id)
    moving = select(certificates.c.id).where(of_document, certificates.c.collection != collection)
    there = certificates.c.collection == collection
    # The same words of the same file may have been quoted there, too.
    for batch in batches(connection.execute(moving).scalars()):
        connection.execute(delete(certificates).where(there, certificates.c.id.in_(batch)))
    changed = update(certificates).where(of_document)
    connection.execute(changed.values(collection=collection, path=path))


def _is_of(chosen: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a certificate is of one of these documents, or of an earlier version or name."""
    is_named = documents.c.path == certificates.c.path
    is_same = documents.c.sha256 == certificates.c.document_sha256
    return exists().where(
        documents.c.collection_id == collections.c.id,
        collections.c.name == certificates.c.collection,
        or_(is_named, is_same),
        chosen,
    )


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
