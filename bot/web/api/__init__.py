"""The API: ask, list, check and verify, as JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.conversation import contract
from bot.conversation.contract import Asked, T, Text, Wanted, explain
from bot.conversation.drafts import make_draft
from bot.conversation.places import key_of
from bot.web.api.description import description
from bot.web.drafts import check
from bot.web.room import conversation_of, room_of
from index.answering.json import document_to_json
from index.core.documents import Document

MAX_LISTED = 500
REVALIDATED = "private, no-cache"


class Listed(BaseModel):
    """The parameters of /api/documents."""

    q: str = ""
    offset: int = Field(0, ge=0, le=10**9)
    limit: int = Field(100, ge=1, le=MAX_LISTED)


async def ask(request: Request) -> Response:
    """Return the answer to a question, in the form of `onrecord ask --json`."""
    asked = _read(Asked, dict(request.query_params))
    conversation, room = conversation_of(request), room_of(request)

    def answer(_question: str) -> dict[str, Any]:
        return contract.ask(conversation, asked)

    return await _unless_known(request, lambda: room.run(request, answer, asked.q))


async def documents(request: Request) -> Response:
    """Return documents in the form of `onrecord index list --json`, each with its key."""
    wanted = _read(Listed, dict(request.query_params))
    word = wanted.q.casefold()

    def listed() -> dict[str, Any]:
        every = room_of(request).documents(conversation_of(request))
        found = [
            document_to_json(one) | {"key": key_of(one)}
            for one in every.values()
            if not word or any(word in text.casefold() for text in _names(one))
        ]
        shown = found[wanted.offset : wanted.offset + wanted.limit]
        return {"documents": shown, "total": len(found)}

    return await _unless_known(request, partial(run_in_threadpool, listed))


async def check_text(request: Request) -> Response:
    """Return what the documents say to each quotation of a text."""
    body = await request.body()
    try:
        given = Text.model_validate_json(body)
    except ValidationError as error:
        raise HTTPException(400, explain(error)) from error
    draft = make_draft(given.text)
    checked = await check(request, draft)
    found = contract.quotations(checked, draft.left_out)
    return JSONResponse(found, headers={"Cache-Control": REVALIDATED})


async def verify(request: Request) -> Response:
    """Return what became of the quote of a certificate."""
    certificate = _read(Wanted, dict(request.query_params)).certificate
    conversation, room = conversation_of(request), room_of(request)

    verify_now = partial(contract.verify, conversation)
    return await _unless_known(request, lambda: room.run(request, verify_now, certificate))


async def openapi(_request: Request) -> Response:
    """Return the description of this API."""
    return JSONResponse(description(), headers={"Cache-Control": "public, max-age=3600"})


async def _unless_known(
    request: Request, make: Callable[[], Awaitable[dict[str, Any]]]
) -> Response:
    """What `make` returns, unless the client has it from this revision of the index."""
    conversation = conversation_of(request)
    library = conversation.library
    parts = (
        await run_in_threadpool(library.store.revisions.read),
        library.revision(),
        conversation.collections,
        str(request.url.query),
        request.url.path,
    )
    tag = f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": REVALIDATED}
    known = request.headers.get("if-none-match", "")
    if tag in (one.strip() for one in known.split(",")):
        return Response(status_code=304, headers=headers)
    return JSONResponse(await make(), headers=headers)


def _read(model: type[T], values: dict[str, str]) -> T:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise HTTPException(400, explain(error)) from error


def _names(document: Document) -> list[str]:
    metadata = document.metadata
    names = (metadata.title, metadata.publisher, metadata.author, document.path)
    return [name for name in names if name]
