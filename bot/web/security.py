"""What stands before every page: hosts, sizes, headers, and who may read which collections."""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.conversation.conversation import Conversation
from bot.conversation.places import ANSWER, CHAT, CLIPPINGS, SIGNATURE, UNTIL, Pass
from bot.settings import BotSettings
from bot.texts import web
from bot.web.chats import Chats, Visit

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors "
)
NO_FRAME, IN_TELEGRAM = "'none'", "https://web.telegram.org"
HEADERS = {
    "Content-Security-Policy": POLICY + NO_FRAME,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
}
PRIVATE = "private, no-store"
APP, DOCUMENT, KEPT = "/app/", "/d/", f"/{CLIPPINGS}"
OPEN_PATHS = ("/static/", "/api/openapi.json", APP)

Refuse = Callable[[Request, int, str], Response]
"""Makes the page, or for the API the JSON, of a refusal: its status and a text."""


@dataclass(frozen=True, slots=True)
class Hardened:
    """Adds the security headers to every response, and keeps it out of caches.

    Telegram's web client shows a Mini App in a frame.
    """

    app: ASGIApp
    opens_in_telegram: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if self.opens_in_telegram and is_from_chat(scope):
                    headers["Content-Security-Policy"] = POLICY + IN_TELEGRAM
                    del headers["X-Frame-Options"]
                headers.setdefault("Cache-Control", PRIVATE)
            await send(message)

        await self.app(scope, receive, send_with_headers)


@dataclass(frozen=True, slots=True)
class KnownHosts:
    """Refuses requests under names that are not this server's.

    A page of a stranger could else read ours, by letting its own name point to this machine. An
    address in numbers cannot be made to point elsewhere.
    """

    app: ASGIApp
    names: frozenset[str]
    refuse: Refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is asked of a known host."""
        if scope["type"] == "http" and not self._knows(Headers(scope=scope).get("host", "")):
            response = self.refuse(Request(scope), 421, web.OTHER_HOST)
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _knows(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self.names or _is_address(name)


class TooLargeError(Exception):
    """A body beyond the limit."""


@dataclass(frozen=True, slots=True)
class LimitedBodies:
    """Refuses bodies that are too large, by TooLargeError if only reading them shows it."""

    app: ASGIApp
    max_bytes: int
    refuse: Refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on up to the limit."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > self.max_bytes:
            response = self.refuse(Request(scope), 413, web.TOO_LARGE)
            await response(scope, receive, send)
            return
        taken = 0

        async def receive_counting() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.max_bytes:
                raise TooLargeError
            return message

        await self.app(scope, receive_counting, send)


@dataclass(frozen=True, slots=True)
class Admission:
    """Lets in who may read, and notes from which collections: `request.state.conversation`.

    Without tokens everybody is let in, as the server then listens on this machine alone. A signed
    address opens one document, or the clippings, to its chat.
    """

    app: ASGIApp
    conversation: Conversation
    settings: BotSettings
    refuse: Refuse
    chats: Chats | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what the reader may see."""
        if scope["type"] != "http" or scope["path"].startswith(OPEN_PATHS):
            await self.app(scope, receive, send)
            return
        admitted = self._admit(scope)
        if isinstance(admitted, Conversation):
            scope.setdefault("state", {})["conversation"] = admitted
            await self.app(scope, receive, send)
        else:
            await admitted(scope, receive, send)

    def _admit(self, scope: Scope) -> Conversation | Response:
        request = Request(scope)
        if is_from_chat(scope) or is_kept_by_chat(scope):
            return self._admit_chat(request, query_of(scope))
        tokens = self.settings.web_tokens
        if not tokens:
            return self.conversation
        given = _given_token(request.headers.get("authorization", ""))
        found = [names for token, names in tokens.items() if _same(token, given)]
        if not found:
            refused = self.refuse(request, 401, web.NO_TOKEN)
            kinds = ("Bearer",) if scope["path"].startswith("/api/") else ("Basic", "Bearer")
            for kind in kinds:
                refused.headers.append("WWW-Authenticate", f'{kind} realm="Onrecord"')
            return refused
        return self.conversation.within((found[0],)) if found[0] else self.conversation

    def _admit_chat(self, request: Request, query: dict[str, str]) -> Conversation | Response:
        key = request.url.path.removeprefix(DOCUMENT).strip("/").partition("/")[0]
        passed = self.chats.signer.check(query, key) if self.chats else Pass.FORGED
        if passed is Pass.EXPIRED:
            return self.refuse(request, 410, web.EXPIRED_LINK)
        if passed is Pass.FORGED or not (self.chats and self.chats.may_read(int(query[CHAT]))):
            return self.refuse(request, 403, web.FORGED_LINK)
        visit = Visit(int(query[CHAT]), int(query[UNTIL]), query.get(ANSWER, ""))
        request.state.visit = visit
        return self.conversation.within_chat(visit.chat)


def is_from_chat(scope: Scope) -> bool:
    """Whether an address is signed for a chat, or opens inside of Telegram."""
    if scope["type"] != "http":
        return False
    path = str(scope["path"])
    return path.startswith(APP) or (path.startswith(DOCUMENT) and SIGNATURE in query_of(scope))


def is_kept_by_chat(scope: Scope) -> bool:
    """Whether an address is signed for the clippings of a chat."""
    return str(scope["path"]).startswith(KEPT) and SIGNATURE in query_of(scope)


def query_of(scope: Scope) -> dict[str, str]:
    return dict(parse_qsl(scope["query_string"].decode(errors="replace")))


def _given_token(header: str) -> str:
    kind, _, value = header.partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() != "basic":
        return ""
    try:
        # The name before the colon does not matter.
        return b64decode(value, validate=True).decode().partition(":")[2]
    except ValueError:  # not Base64, not ASCII or not UTF-8
        return ""


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode(errors="replace"))


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
