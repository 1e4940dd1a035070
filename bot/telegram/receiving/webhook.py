"""A webhook: updates are stored, and only then acknowledged."""

from __future__ import annotations

import errno
import hmac
import json
import logging
import math
import socket
import time
from collections.abc import Callable
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.iostream import IOStream
from tornado.web import Application, RequestHandler

from bot.errors import SettingsError
from bot.telegram.receiving.polling import Store

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
MAX_BODY_BYTES = 2**20
MAX_HEADER_BYTES = 2**14
REQUEST_S = 10.0
"""The time that a connection has for a whole header, from its beginning, and then for a body."""
MAX_CONNECTIONS = 128
"""Far more than the 100 that Telegram may open; beyond it, the oldest stranger has to go."""
NEWS_S = 60.0
NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


class UpdateHandler(RequestHandler):
    """Stores one update. Telegram brings it again unless the answer is 200."""

    def initialize(self, store: Store, secret: str) -> None:
        self.store = store
        self.secret = secret

    def post(self) -> None:
        shown = self.request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode(), self.secret.encode()):
            logger.warning("a request without the secret came from %s", self.request.remote_ip)
            self.set_status(403)
            return
        self.application.settings["trust"](self.request)
        try:
            update = json.loads(self.request.body)
        except ValueError:
            self.set_status(400)
            return
        self.store([update])

    def write_error(self, status_code: int, **_kwargs: object) -> None:
        """Reveal nothing about the inside."""
        self.set_status(status_code)
        self.finish()


class Server(HTTPServer):
    """Gives no connection room or time that Telegram needs.

    Those that have shown the secret are kept. Of the others the oldest has to go if there are too
    many, be it by our count or by the system's.
    """

    def initialize(self, *given: Any, **options: Any) -> None:  # the constructor of tornado
        super().initialize(*given, **options)
        self.strangers: dict[IOStream, None] = {}  # the oldest first
        self.warned = -math.inf

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        super().handle_stream(stream, address)
        self.strangers[stream] = None
        if len(self._connections) > MAX_CONNECTIONS:
            self.make_room(f"more than {MAX_CONNECTIONS} connections")

    def on_close(self, server_conn: Any) -> None:
        super().on_close(server_conn)
        self.strangers.pop(server_conn.stream, None)

    def trust(self, request: HTTPServerRequest) -> None:
        """Keep the connection of a request, which has shown the secret."""
        connection: Any = request.connection
        self.strangers.pop(connection.stream, None)

    def make_room(self, reason: str) -> None:
        """Close the oldest connection that never showed the secret; log that once a minute."""
        if time.monotonic() > self.warned + NEWS_S:
            self.warned = time.monotonic()
            logger.warning("the webhook closes connections: %s", reason)
        if (oldest := next(iter(self.strangers), None)) is not None:
            del self.strangers[oldest]
            oldest.close()


class ListeningSocket(socket.socket):
    """A socket that makes room when the system has none for another connection."""

    make_room: Callable[[str], None]

    def accept(self) -> tuple[socket.socket, Any]:
        try:
            return super().accept()
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            self.make_room(str(error.strerror))
            raise BlockingIOError from error


class Webhook:
    """A server for one path; the proxy before it provides TLS."""

    def __init__(self, path: str, secret: str, store: Store, request_s: float = REQUEST_S) -> None:
        """Create a server that is not listening yet; requests must show the secret."""
        application = Application(
            [(path or "/", UpdateHandler, {"store": store, "secret": secret})],
            log_function=lambda _handler: None,
            trust=self.trust,
        )
        self.server = Server(
            application,
            max_body_size=MAX_BODY_BYTES,
            max_header_size=MAX_HEADER_BYTES,
            idle_connection_timeout=request_s,
            body_timeout=request_s,
        )
        self.port = 0

    def listen(self, address: str, port: int) -> None:
        """Begin to accept updates; port 0 takes a free one, which `port` names.

        Raises:
            SettingsError: the address cannot be listened on.
        """
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listening = ListeningSocket(family, socket.SOCK_STREAM)
        listening.make_room = self.server.make_room
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((address, port))
            listening.listen()
        except OSError as error:
            listening.close()
            raise SettingsError(
                f"ONRECORD_WEBHOOK_LISTEN {address}, port {port}: {error.strerror}; choose others"
            ) from error
        listening.setblocking(False)
        self.port = listening.getsockname()[1]
        self.server.add_socket(listening)

    def trust(self, request: HTTPServerRequest) -> None:
        self.server.trust(request)

    async def close(self) -> None:
        """Accept no more requests; those that have come are answered first."""
        self.server.stop()
        await self.server.close_all_connections()
