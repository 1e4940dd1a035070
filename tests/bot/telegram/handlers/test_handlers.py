"""A handler that no test reaches over HTTP fails a run of all tests."""

from __future__ import annotations

import pytest

from tests.support.coverage import Driven, is_table, tables
from tests.support.plugin import HandlerCoverage


def test_a_handler_that_no_process_reached_is_missing() -> None:
    coverage = HandlerCoverage()
    reached = sorted(coverage.record.all)
    coverage.add(reached[:3], whole=False)
    assert coverage.missing == []
    coverage.add(reached[3:-2], whole=True)
    assert coverage.missing == reached[-2:]
    coverage.add(reached[-2:], whole=True)
    assert coverage.missing == []


def test_the_tables_are_found() -> None:
    assert "message" in tables()["HANDLERS"]
    assert not is_table({})
    assert not is_table({"a": "b"})


async def test_a_call_is_recorded_unless_it_fails() -> None:
    async def answer() -> None:
        pass

    async def fail() -> None:
        raise RuntimeError

    record = Driven()
    await record.recorded("answer", answer)()
    with pytest.raises(RuntimeError):
        await record.recorded("fail", fail)()
    assert record.called == {"answer"}
    assert "COMMANDS: verify" in record.all
