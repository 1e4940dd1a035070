"""Wall time of the steps of an answer."""

from __future__ import annotations

from time import perf_counter


class Stopwatch:
    """Wall time in milliseconds: in all, and per step in the order of the first runs."""

    def __init__(self) -> None:
        self._start = self._lap = perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, step: str) -> None:
        """Count the time since the last lap to `step`."""
        now = perf_counter()
        self._laps[step] = self._laps.get(step, 0.0) + (now - self._lap) * 1000
        self._lap = now

    @property
    def laps(self) -> tuple[tuple[str, float], ...]:
        return tuple(self._laps.items())

    @property
    def elapsed_ms(self) -> float:
        return (perf_counter() - self._start) * 1000
