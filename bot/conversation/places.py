"""Addresses of documents and quotes in the reading room, open to all or signed for one chat."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlencode

from index.core.answers import Quote
from index.core.documents import Document, Span

_KEY_BYTES = 9
_WORDING_BYTES = 6
_SIGNATURE_BYTES = 16
_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,19}", re.ASCII)
CLIPPINGS = "clippings"
CHAT, UNTIL, ANSWER, SIGNATURE = "chat", "until", "in", "sig"


def key_of(document: Document) -> str:
    """Return 12 of A-Z a-z 0-9 _ - that depend only on the place of a document.

    An id would not do: it may be given to another document later.
    """
    place = f"{document.collection}\n{document.path}".encode()
    return urlsafe_b64encode(hashlib.sha256(place).digest()[:_KEY_BYTES]).decode()


def write_span(span: Span) -> str:
    return f"{span.start}-{span.end}"


def read_spans(text: str) -> tuple[Span, ...] | None:
    """Return the spans of "17-204,300-310", () for no text, None if it is something else."""
    spans = []
    for part in text.split(",") if text else ():
        found = _SPAN.fullmatch(part)
        if found is None or int(found[1]) >= int(found[2]):
            return None
        spans.append(Span(int(found[1]), int(found[2])))
    return tuple(spans)


def wording_of(text: str) -> str:
    """Return 8 of A-Z a-z 0-9 _ - that differ if a document has other words at a place by now."""
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).digest()
    return urlsafe_b64encode(digest[:_WORDING_BYTES]).decode()


def quote_path(quote: Quote, question: str = "", signed: Mapping[str, str] | None = None) -> str:
    """Return the path of the page that shows a quote where it stands.

    The `question` leads to the other quotes of its answer; `signed` is what `Signer.sign` gave for
    the document.
    """
    query = {"q": write_span(quote.span)}
    if quote.answer:
        query["a"] = ",".join(map(write_span, quote.answer))
    query["v"] = wording_of(quote.text)
    if question:
        query["for"] = question
    return f"/d/{key_of(quote.document)}?{urlencode(query | dict(signed or {}))}#quote"


def app_path(quote: Quote, answer: str = "") -> str:
    """Return the path that leads to a quote of an answer from inside of Telegram, for its user."""
    path = quote_path(quote, signed={ANSWER: answer} if answer else {})
    return f"/app/{path.removeprefix('/d/').removesuffix('#quote')}"


def clippings_address(root: str, signer: Signer, chat_id: int) -> str:
    """Return the address under `root` of the quotes that a chat keeps, signed for its members."""
    # No document has a key of this length.
    return f"{root}/{CLIPPINGS}?{urlencode(signer.sign(chat_id, CLIPPINGS))}"


class Pass(Enum):
    """The result of checking a signature."""

    VALID = auto()
    EXPIRED = auto()
    FORGED = auto()


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs addresses of documents for the members of one chat, for a time."""

    secret: bytes
    lifetime_s: float
    clock: Callable[[], float] = time.time

    @classmethod
    def of_token(cls, token: str, lifetime_s: float) -> Signer:
        """Return the signer of a bot, whose addresses outlive its process."""
        secret = hmac.digest(token.encode(), b"onrecord: addresses of the reading room", "sha256")
        return cls(secret, lifetime_s)

    def sign(
        self, chat_id: int, key: str, answer: str = "", until: int | None = None
    ) -> dict[str, str]:
        """Return the parameters that open a document to a chat, as part of one of its answers."""
        if until is None:
            until = int(self.clock() + self.lifetime_s)
        signed = {CHAT: str(chat_id), UNTIL: str(until)} | ({ANSWER: answer} if answer else {})
        return signed | {SIGNATURE: self._signature(signed, key)}

    def check(self, query: Mapping[str, str], key: str) -> Pass:
        """Return whether the parameters open the document of a key, and still do."""
        signature = query.get(SIGNATURE, "").encode(errors="replace")
        if not hmac.compare_digest(signature, self._signature(query, key).encode()):
            return Pass.FORGED
        if not all(_WHOLE.fullmatch(query.get(name, "")) for name in (CHAT, UNTIL)):
            return Pass.FORGED
        return Pass.VALID if int(query[UNTIL]) > self.clock() else Pass.EXPIRED

    def address(self, root: str, quote: Quote, chat_id: int, answer: str = "") -> str:
        """Return the address under `root` that shows a quote to a chat."""
        return root + quote_path(quote, signed=self.sign(chat_id, key_of(quote.document), answer))

    def _signature(self, query: Mapping[str, str], key: str) -> str:
        parts = (key, *(query.get(name, "") for name in (CHAT, UNTIL, ANSWER)))
        signed = "\n".join(parts).encode(errors="surrogatepass")
        digest = hmac.digest(self.secret, signed, "sha256")[:_SIGNATURE_BYTES]
        return urlsafe_b64encode(digest).decode().rstrip("=")
