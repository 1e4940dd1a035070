"""Settings read anew while the bot runs: which of them it can take over, and which it cannot."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from bot.errors import SettingsError
from bot.settings import BotSettings, read_settings, unusable, variable_of
from index.core.settings import LIVE, IndexSettings

logger = logging.getLogger(__name__)

Settings = TypeVar("Settings", bound=BaseSettings)


@dataclass(frozen=True, slots=True)
class Configuration:
    """All settings of a running bot."""

    bot: BotSettings
    index: IndexSettings


@dataclass(frozen=True, slots=True)
class Changes:
    """Environment variables whose values differ, in the order of their settings.

    Attributes:
        live: those that a running bot can take over.
        restart: those that count from the next start on.
    """

    live: tuple[str, ...]
    restart: tuple[str, ...]


def read_configuration(data: Path | None = None) -> Configuration:
    """Return the settings of the environment and of the `.env` file as they are now.

    Args:
        data: the folder of the index, where one was named on the command line.

    Raises:
        SettingsError: a variable cannot be used; the text names it and the remedy.
    """
    index = read_index_settings(data)
    return Configuration(read_settings(), index)


def read_index_settings(data: Path | None = None) -> IndexSettings:
    """Return those of the index alone; arguments and errors as for `read_configuration`."""
    try:
        settings = IndexSettings()
    except ValidationError as error:
        raise unusable(IndexSettings, error) from error
    return settings if data is None else settings.model_copy(update={"data": data})


def changes(old: Configuration, new: Configuration) -> Changes:
    """Return which settings differ, apart by whether a running bot can take them over."""
    live: list[str] = []
    restart: list[str] = []
    pairs: tuple[tuple[BaseSettings, BaseSettings], ...]
    pairs = ((old.bot, new.bot), (old.index, new.index))
    for before, after in pairs:
        settings = type(before)
        for field in settings.model_fields:
            if getattr(before, field) != getattr(after, field):
                named = live if is_live(settings, field) else restart
                named.append(variable_of(settings, field))
    return Changes(tuple(live), tuple(restart))


def is_live(settings: type[BaseSettings], field: str) -> bool:
    """Whether a setting may change while the bot runs."""
    extra = settings.model_fields[field].json_schema_extra
    return isinstance(extra, dict) and extra.items() >= LIVE.items()


class Reloader:
    """Reads the settings again and hands over what may change.

    Attributes:
        configuration: what is in force.
    """

    def __init__(
        self,
        configuration: Configuration,
        apply: Callable[[Configuration], None],
        read: Callable[[], Configuration] = read_configuration,
    ) -> None:
        """Take over the settings in force.

        Args:
            configuration: what the bot was started with.
            apply: called with the new configuration whenever something live changed. All that
                needs a restart is in it as it was.
            read: where the new settings come from.
        """
        self.configuration = configuration
        self._apply = apply
        self._read = read

    def reload(self) -> Changes:
        """Read the settings, apply the live ones that changed, and return what changed.

        Settings that cannot be used are logged and change nothing: the bot goes on as it is.
        """
        try:
            new = self._read()
        except SettingsError as error:
            logger.error("the settings stay as they are: %s", error)  # noqa: TRY400
            return Changes((), ())
        found = changes(self.configuration, new)
        if found.live:
            self.configuration = Configuration(
                merged(self.configuration.bot, new.bot), merged(self.configuration.index, new.index)
            )
            self._apply(self.configuration)
        logger.info("settings read again; changed: %s", ", ".join(found.live) or "none")
        if found.restart:
            logger.warning("changed, but only from the next start on: %s", ", ".join(found.restart))
        return found


def merged(old: Settings, new: Settings) -> Settings:
    """Return the old settings with the live ones of the new."""
    settings = type(old)
    update: dict[str, Any] = {
        field: getattr(new, field) for field in settings.model_fields if is_live(settings, field)
    }
    return old.model_copy(update=update)
