"""What the bot tells about its work: to the log, the metrics and the health check."""

from __future__ import annotations

import logging
from enum import StrEnum
from typing import Protocol

from index.core.answers import Answer

logger = logging.getLogger(__name__)


class RefusalReason(StrEnum):
    """Why a question was turned away before it was looked at."""

    BUSY = "busy"
    STRANGER = "stranger"
    QUOTA = "quota"
    INVALID = "invalid"


class Outcome(StrEnum):
    """How a call to Telegram ended.

    OK: obeyed. FLOOD: too many calls, wait. REFUSED: a call that will never be obeyed as it is.
    FAILED: the server broke down. TIMEOUT: no answer in time. UNREACHABLE: no connection.
    """

    OK = "ok"
    FLOOD = "flood"
    REFUSED = "refused"
    FAILED = "failed"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"


class Observer(Protocol):
    """Is told what happens. Each question ends in one of the first three.

    It ends in none where its chat is closed to the bot, or where an earlier process found the
    answer and this one only sends it.
    """

    def answered(self, answer: Answer, /) -> None:
        """Note an answer, or that the documents give none, once it is sent."""

    def refused(self, reason: RefusalReason, /) -> None:
        """Note a question that was turned away."""

    def failed(self) -> None:
        """Note a question that could not be handled."""

    def called(self, method: str, outcome: Outcome, /) -> None:
        """Note a call to Telegram: the name of its method, without the token."""


class Observers:
    """Tells several observers, in order."""

    def __init__(self, *observers: Observer) -> None:
        self.observers = observers

    def answered(self, answer: Answer, /) -> None:
        """Tell all."""
        for observer in self.observers:
            observer.answered(answer)

    def refused(self, reason: RefusalReason, /) -> None:
        """Tell all."""
        for observer in self.observers:
            observer.refused(reason)

    def failed(self) -> None:
        """Tell all."""
        for observer in self.observers:
            observer.failed()

    def called(self, method: str, outcome: Outcome, /) -> None:
        """Tell all."""
        for observer in self.observers:
            observer.called(method, outcome)


class AnswerLog:
    """Logs how each question ended. A failure has its own record, with the traceback."""

    def answered(self, answer: Answer, /) -> None:
        """Log how long it took; what was asked is shown where the operator opts in."""
        logger.info(
            "%s in %.0f ms, confidence %.2f",
            "answered" if answer.answered else "abstained",
            answer.elapsed_ms,
            answer.confidence,
            extra={
                "elapsed_ms": round(answer.elapsed_ms, 1),
                "confidence": round(answer.confidence, 4),
                "question": answer.question,
            },
        )

    def refused(self, reason: RefusalReason, /) -> None:
        """Log why."""
        logger.info("refused: %s", reason)

    def failed(self) -> None:
        """Leave it to the one who handles the error."""

    def called(self, method: str, outcome: Outcome, /) -> None:
        """Log calls that went wrong, for those who look closely."""
        if outcome is not Outcome.OK:
            logger.debug("%s: %s", method, outcome)
