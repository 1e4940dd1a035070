"""Nothing that the bot does on Telegram is left out of the end-to-end tests; runs last."""

from __future__ import annotations

import pytest

from tests.support.coverage import Driven, is_table, tables


def test_all_handlers_are_driven_over_http(driven: Driven) -> None:
    assert driven.all - driven.called == set()


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
