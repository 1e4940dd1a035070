"""`/metrics` for Prometheus and `/healthz` for a supervisor, on threads of their own."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

from bot.errors import SettingsError
from bot.monitoring.health import Health

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

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
