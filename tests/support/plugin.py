"""Fails a run of all tests of the bot in which a handler was never reached over HTTP.

It works in one process, and under pytest-xdist: there each worker hands over what its tests
reached, and the first process judges.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.support.coverage import Driven, is_whole

OUTPUT = "reached handlers"


class HandlerCoverage:
    """The record of this process, and those of the workers."""

    def __init__(self) -> None:
        self.record = Driven()
        self.reached: set[str] = set()
        self.is_whole = False
        self.deselected: list[pytest.Item] = []

    @property
    def missing(self) -> list[str]:
        """Handlers that no test reached, if all tests ran."""
        return sorted(self.record.all - self.reached) if self.is_whole else []

    def add(self, reached: Sequence[str], whole: bool) -> None:
        """Take over the record of a process."""
        self.reached.update(reached)
        self.is_whole |= whole

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        self.deselected += items

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.is_whole = is_whole(session.items, self.deselected)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        # A worker that crashed hands nothing over, and has failed the run already.
        self.add(*getattr(node, "workeroutput", {}).get(OUTPUT, ((), False)))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.add(self.record.called, self.is_whole)
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput[OUTPUT] = (sorted(self.reached), self.is_whole)
        elif self.missing and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.missing:
            terminalreporter.section("handlers that no test reached over HTTP", red=True)
            terminalreporter.write_line("\n".join(self.missing))
