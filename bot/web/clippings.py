"""The page of clippings, its forms that keep and remove a quote, and the exported files."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.conversation.clippings import Recalled, recall
from bot.conversation.places import CHAT, CLIPPINGS, SIGNATURE, UNTIL, quote_path
from bot.exports.formats import FORMATS, export, find_format
from bot.storage.clippings import LOCAL, Clipping, Outcome
from bot.texts import clippings
from bot.web.layout import marked
from bot.web.rendering import page
from bot.web.room import Room, conversation_of, room_of
from index.core.errors import CertificateError
from index.core.scope import Scope
from index.store.certificates import Certificate, parse_id

PAGE_SIZE = 20
_MAX_FIELDS = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """A clipping on the page; `text` is None if its document is gone."""

    certificate: str
    text: Markup | None
    line: str
    path: str


@dataclass(frozen=True, slots=True)
class Keeper:
    """The list that a request is about: that of a chat, or the one kept on the web."""

    chat: int
    collections: Collection[str] | None
    signed: dict[str, str]

    @property
    def may_change(self) -> bool:
        """A link from a chat tells who the chat is, not who reads: it changes nothing."""
        return not self.signed


async def clippings_page(request: Request) -> Response:
    """Return the list, `?page=` after page; by POST keep or remove a quote first."""
    if request.method == "POST":
        return await _change(request)
    keeper, room = _keeper_of(request), room_of(request)
    kept = room.clippings
    total = await run_in_threadpool(kept.count, keeper.chat, keeper.collections)
    last = max(0, (total - 1) // PAGE_SIZE)
    asked = request.query_params.get("page", "")
    at = min(int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 0, last)
    here = (keeper.chat, keeper.collections, at * PAGE_SIZE, PAGE_SIZE)
    recalled = await _recalled(request, await run_in_threadpool(kept.part, *here))
    return await page(
        "clippings.html",
        heading=clippings.heading(at * PAGE_SIZE + 1, len(recalled), total) if total else "",
        shown=[_shown(one, keeper) for one in recalled],
        is_guest=not keeper.may_change,
        form_key=room.form_key if keeper.may_change else "",
        exports=[
            (one.label, _address(f"/export/{one.file_name}", keeper)) for one in FORMATS.values()
        ],
        previous=_address("", keeper, page=at - 1) if at else "",
        next=_address("", keeper, page=at + 1) if at < last else "",
    )


async def export_file(request: Request) -> Response:
    """Return all of them as a file.

    Raises:
        HTTPException: there is no such format, or nothing to export.
        TooManyError: this address has asked too much.
    """
    chosen = find_format(request.path_params["suffix"])
    if chosen is None:
        raise HTTPException(404)
    keeper, room = _keeper_of(request), room_of(request)
    room.count(request)
    kept = await run_in_threadpool(room.clippings.part, keeper.chat, keeper.collections)
    recalled = await _recalled(request, kept)
    file, number = await run_in_threadpool(export, chosen, recalled)
    if not number:
        raise HTTPException(404, clippings.NOTHING_LEFT if kept else clippings.NONE_KEPT)
    name = f'attachment; filename="{chosen.file_name}"'
    return Response(file, media_type=chosen.media_type, headers={"Content-Disposition": name})


async def _change(request: Request) -> Response:
    """Keep or remove what a form of ours names; lead to the list.

    Raises:
        HTTPException: the form is another's or too old, or there is no room for the quote.
        CertificateError: no quote that the reader may see was shown under this certificate.
    """
    room, keeper = room_of(request), _keeper_of(request)
    async with request.form(max_files=0, max_fields=_MAX_FIELDS) as form:
        given = {name: str(value) for name, value in form.items()}
    # A page of a stranger can send a form, but not read the key in ours.
    is_ours = hmac.compare_digest(given.get("key", "").encode(), room.form_key.encode())
    if not is_ours or not keeper.may_change:
        raise HTTPException(403, clippings.OLD_FORM)
    certificate = parse_id(given.get("certificate", ""))
    if given.get("act") == "remove":
        await run_in_threadpool(_remove, room, keeper, certificate)
        return RedirectResponse(f"/{CLIPPINGS}", 303)
    scope = Scope(conversation_of(request).collections)
    held = await run_in_threadpool(_find, request, certificate, scope)
    limit = room.clippings_limit
    outcome = await run_in_threadpool(room.clippings.keep, keeper.chat, None, held, limit)
    if outcome is Outcome.FULL:
        raise HTTPException(409, clippings.full(limit))
    return RedirectResponse(f"/{CLIPPINGS}#c{certificate}", 303)


def _remove(room: Room, keeper: Keeper, certificate: str) -> None:
    """Remove a clipping that the reader sees; one that is gone already is no error."""
    clipping = room.clippings.find(keeper.chat, certificate)
    if clipping and clipping.certificate.collection in (keeper.collections or ()):
        room.clippings.remove(keeper.chat, certificate)


def _find(request: Request, certificate: str, scope: Scope) -> Certificate:
    """Return a certificate of which the words are still there."""
    store = conversation_of(request).library.store
    held, _holders = store.certificates.read(certificate, scope)
    if held.text is None:
        raise CertificateError(clippings.GONE_QUOTE)
    return held


def _keeper_of(request: Request) -> Keeper:
    query = request.query_params
    if SIGNATURE in query:  # and the signature was checked, or the request would not be here
        return Keeper(
            int(query[CHAT]), None, {name: query[name] for name in (CHAT, UNTIL, SIGNATURE)}
        )
    return Keeper(LOCAL, conversation_of(request).collections, {})


async def _recalled(request: Request, kept: Sequence[Clipping]) -> list[Recalled]:
    conversation = conversation_of(request)
    certificates = [one.certificate for one in kept]
    scope = Scope(conversation.collections)
    return await run_in_threadpool(recall, conversation.library, certificates, scope)


def _shown(one: Recalled, keeper: Keeper) -> Shown:
    if one.quote is None:
        return Shown(one.id, None, clippings.gone(one), "")
    text = marked(one.quote.text, one.quote.span.start)
    line = clippings.line(one, one.quote)
    # A link opens one document each; those of a chat are in the chat.
    path = "" if one.has_changed or keeper.signed else quote_path(one.quote)
    return Shown(one.id, text, line, path)


def _address(path: str, keeper: Keeper, **query: Any) -> str:
    chosen = query | keeper.signed
    return f"/{CLIPPINGS}{path}" + (f"?{urlencode(chosen)}" if chosen else "")
