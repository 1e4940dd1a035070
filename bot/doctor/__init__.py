"""`onrecord doctor`: checks everything a bot needs, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.doctor.findings import Finding, Level
from bot.doctor.index import check_index, check_models
from bot.doctor.machine import ENV_FILE, check_machine
from bot.doctor.telegram import check_telegram
from bot.errors import SettingsError
from bot.monitoring.logs import mask
from bot.reload import read_configuration


def examine(data: Path | None = None, deep: bool = False) -> Iterator[Finding]:
    """Yield a finding per check, in the order in which to mend them.

    With `deep` all of the index is read, which takes time with its size.
    """
    try:
        configuration = read_configuration(data)
    except SettingsError as error:
        yield Finding("settings", Level.FAIL, str(error))
        return
    # The wrong working directory, and so the wrong file, is a common mistake.
    env_file = ENV_FILE.absolute()
    source = f" and {env_file}" if env_file.is_file() else f"; there is no {env_file}"
    yield Finding("settings", Level.OK, f"the environment{source}")
    yield from check_machine(configuration.index)
    yield from check_index(configuration.index, deep)
    yield from check_models(configuration.index)
    for finding in check_telegram(configuration.bot):
        yield finding._replace(text=mask(finding.text, configuration.bot.telegram_bot_token))
