"""Logging, set up in one place: to standard error, without the token and without questions."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

from pydantic import SecretStr

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
MASK = "***"
LEVELS = {
    # They log every URL, and with it the token.
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    # On DEBUG it logs every message.
    "telegram": logging.INFO,
    # What they log above DEBUG is whole answers of the server, with the messages in them. The
    # exception that goes with it is raised and logged by others.
    "telegram.ext.ExtBot": logging.CRITICAL + 1,
    "telegram.request.BaseRequest": logging.CRITICAL + 1,
}


class MaskingFormatter(logging.Formatter):
    """Masks the secret half of the token in the whole of what is written, tracebacks included."""

    def __init__(self, token: SecretStr | None) -> None:
        super().__init__(FORMAT)
        self.secret = token.get_secret_value().partition(":")[2] if token else ""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        text = super().format(record)
        return text.replace(self.secret, MASK) if self.secret else text


def is_news(record: logging.LogRecord) -> bool:
    """Whether nobody else reports the record: a token refused at start has its own line."""
    message = record.getMessage()
    return "Bootstrap" not in message or "Invalid token" not in message


def configure(
    token: SecretStr | None, level: int = logging.INFO, stream: TextIO | None = None
) -> None:
    """Send all logs to `stream`, standard error by default, in place of earlier handlers."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(MaskingFormatter(token))
    handler.addFilter(is_news)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name, lowest in LEVELS.items():
        logging.getLogger(name).setLevel(max(level, lowest))
