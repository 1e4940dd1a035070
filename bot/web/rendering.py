"""Puts pages together: templates, in the language of the reader."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.conversation.places import SIGNATURE
from bot.i18n.language import (
    _,
    current_language,
    decimal,
    is_right_to_left,
    match_language,
    ngettext,
    speaking,
)
from bot.texts import answers, clippings, web

API = "/api/"


@cache
def environment() -> Environment:
    """Return the templates; every value is escaped unless it was laid out as HTML."""
    made = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "_": _,
        "ngettext": ngettext,
        "decimal": decimal,
        "text": web,
        "kept": clippings,
        "PROMISE": answers.PROMISE,
        "TRY": answers.TRY,
    }
    return made


def render(template: str, **values: Any) -> str:
    """Return a page in the language of the reader."""
    direction = "rtl" if is_right_to_left() else "ltr"
    chosen = environment().get_template(template)
    values.setdefault("is_guest", False)
    return chosen.render(language=current_language(), direction=direction, **values)


async def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return the response with a page, rendered beside the event loop."""
    return HTMLResponse(await run_in_threadpool(render, template, **values), status)


def refuse(request: Request, status: int, reason: str) -> Response:
    """Return the page of a refusal, which says why in words; for the API an object."""
    if request.url.path.startswith(API):
        return JSONResponse({"error": reason}, status)
    is_guest = request.url.path.startswith("/app/") or SIGNATURE in request.query_params
    return HTMLResponse(
        render("refusal.html", reason=answers.refusal(_(reason)), is_guest=is_guest), status
    )


class Speaking:
    """Answers in the language that the browser asks for, else in that of the settings."""

    def __init__(self, app: ASGIApp, default: str) -> None:
        self.app = app
        self.default = default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond in a language."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with speaking(
            wanted_language(Request(scope).headers.get("accept-language", ""), self.default)
        ):
            await self.app(scope, receive, send)


def wanted_language(header: str, default: str) -> str:
    """Return the first language of ours that an Accept-Language header names, by its weights."""
    weighted = []
    for place, part in enumerate(header.split(",")):
        name, _, parameters = part.strip().partition(";")
        try:
            weight = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        if (language := match_language(name)) and weight > 0:
            weighted.append((-weight, place, language))
    return min(weighted)[2] if weighted else default
