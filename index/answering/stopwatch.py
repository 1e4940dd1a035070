"""Wall time per step."""

from __future__ import annotations

from time import perf_counter


class Stopwatch:
    """Counts milliseconds from its making on, and between laps."""

    def __init__(self) -> None:
        self._start = self._lap = perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, step: str) -> None:
        """Count the time since the last lap to the step that took it."""
        now = perf_counter()
        self._laps[step] = self._laps.get(step, 0.0) + (now - self._lap) * 1000
        self._lap = now

    @property
    def laps(self) -> tuple[tuple[str, float], ...]:
        """The steps with their milliseconds, in the order in which they first ran."""
        return tuple(self._laps.items())

    @property
    def elapsed_ms(self) -> float:
        """Milliseconds since the making."""
        return (perf_counter() - self._start) * 1000
