"""A webhook: updates are stored, and only then acknowledged."""

from __future__ import annotations

import hmac
import json
import logging
import socket

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.errors import SettingsError
from bot.telegram.receiving.polling import Store

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
MAX_BODY_BYTES = 2**20


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


class Webhook:
    """A server for one path; the proxy before it provides TLS."""

    def __init__(self, path: str, secret: str, store: Store) -> None:
        """Create a server that is not listening yet; requests must show the secret."""
        application = Application(
            [(path or "/", UpdateHandler, {"store": store, "secret": secret})],
            log_function=lambda _handler: None,
        )
        self.server = HTTPServer(application, max_body_size=MAX_BODY_BYTES)
        self.port = 0

    def listen(self, address: str, port: int) -> None:
        """Begin to accept updates; port 0 takes a free one, which `port` names.

        Raises:
            SettingsError: the address cannot be listened on.
        """
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            listening = socket.create_server((address, port), family=family)
        except OSError as error:
            raise SettingsError(
                f"ONRECORD_WEBHOOK_LISTEN {address}, port {port}: {error.strerror}; choose others"
            ) from error
        listening.setblocking(False)
        self.port = listening.getsockname()[1]
        self.server.add_socket(listening)

    async def close(self) -> None:
        """Accept no more requests; those that have come are answered first."""
        self.server.stop()
        await self.server.close_all_connections()
