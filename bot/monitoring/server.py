"""`/metrics` for Prometheus and `/healthz` for a supervisor, on threads of their own."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any, NamedTuple
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

from bot.errors import SettingsError
from bot.monitoring.metrics import (
    UNREADABLE,
    AnswerLog,
    IndexSize,
    Metrics,
    Observer,
    Observers,
    Outcome,
    RefusalReason,
)
from bot.settings import BotSettings
from index.core.answers import Answer

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from index.library import Library

REQUEST_TIMEOUT_S = 10
OK, UNAVAILABLE, NOT_FOUND = "200 OK", "503 Service Unavailable", "404 Not Found"
METHOD_NOT_ALLOWED = "405 Method Not Allowed"


class MetricsServer:
    """Serves from its making on until it is closed.

    Attributes:
        port: where it listens.
    """

    def __init__(
        self, host: str, port: int, registry: CollectorRegistry, health: Callable[[], Health]
    ) -> None:
        """Listen on an address of this machine; port 0 takes a free one.

        Raises:
            SettingsError: the address is taken, or not one of this machine.
        """
        self._metrics: WSGIApplication = make_wsgi_app(registry)
        self._health = health
        try:
            self._server = make_server(host, port, self._respond, ThreadingServer, QuietHandler)
        except OSError as error:
            raise SettingsError(
                f"ONRECORD_METRICS_PORT: cannot listen on {host}:{port}: {error.strerror}; choose "
                "another port, or another address with ONRECORD_METRICS_HOST"
            ) from error
        self.port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="metrics", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _respond(
        self, environment: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if environment["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return _send(start_response, METHOD_NOT_ALLOWED, {"reason": "only GET and HEAD"})
        match environment["PATH_INFO"]:
            case "/metrics":
                return self._metrics(environment, start_response)
            case "/healthz":
                health = self._health()
                found = {"healthy": health.healthy} | health._asdict()
                return _send(start_response, OK if health.healthy else UNAVAILABLE, found)
            case _:
                there = {"reason": "only /metrics and /healthz are here"}
                return _send(start_response, NOT_FOUND, there)


class ThreadingServer(ThreadingMixIn, WSGIServer):
    """Takes each request on a thread, so that a slow client holds up nobody."""

    daemon_threads = True


class QuietHandler(WSGIRequestHandler):
    """Logs no request and waits for none without end."""

    timeout = REQUEST_TIMEOUT_S

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing: a request every few seconds is no news."""


def _send(start_response: StartResponse, status: str, body: dict[str, Any]) -> list[bytes]:
    content = json.dumps(body).encode()
    length = str(len(content))
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", length)])
    return [content]


class Monitor(NamedTuple):
    """What the bot reports to.

    Attributes:
        observer: is told of questions and of calls to Telegram.
        watch_queue: takes the function that tells how many questions wait; to be called once.
        port: where metrics and health are served; None for nowhere.
    """

    observer: Observer
    watch_queue: Callable[[Callable[[], int]], None]
    port: int | None


@contextmanager
def monitored(settings: BotSettings, read_index: Callable[[], IndexSize]) -> Iterator[Monitor]:
    """Serve metrics and health, where a port is set for them, until the block ends.

    Args:
        settings: they name the port, and tell whether there are polls to listen for.
        read_index: tells how much is indexed; called on other threads.

    Raises:
        SettingsError: the port is taken, or the address not one of this machine.
    """
    metrics, heartbeat = Metrics(), Heartbeat()
    metrics.index_size(read_index)
    observer = Observers(AnswerLog(), metrics, heartbeat)
    if settings.metrics_port is None:
        yield Monitor(observer, metrics.queue_length, None)
        return
    max_silence_s = MAX_SILENCE_S if settings.webhook_url is None else None
    server = MetricsServer(
        settings.metrics_host,
        settings.metrics_port,
        metrics.registry,
        lambda: examine(read_index, heartbeat.silence_s, max_silence_s),
    )
    try:
        yield Monitor(observer, metrics.queue_length, server.port)
    finally:
        server.close()


def index_size(library: Library, collections: tuple[str, ...]) -> IndexSize:
    """Return how much of a library may be searched; may be called on any thread."""
    status = library.status(collections)
    return IndexSize(status.documents, status.passages, library.revision())


POLL = "getUpdates"
MAX_SILENCE_S = 90.0
"""A poll without news takes 30 s, one that fails 35 s, and the next may be another 30 s away."""


class Heartbeat:
    """Remembers when Telegram last answered a poll; one of the observers."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._polled_at: float | None = None

    def answered(self, _answer: Answer, /) -> None:
        """Nothing: an answer is no poll."""

    def refused(self, _reason: RefusalReason, /) -> None:
        """Nothing: a refusal is no poll."""

    def failed(self) -> None:
        """Nothing: a failure is no poll."""

    def called(self, method: str, outcome: Outcome, /) -> None:
        """Note a poll that Telegram answered."""
        if method == POLL and outcome is Outcome.OK:
            self._polled_at = self._now()

    def silence_s(self) -> float | None:
        """Return the seconds since the last poll that was answered; None before the first."""
        polled_at = self._polled_at
        return None if polled_at is None else self._now() - polled_at


class Health(NamedTuple):
    """What a health check found.

    Attributes:
        reason: why the bot cannot answer; None where it can.
        documents: how many are indexed; None where the index cannot be read.
        silence_s: seconds since the last answered poll; None before the first.
    """

    reason: str | None
    documents: int | None
    silence_s: float | None

    @property
    def healthy(self) -> bool:
        """Whether the bot can answer."""
        return self.reason is None


def examine(
    read_index: Callable[[], IndexSize],
    silence_s: Callable[[], float | None],
    max_silence_s: float | None = MAX_SILENCE_S,
) -> Health:
    """Return the health of a bot.

    Args:
        read_index: tells how much is indexed; called on the thread of the check.
        silence_s: tells for how long nothing was heard of Telegram.
        max_silence_s: how long is too long; None where Telegram brings the updates by itself.
    """
    silence = silence_s()
    try:
        documents = read_index().documents
    except UNREADABLE as error:
        return Health(f"the index cannot be read: {str(error).splitlines()[0]}", None, silence)
    if max_silence_s is None:
        reason = None
    elif silence is None:
        reason = "no poll was answered by Telegram yet"
    elif silence > max_silence_s:
        reason = f"no poll was answered by Telegram for {silence:.0f} s"
    else:
        reason = None
    return Health(reason, documents, silence)
