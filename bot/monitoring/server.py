"""HTTP server of `/metrics` for Prometheus and `/healthz` for a supervisor, on its own threads."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any, NamedTuple
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

from bot.errors import SettingsError
from bot.monitoring.metrics import UNREADABLE, IndexSize, Metrics
from bot.settings import BotSettings

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from index.library import Library

REQUEST_TIMEOUT_S = 10
MAX_SILENCE_S = 90.0
"""A poll without news takes 30 s, one that fails 35 s, and the next may be another 30 s away."""


class Health(NamedTuple):
    """The result of a health check."""

    reason: str | None  # why the bot cannot answer; None if it can
    documents: int | None  # the number indexed; None if the index cannot be read
    silence_s: float | None  # since the last answered poll; None before the first

    @property
    def healthy(self) -> bool:
        return self.reason is None


@contextmanager
def monitored(settings: BotSettings, metrics: Metrics) -> Iterator[int | None]:
    """Serve metrics and health until the block ends; yield the port, None if none is set.

    Raises:
        SettingsError: the port is taken, or the address is not one of this machine.
    """
    if settings.metrics_port is None:
        yield None
        return
    max_silence_s = MAX_SILENCE_S if settings.webhook_url is None else None
    address = settings.metrics_host, settings.metrics_port
    with served(*address, metrics.registry, lambda: examine(metrics, max_silence_s)) as port:
        yield port


def index_size(library: Library, collections: tuple[str, ...]) -> IndexSize:
    """Return how much of a library may be searched; may be called on any thread."""
    status = library.status(collections)
    return IndexSize(status.documents, status.passages, library.revision())


def examine(metrics: Metrics, max_silence_s: float | None = MAX_SILENCE_S) -> Health:
    """Return the health of a bot; it polls nothing if `max_silence_s` is None."""
    silence_s = metrics.silence_s()
    try:
        documents = metrics.read_index().documents
    except UNREADABLE as error:
        return Health(f"the index cannot be read: {str(error).splitlines()[0]}", None, silence_s)
    reason = None
    if max_silence_s is not None:
        if silence_s is None:
            reason = "no poll was answered by Telegram yet"
        elif silence_s > max_silence_s:
            reason = f"no poll was answered by Telegram for {silence_s:.0f} s"
    return Health(reason, documents, silence_s)


@contextmanager
def served(
    host: str, port: int, registry: CollectorRegistry, health: Callable[[], Health]
) -> Iterator[int]:
    """Serve on an address of this machine until the block ends; port 0 takes a free one.

    Raises:
        SettingsError: the port is taken, or the address is not one of this machine.
    """
    show_metrics: WSGIApplication = make_wsgi_app(registry)

    def respond(environment: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environment["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return _send(start_response, "405 Method Not Allowed", {"reason": "only GET and HEAD"})
        match environment["PATH_INFO"]:
            case "/metrics":
                return show_metrics(environment, start_response)
            case "/healthz":
                found = health()
                status = "200 OK" if found.healthy else "503 Service Unavailable"
                return _send(start_response, status, {"healthy": found.healthy, **found._asdict()})
            case _:
                there = {"reason": "only /metrics and /healthz are here"}
                return _send(start_response, "404 Not Found", there)

    try:
        server = make_server(host, port, respond, ThreadingServer, QuietHandler)
    except OSError as error:
        raise SettingsError(
            f"ONRECORD_METRICS_PORT: cannot listen on {host}:{port}: {error.strerror}; choose "
            "another port, or another address with ONRECORD_METRICS_HOST"
        ) from error
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class ThreadingServer(ThreadingMixIn, WSGIServer):
    """Takes each request on a thread, so that a slow client holds up no other."""

    daemon_threads = True


class QuietHandler(WSGIRequestHandler):
    """Logs no request, as a scrape every few seconds is no news."""

    timeout = REQUEST_TIMEOUT_S

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


def _send(start_response: StartResponse, status: str, body: dict[str, Any]) -> list[bytes]:
    content = json.dumps(body).encode()
    length = str(len(content))
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", length)])
    return [content]
