"""Runs the test of the record of handlers last."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.support.coverage import is_whole

LAST = "test_handlers.py"


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    for item in items:
        item.config.stash.setdefault(DESELECTED, []).append(item)


DESELECTED = pytest.StashKey[list[pytest.Item]]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the test of the record after all others, where all others run."""
    last = [item for item in items if item.path.name == LAST]
    items[:] = [item for item in items if item.path.name != LAST] + last
    if not is_whole(items, config.stash.get(DESELECTED, [])):
        skip = pytest.mark.skip(reason="only a part of the tests of the bot runs")
        for item in last:
            if item.name == "test_all_handlers_are_driven_over_http":
                item.add_marker(skip)
