"""Prometheus metrics of questions, calls to Telegram, the queue and the index."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from index.core.answers import Answer
from index.core.errors import OnrecordError

logger = logging.getLogger(__name__)

UNREADABLE = (OnrecordError, SQLAlchemyError, OSError)
"""Exceptions of reading the index."""
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
ENDS = ("answered", "unsure", "abstained", "refused", "failed")
POLL = "getUpdates"


class RefusalReason(StrEnum):
    """The reason for which a question was turned away unread."""

    BUSY = "busy"
    STRANGER = "stranger"
    QUOTA = "quota"
    INVALID = "invalid"


class Outcome(StrEnum):
    """The end of a call to Telegram."""

    OK = "ok"
    FLOOD = "flood"  # too many calls, wait
    REFUSED = "refused"  # will never be obeyed as it is
    FAILED = "failed"  # the server broke down
    TIMEOUT = "timeout"  # no answer in time
    UNREACHABLE = "unreachable"  # no connection


class IndexSize(NamedTuple):
    """The number of documents, of passages, and of changes so far."""

    documents: int
    passages: int
    revision: int


class Metrics:
    """Counts and logs events, and remembers the last poll.

    Each question ends as answered, refused or failed. Two end as none of these: one in a chat that
    is closed to the bot, and one whose answer an earlier process found and this one only sends.
    `read_index` is called on any thread.
    """

    def __init__(
        self, read_index: Callable[[], IndexSize], now: Callable[[], float] = time.monotonic
    ) -> None:
        self.read_index = read_index
        self.registry = CollectorRegistry()
        self._now = now
        self._polled_at: float | None = None
        self._questions = self._counter("questions", "Questions by how they ended", "end")
        self._refusals = self._counter("refusals", "Questions turned away, by reason", "reason")
        self._answer_s = self._histogram(
            "answer_seconds", "From question to answer or abstention, waiting not counted"
        )
        self._step_s = self._histogram("answer_step_seconds", "The same, by step", "step")
        self._calls = self._counter(
            "telegram_calls", "Calls to Telegram, by method and outcome", "method", "outcome"
        )
        self._inline_cards = self._counter("inline_cards", "Inline answers that users sent")
        self.registry.register(IndexCollector(read_index))
        # A missing series looks like a lost one, so all start at 0.
        for end in ENDS:
            self._questions.labels(end)
        for reason in RefusalReason:
            self._refusals.labels(reason.value)

    def answered(self, answer: Answer, /) -> None:
        """Record an answer or an abstention that was sent."""
        end = "abstained" if answer.state == "none" else answer.state
        self._questions.labels(end).inc()
        self._answer_s.observe(answer.elapsed_ms / 1000)
        for step, elapsed_ms in answer.steps_ms:
            self._step_s.labels(step).observe(elapsed_ms / 1000)
        logger.info(
            "%s in %.0f ms, confidence %.2f",
            end,
            answer.elapsed_ms,
            answer.confidence,
            extra={
                "elapsed_ms": round(answer.elapsed_ms, 1),
                "confidence": round(answer.confidence, 4),
                "question": answer.question,
            },
        )

    def refused(self, reason: RefusalReason, /) -> None:
        """Record a question that was turned away."""
        self._questions.labels("refused").inc()
        self._refusals.labels(reason.value).inc()
        logger.info("refused: %s", reason)

    def failed(self) -> None:
        """Count a question that could not be handled; the error handler logs it."""
        self._questions.labels("failed").inc()

    def called(self, method: str, outcome: Outcome, /) -> None:
        """Record a call to Telegram, given the name of its method without the token."""
        self._calls.labels(method, outcome.value).inc()
        if outcome is not Outcome.OK:
            logger.debug("%s: %s", method, outcome)
        elif method == POLL:
            self._polled_at = self._now()

    def inline_card_sent(self) -> None:
        """Record an inline answer that a user sent to a chat."""
        self._inline_cards.inc()
        sent = self.registry.get_sample_value("onrecord_inline_cards_total") or 0
        logger.info("inline cards sent so far: %.0f", sent)

    def watch_queue(self, read: Callable[[], int]) -> None:
        """Show the number of waiting questions, read at each scrape; to be called once."""
        gauge = Gauge(
            "onrecord_queue_length", "Questions that wait for their turn", registry=self.registry
        )
        gauge.set_function(lambda: float(read()))

    def silence_s(self) -> float | None:
        """Return the seconds since Telegram last answered a poll; None before the first."""
        polled_at = self._polled_at
        return None if polled_at is None else self._now() - polled_at

    def _counter(self, name: str, description: str, *labels: str) -> Counter:
        return Counter(f"onrecord_{name}", description, labels, registry=self.registry)

    def _histogram(self, name: str, description: str, *labels: str) -> Histogram:
        return Histogram(
            f"onrecord_{name}", description, labels, buckets=BUCKETS_S, registry=self.registry
        )


class IndexCollector(Collector):
    """Reads the index once per scrape, so that its figures fit together."""

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
