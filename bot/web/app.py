"""The application: its pages, and what every request passes before them."""

from __future__ import annotations

import logging
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot.errors import BusyError
from bot.scheduling.answers import Answers
from bot.scheduling.quota import Quota
from bot.settings import BotSettings
from bot.texts import web
from bot.web import api, clippings, documents, drafts, questions
from bot.web.chats import Chats
from bot.web.chats.pages import app_page
from bot.web.library import catalog, speakers
from bot.web.rendering import Speaking, refuse
from bot.web.room import Room, TooManyError
from bot.web.security import Admission, Hardened, KnownHosts, LimitedBodies, TooLargeError
from index.core.errors import CertificateError, DocumentError, OnrecordError, QuestionError

logger = logging.getLogger(__name__)

ROUTES = [
    Route("/", questions.ask_page),
    Route("/library", catalog.library_page),
    Route("/library/health", catalog.health_page),
    Route("/speakers", speakers.speakers_page),
    Route("/check", drafts.check_page, methods=["GET", "POST"]),
    Route("/clippings", clippings.clippings_page, methods=["GET", "POST"]),
    Route("/clippings/export/clippings.{suffix}", clippings.export_file),
    Route("/verify/{certificate}", drafts.verify_page),
    Route("/d/{key}", documents.document_page),
    Route("/d/{key}/page/{number:int}.png", documents.page_picture),
    Route("/app/{key}", app_page, methods=["GET", "POST"]),
    Route("/api/ask", api.ask),
    Route("/api/documents", api.documents),
    Route("/api/check", api.check_text, methods=["POST"]),
    Route("/api/verify", api.verify),
    Route("/api/openapi.json", api.openapi),
    Mount("/static", StaticFiles(directory=Path(__file__).with_name("static"))),
]


def make_app(
    settings: BotSettings,
    answers: Answers,
    names: frozenset[str],
    chats: Chats | None = None,
) -> ASGIApp:
    """Return the reading room of a conversation, known under the host names `names`."""
    inner = Starlette(
        routes=ROUTES,
        exception_handlers={
            HTTPException: refuse_http,
            QuestionError: refuse_input,
            CertificateError: refuse_unknown,
            BusyError: refuse_busy,
            TooManyError: refuse_fast,
            TooLargeError: refuse_large,
            DocumentError: refuse_input,
            OnrecordError: refuse_broken,
            Exception: apologise,
        },
    )
    inner.state.room = Room(answers, Quota(settings.web_per_minute), settings.web_url, chats)
    inner.state.room.clippings_limit = settings.clippings_per_chat
    # Around all of it, so that even the page of an error has the headers.
    admission = Admission(inner, answers.conversation, settings, refuse, chats)
    limited = LimitedBodies(admission, int(settings.max_file_mb * 1e6), refuse)
    speaking = Speaking(KnownHosts(limited, names, refuse), settings.interface)
    return Hardened(speaking, opens_in_telegram=bool(chats and chats.token))


REASONS = {404: web.NOT_FOUND, 405: web.NO_METHOD}


def refuse_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # the table above
    status, detail = error.status_code, error.detail
    is_plain = detail == HTTPStatus(status).phrase
    response = refuse(request, status, REASONS.get(status, detail) if is_plain else detail)
    response.headers.update(error.headers or {})
    return response


def refuse_input(request: Request, error: Exception) -> Response:
    return refuse(request, 400, str(error))


def refuse_unknown(request: Request, error: Exception) -> Response:
    return refuse(request, 404, str(error))


def refuse_busy(request: Request, error: Exception) -> Response:
    response = refuse(request, 503, str(error))
    response.headers["Retry-After"] = "60"
    return response


def refuse_fast(request: Request, error: Exception) -> Response:
    wait_s = error.wait_s if isinstance(error, TooManyError) else 60
    response = refuse(request, 429, str(error))
    response.headers["Retry-After"] = str(wait_s)
    return response


def refuse_large(request: Request, error: Exception) -> Response:  # noqa: ARG001
    return refuse(request, 413, web.TOO_LARGE)


def refuse_broken(request: Request, error: Exception) -> Response:
    """Return that something broke; what, may name a path of the machine, and only the log says."""
    logger.error("%s %s: %s", request.method, request.url.path, error)
    return refuse(request, 503, web.BROKEN)


def apologise(request: Request, error: Exception) -> Response:  # noqa: ARG001  # the server logs it
    return refuse(request, 500, web.BROKEN)
