"""Instruments for Prometheus, on a registry of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from bot.monitoring.observer import Outcome, RefusalReason
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
