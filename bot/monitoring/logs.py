"""Logging without the token, and without questions unless the operator opts in."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

from pydantic import SecretStr

from bot.settings import BotSettings

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
MASK = "***"
FIELDS = ("elapsed_ms", "confidence", "reference")
"""Names of `extra` that a JSON line shows beside the message."""
QUESTION = "question"
"""The name of `extra` that holds a question; shown only if the operator opts in."""
LEVELS = {
    # They log every URL, and with it the token.
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "alembic": logging.WARNING,
    # On DEBUG it logs every message.
    "telegram": logging.INFO,
    # Above DEBUG they log whole answers of the server, with the messages in them. The exception
    # that goes with such an answer is raised and logged by others.
    "telegram.ext.ExtBot": logging.CRITICAL + 1,
    "telegram.request.BaseRequest": logging.CRITICAL + 1,
    # It logs each flood wait as an error, before it is waited for.
    "telegram.ext.AIORateLimiter": logging.CRITICAL + 1,
}


def mask(text: str, token: SecretStr | None) -> str:
    """Return a text without the secret half of the token, in whatever case a server echoes it."""
    secret = token.get_secret_value().partition(":")[2] if token else ""
    return re.sub(re.escape(secret), MASK, text, flags=re.IGNORECASE) if secret else text


class MaskingFormatter(logging.Formatter):
    """Masks the secret half of the token in the whole text, tracebacks included."""

    def __init__(self, token: SecretStr | None, questions: bool = False) -> None:
        super().__init__(FORMAT)
        self.token = token
        self.questions = questions

    def format(self, record: logging.LogRecord) -> str:
        """Return the record on one line, followed by its traceback if it has one."""
        text = super().format(record)
        question = self.question(record)
        return self.masked(text if question is None else f"{text} | {question!r}")

    def question(self, record: logging.LogRecord) -> str | None:
        """Return the question of a record; None if it has none or none may be shown."""
        return getattr(record, QUESTION, None) if self.questions else None

    def masked(self, text: str) -> str:
        return mask(text, self.token)


class JsonFormatter(MaskingFormatter):
    """Writes each record as one JSON object on one line, masked like the others."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON; its time is UTC, in ISO 8601."""
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if (question := self.question(record)) is not None:
            entry[QUESTION] = question
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        # JSON escapes no character of a secret, so it is found in the line as in the text.
        return self.masked(json.dumps(entry, default=str))


def is_news(record: logging.LogRecord) -> bool:
    """Whether nobody else reports the record: the command line reports a token refused at start."""
    message = record.getMessage()
    return "Bootstrap" not in message or "Invalid token" not in message


def configure(
    token: SecretStr | None, level: int = logging.INFO, stream: TextIO | None = None
) -> None:
    """Send all logs as text to `stream`, by default standard error, and nowhere else."""
    install(MaskingFormatter(token), level, stream)


def follow(settings: BotSettings, stream: TextIO | None = None) -> None:
    """Apply the settings; may be called again when they change."""
    formatter = JsonFormatter if settings.log_format == "json" else MaskingFormatter
    install(
        formatter(settings.telegram_bot_token, settings.log_questions),
        logging.getLevelNamesMapping()[settings.log_level.upper()],
        stream,
    )


def install(formatter: logging.Formatter, level: int, stream: TextIO | None) -> None:
    """Replace all handlers by one."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(is_news)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name, lowest in LEVELS.items():
        logging.getLogger(name).setLevel(max(level, lowest))
