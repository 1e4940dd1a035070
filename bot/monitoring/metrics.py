"""Instruments for Prometheus, on a registry of their own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from index.core.answers import Answer
from index.core.errors import OnrecordError

UNREADABLE = (OnrecordError, SQLAlchemyError, OSError)
"""What reading the index may raise."""
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
ENDS = ("answered", "abstained", "refused", "failed")


class IndexSize(NamedTuple):
    """How much is indexed, and how often that changed."""

    documents: int
    passages: int
    revision: int


class Metrics:
    """Counts what an observer is told.

    Attributes:
        registry: what a server shows.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._questions = Counter(
            "onrecord_questions",
            "Questions by how they ended",
            ["end"],
            registry=self.registry,
        )
        self._refusals = Counter(
            "onrecord_refusals",
            "Questions turned away, by reason",
            ["reason"],
            registry=self.registry,
        )
        self._answer_s = Histogram(
            "onrecord_answer_seconds",
            "From question to answer or abstention, waiting not counted",
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self._step_s = Histogram(
            "onrecord_answer_step_seconds",
            "The same, by step",
            ["step"],
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self._calls = Counter(
            "onrecord_telegram_calls",
            "Calls to Telegram, by method and outcome",
            ["method", "outcome"],
            registry=self.registry,
        )
        # A series that is not there yet cannot be told from one that is lost.
        for end in ENDS:
            self._questions.labels(end)
        for reason in RefusalReason:
            self._refusals.labels(reason.value)

    def answered(self, answer: Answer, /) -> None:
        """Count an answer or an abstention, and the seconds of its steps."""
        self._questions.labels("answered" if answer.answered else "abstained").inc()
        self._answer_s.observe(answer.elapsed_ms / 1000)
        for step, elapsed_ms in answer.steps_ms:
            self._step_s.labels(step).observe(elapsed_ms / 1000)

    def refused(self, reason: RefusalReason, /) -> None:
        """Count a question turned away."""
        self._questions.labels("refused").inc()
        self._refusals.labels(reason.value).inc()

    def failed(self) -> None:
        """Count a question that could not be handled."""
        self._questions.labels("failed").inc()

    def called(self, method: str, outcome: Outcome, /) -> None:
        """Count a call to Telegram."""
        self._calls.labels(method, outcome.value).inc()

    def queue_length(self, read: Callable[[], int]) -> None:
        """Show how many questions wait, as `read` tells whenever the metrics are fetched."""
        gauge = Gauge(
            "onrecord_queue_length",
            "Questions that wait for their turn",
            registry=self.registry,
        )
        gauge.set_function(lambda: float(read()))

    def index_size(self, read: Callable[[], IndexSize]) -> None:
        """Show how much is indexed, as `read` tells on each fetch, on any thread."""
        self.registry.register(IndexCollector(read))


class IndexCollector(Collector):
    """Reads the index once per fetch, so that its figures fit together."""

    def __init__(self, read: Callable[[], IndexSize]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        """Yield whether the index can be read and, if so, its figures."""
        readable = "onrecord_index_readable"
        try:
            size = self._read()
        except UNREADABLE:
            yield GaugeMetricFamily(readable, "1 where the index can be read", value=0)
            return
        yield GaugeMetricFamily(readable, "1 where the index can be read", value=1)
        yield GaugeMetricFamily("onrecord_index_documents", "Documents", value=size.documents)
        yield GaugeMetricFamily("onrecord_index_passages", "Passages", value=size.passages)
        yield GaugeMetricFamily("onrecord_index_revision", "Changes so far", value=size.revision)


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
