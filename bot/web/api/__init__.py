"""The API: ask, list, check and verify, as JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.conversation.drafts import make_draft
from bot.conversation.places import key_of
from bot.web.api.description import description
from bot.web.drafts import MAX_TEXT_CHARS, check
from bot.web.room import conversation_of, room_of
from index.answering.answerer import MAX_QUESTION_CHARS
from index.answering.draft_check import Checked
from index.answering.json import answer_to_json, document_to_json, quote_to_json
from index.answering.quote_check import Finding
from index.answering.verification import Verification
from index.core.documents import Document
from index.core.scope import Scope, first_day, last_day
from index.store.certificates import format_id
from index.text.diff import Diff

T = TypeVar("T", bound=BaseModel)

MAX_LISTED = 500
REVALIDATED = "private, no-cache"


class Asked(BaseModel):
    """The parameters of /api/ask."""

    q: str = Field(min_length=1, max_length=MAX_QUESTION_CHARS)
    since: str | None = None
    until: str | None = None
    source: str | None = None


class Listed(BaseModel):
    """The parameters of /api/documents."""

    q: str = ""
    offset: int = Field(0, ge=0, le=10**9)
    limit: int = Field(100, ge=1, le=MAX_LISTED)


class Text(BaseModel):
    """The body of /api/check."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = Field(max_length=MAX_TEXT_CHARS)


class Wanted(BaseModel):
    """The parameters of /api/verify."""

    certificate: str = Field(min_length=1, max_length=100)


async def ask(request: Request) -> Response:
    """Return the answer to a question, in the form of `onrecord ask --json`."""
    asked = _read(Asked, dict(request.query_params))
    conversation, room = conversation_of(request), room_of(request)

    def answer(question: str) -> dict[str, Any]:
        library = conversation.library
        scope = Scope(
            conversation.collections,
            first_day(asked.since) if asked.since else None,
            last_day(asked.until) if asked.until else None,
            asked.source or None,
        )
        found = library.ask(question, scope)
        places = (place for one in found.quotes + found.closest for place in (one, *one.also))
        return answer_to_json(found, library.certify(places))

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
        raise HTTPException(400, _explain(error)) from error
    draft = make_draft(given.text)
    checked = await check(request, draft)
    found = {"quotations": [_checked(one) for one in checked], "left_out": draft.left_out}
    return JSONResponse(found, headers={"Cache-Control": REVALIDATED})


async def verify(request: Request) -> Response:
    """Return what became of the quote of a certificate."""
    certificate = _read(Wanted, dict(request.query_params)).certificate
    conversation, room = conversation_of(request), room_of(request)

    def look_up(text: str) -> dict[str, Any]:
        return _verified(conversation.library.verify(text, Scope(conversation.collections)))

    return await _unless_known(request, lambda: room.run(request, look_up, certificate))


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
        await run_in_threadpool(library.store.revisions.token),
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
        raise HTTPException(400, _explain(error)) from error


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"])) or "body"
    return f"{place}: {first['msg']}"


def _names(document: Document) -> list[str]:
    metadata = document.metadata
    names = (metadata.title, metadata.publisher, metadata.author, document.path)
    return [name for name in names if name]


def _checked(one: Checked) -> dict[str, Any]:
    span = one.quotation.span
    return {
        "start": span.start,
        "end": span.end,
        "text": one.quotation.text,
        "mark": one.mark.value,
        "problem": one.problem or None,
        "findings": [_finding(finding) for finding in one.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    quote = finding.quote
    return {
        "text": finding.text,
        "verdict": finding.verdict.value,
        "quote": quote_to_json(quote, is_certified=False) if quote else None,
        "diff": _diff(finding.diff),
    }


def _verified(found: Verification) -> dict[str, Any]:
    certificate = found.certificate
    return {
        "certificate": format_id(certificate.id),
        "state": found.state.value,
        "document": certificate.path,
        "title": certificate.title,
        "text": certificate.text,
        "issued": certificate.issued.isoformat(timespec="seconds"),
        "quote": quote_to_json(found.quote, is_certified=False) if found.quote else None,
        "diff": _diff(found.diff),
    }


def _diff(diff: Diff) -> list[dict[str, str]]:
    return [{"op": part.op.value, "text": part.text} for part in diff]
