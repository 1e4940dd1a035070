"""All checks, in the order in which a remedy helps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.doctor.findings import Finding, Level
from bot.doctor.index import check_index, check_models
from bot.doctor.machine import ENV_FILE, check_machine
from bot.doctor.telegram import check_telegram
from bot.errors import SettingsError
from bot.reload import read_configuration


def examine(data: Path | None = None, deep: bool = False) -> Iterator[Finding]:
    """Yield a finding per check.

    Args:
        data: the folder of the index, in place of the one that the settings name.
        deep: also read all of the index, which takes time with its size.
    """
    try:
        configuration = read_configuration(data)
    except SettingsError as error:
        yield Finding("settings", Level.FAIL, str(error))
        return
    yield Finding("settings", Level.OK, told_by(ENV_FILE.absolute()))
    yield from check_machine(configuration.index)
    yield from check_index(configuration.index, deep)
    yield from check_models(configuration.index)
    yield from check_telegram(configuration.bot)


def told_by(env_file: Path) -> str:
    """Return where the settings come from: it is easily the wrong working directory."""
    if env_file.is_file():
        return f"the environment and {env_file}"
    return f"the environment; there is no {env_file}"
