"""Metrics as Prometheus reads them."""

import json
from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families as parse

from bot.errors import SettingsError
from bot.monitoring.metrics import IndexSize, Metrics, Outcome, RefusalReason
from bot.monitoring.server import Health, examine, served
from index.core.answers import Answer
from index.core.errors import StoreError
from tests.support import PATIENCE_S
from tests.support.library import abstained, answered, quote, unsure

WELL = Health(None, 1204, 3.0)
TIMED = Answer(
    "Which borders?",
    (quote(),),
    0.9,
    elapsed_ms=120.0,
    state="answered",
    steps_ms=(("embed", 20.0), ("read", 100.0)),
)


class Bot:
    """The figures of a server, to be changed by a test."""

    health = WELL


def read() -> IndexSize:
    return IndexSize(1204, 9000, 5)


def read_gone() -> IndexSize:
    raise StoreError("gone\nfor good")


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(read)


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def client(metrics: Metrics, bot: Bot) -> Iterator[httpx.Client]:
    """Talk to a running server."""
    # Reading the certificates would take longer than the call.
    with (
        served("127.0.0.1", 0, metrics.registry, lambda: bot.health) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", verify=False, timeout=PATIENCE_S) as made,
    ):
        yield made


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_each_question_ends_once(metrics: Metrics) -> None:
    metrics.answered(answered(quote()))
    metrics.answered(answered(quote()))
    metrics.answered(unsure(quote()))
    metrics.answered(abstained())
    metrics.refused(RefusalReason.BUSY)
    metrics.failed()
    ends = {"answered": 2, "unsure": 1, "abstained": 1, "refused": 1, "failed": 1}
    for end, count in ends.items():
        assert value(metrics, "onrecord_questions_total", end=end) == count
    assert value(metrics, "onrecord_refusals_total", reason="busy") == 1
    assert value(metrics, "onrecord_refusals_total", reason="quota") == 0


def test_seconds_by_step(metrics: Metrics) -> None:
    metrics.answered(TIMED)
    assert value(metrics, "onrecord_answer_seconds_sum") == pytest.approx(0.12)
    assert value(metrics, "onrecord_answer_step_seconds_sum", step="read") == pytest.approx(0.1)
    assert value(metrics, "onrecord_answer_step_seconds_bucket", step="embed", le="0.01") == 0
    assert value(metrics, "onrecord_answer_step_seconds_bucket", step="embed", le="0.025") == 1


def test_calls_by_method_and_outcome(metrics: Metrics) -> None:
    metrics.called("sendMessage", Outcome.OK)
    metrics.called("sendMessage", Outcome.FLOOD)
    metrics.called("sendMessage", Outcome.FLOOD)
    name = "onrecord_telegram_calls_total"
    assert value(metrics, name, method="sendMessage", outcome="ok") == 1
    assert value(metrics, name, method="sendMessage", outcome="flood") == 2


def test_the_queue_is_read_when_it_is_shown(metrics: Metrics) -> None:
    waiting = [1]
    metrics.watch_queue(lambda: len(waiting))
    waiting.append(2)
    assert value(metrics, "onrecord_queue_length") == 2


def test_inline_cards(metrics: Metrics) -> None:
    assert value(metrics, "onrecord_inline_cards_total") == 0
    metrics.inline_card_sent()
    assert value(metrics, "onrecord_inline_cards_total") == 1


def test_the_index_is_read_when_it_is_shown() -> None:
    sizes = [IndexSize(7, 99, 3)]
    metrics = Metrics(lambda: sizes[-1])
    sizes.append(IndexSize(8, 120, 4))
    assert value(metrics, "onrecord_index_readable") == 1
    assert value(metrics, "onrecord_index_documents") == 8
    assert value(metrics, "onrecord_index_passages") == 120
    assert value(metrics, "onrecord_index_revision") == 4


def test_an_index_that_cannot_be_read_leaves_the_other_figures() -> None:
    metrics = Metrics(read_gone)
    metrics.failed()
    assert value(metrics, "onrecord_index_readable") == 0
    assert value(metrics, "onrecord_index_documents") is None
    assert value(metrics, "onrecord_questions_total", end="failed") == 1


def test_two_bots_in_one_process_count_apart(metrics: Metrics) -> None:
    metrics.failed()
    assert value(Metrics(read), "onrecord_questions_total", end="failed") == 0


def test_metrics_are_served(metrics: Metrics, client: httpx.Client) -> None:
    metrics.answered(TIMED)
    response = client.get("/metrics")
    assert response.status_code == 200
    families = {family.name: family for family in parse(response.text)}
    assert {"onrecord_questions", "onrecord_answer_seconds"} <= families.keys()


def test_health_is_served(client: httpx.Client, bot: Bot) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {
        "healthy": True, "reason": None, "documents": 1204, "silence_s": 3.0
    }  # fmt: skip
    bot.health = Health("no poll", 1204, None)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert json.loads(response.text)["reason"] == "no poll"


def test_nothing_else_is_served(client: httpx.Client) -> None:
    assert client.get("/").status_code == 404
    assert client.post("/healthz").status_code == 405


def test_a_taken_port_names_its_setting(metrics: Metrics, client: httpx.Client) -> None:
    port = client.base_url.port or 0
    with (
        pytest.raises(SettingsError, match=f"^ONRECORD_METRICS_PORT: .*127.0.0.1:{port}"),
        served("127.0.0.1", port, metrics.registry, lambda: WELL),
    ):
        pass


def test_a_bot_is_healthy_while_it_polls() -> None:
    now = [0.0]
    metrics = Metrics(read, lambda: now[0])
    assert "yet" in (examine(metrics).reason or "")
    metrics.called("getUpdates", Outcome.OK)
    now[0] = 80.0
    assert examine(metrics) == Health(None, 1204, 80.0)
    metrics.called("getUpdates", Outcome.UNREACHABLE)
    metrics.called("sendMessage", Outcome.OK)
    now[0] = 100.0
    ill = examine(metrics)
    assert not ill.healthy
    assert "100 s" in (ill.reason or "")


def test_a_bot_without_its_index_is_not_healthy() -> None:
    metrics = Metrics(read_gone)
    metrics.called("getUpdates", Outcome.OK)
    assert examine(metrics).reason == "the index cannot be read: gone"


def test_a_bot_with_a_webhook_needs_no_polls(metrics: Metrics) -> None:
    assert examine(metrics, max_silence_s=None) == Health(None, 1204, None)
