"""All that watches a running bot, put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from bot.conversation.conversation import Library
from bot.monitoring.health import MAX_SILENCE_S, Heartbeat, examine
from bot.monitoring.metrics import IndexSize, Metrics
from bot.monitoring.observer import AnswerLog, Observer, Observers
from bot.monitoring.server import MetricsServer
from bot.settings import BotSettings


class Monitor(NamedTuple):
    """What the bot reports to.

    Attributes:
        observer: is told of questions and of calls to Telegram.
        watch_queue: takes the function that tells how many questions wait; to be called once.
        port: where metrics and health are served; None for nowhere.
    """

    observer: Observer
    watch_queue: Callable[[Callable[[], int]], None]
    port: int | None


@contextmanager
def monitored(settings: BotSettings, read_index: Callable[[], IndexSize]) -> Iterator[Monitor]:
    """Serve metrics and health, where a port is set for them, until the block ends.

    Args:
        settings: they name the port, and tell whether there are polls to listen for.
        read_index: tells how much is indexed; called on other threads.

    Raises:
        SettingsError: the port is taken, or the address not one of this machine.
    """
    metrics, heartbeat = Metrics(), Heartbeat()
    metrics.index_size(read_index)
    observer = Observers(AnswerLog(), metrics, heartbeat)
    if settings.metrics_port is None:
        yield Monitor(observer, metrics.queue_length, None)
        return
    max_silence_s = MAX_SILENCE_S if settings.webhook_url is None else None
    server = MetricsServer(
        settings.metrics_host,
        settings.metrics_port,
        metrics.registry,
        lambda: examine(read_index, heartbeat.silence_s, max_silence_s),
    )
    try:
        yield Monitor(observer, metrics.queue_length, server.port)
    finally:
        server.close()


def index_size(library: Library, collections: tuple[str, ...]) -> IndexSize:
    """Return how much of a library may be searched; may be called on any thread."""
    status = library.status(collections)
    return IndexSize(status.documents, status.passages, library.revision())
