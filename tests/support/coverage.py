"""Records the handlers that tests reached over HTTP: by kind of update, command and button."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest

import bot.telegram.handlers
from bot.telegram.commands import COMMANDS
from bot.telegram.context import Context
from tests.support import ROOT

PLACES = (ROOT / "tests" / "bot", ROOT / "tests" / "end_to_end")
Table = dict[str, Callable[..., Any]]


def tables() -> dict[str, Table]:
    """Return every table of functions in the modules of the handlers, by its name."""
    prefix = f"{bot.telegram.handlers.__name__}."
    names = [
        module.name for module in pkgutil.walk_packages(bot.telegram.handlers.__path__, prefix)
    ]
    found: dict[int, tuple[str, Table]] = {}
    for name in [*names, bot.telegram.handlers.__name__]:
        for entry, value in vars(importlib.import_module(name)).items():
            if is_table(value):
                found.setdefault(id(value), (entry, value))
    return dict(found.values())


def is_table(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(inspect.isfunction, value.values()))


class Driven:
    """All entries of the tables, and those that were called without an error."""

    def __init__(self) -> None:
        self.tables = tables()
        self.all = {f"{name}: {key}" for name, table in self.tables.items() for key in table}
        self.all |= {f"COMMANDS: {name}" for name in COMMANDS}
        self.called: set[str] = set()

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Put a recorder in the place of each function, until the block ends."""
        kept = {name: dict(table) for name, table in self.tables.items()}
        for name, table in self.tables.items():
            table.update((key, self.recorded(f"{name}: {key}", table[key])) for key in table)
        try:
            yield
        finally:
            for name, table in self.tables.items():
                table.update(kept[name])

    def recorded(self, entry: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        async def recorder(*args: Any) -> Any:
            result = await function(*args)
            self.called.add(entry)
            for context in args:
                if is_message(context) and context.command in COMMANDS:
                    self.called.add(f"COMMANDS: {context.command}")
            return result

        return recorder


def is_message(value: object) -> bool:
    return isinstance(value, Context) and value.update.message is not None


def is_whole(items: Sequence[pytest.Item], deselected: Sequence[pytest.Item]) -> bool:
    """Whether all tests of the bot run, slow ones aside; a test that is left out may be the one."""
    files = {item.path for item in [*items, *deselected]}
    left_out = [item for item in deselected if not item.get_closest_marker("slow")]
    in_single = any("::" in argument for item in items[:1] for argument in item.config.args)
    return (
        not in_single
        and all(files.issuperset(place.rglob("test_*.py")) for place in PLACES)
        and not any(item.path.is_relative_to(place) for item in left_out for place in PLACES)
    )
