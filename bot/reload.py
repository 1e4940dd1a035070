"""Reloads the settings while the bot runs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_settings import BaseSettings

from bot.errors import SettingsError
from bot.settings import BotSettings, Settings, from_environment, variable_of
from index.core.settings import LIVE, IndexSettings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Configuration:
    """All settings of a running bot."""

    bot: BotSettings
    index: IndexSettings


@dataclass(frozen=True, slots=True)
class Changes:
    """Environment variables whose values differ, in the order of their settings."""

    live: tuple[str, ...]  # a running bot can apply these
    restart: tuple[str, ...]  # these count from the next start on


def read_configuration(data: Path | None = None) -> Configuration:
    """Return the current settings of the environment and the `.env` file.

    The index is in `data`, if the command line names it.

    Raises:
        SettingsError: a variable cannot be used; the text names it and the remedy.
    """
    return Configuration(from_environment(BotSettings), read_index_settings(data))


def read_index_settings(data: Path | None = None) -> IndexSettings:
    """Return those of the index alone; see `read_configuration`."""
    settings = from_environment(IndexSettings)
    return settings if data is None else settings.model_copy(update={"data": data})


def changes(old: Configuration, new: Configuration) -> Changes:
    """Return the settings that differ."""
    live: list[str] = []
    restart: list[str] = []
    for before, after in ((old.bot, new.bot), (old.index, new.index)):
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


@dataclass(slots=True)
class Reloader:
    """Reads the settings again and applies the live ones.

    `apply` is called with the new configuration whenever a live setting changed; those that need a
    restart are in it unchanged.
    """

    configuration: Configuration
    apply: Callable[[Configuration], None]
    read: Callable[[], Configuration] = read_configuration

    def reload(self) -> Changes:
        """Read the settings, apply the live ones, and return the changes.

        Invalid settings are logged and change nothing.
        """
        try:
            new = self.read()
        except SettingsError as error:
            logger.error("the settings stay as they are: %s", error)  # noqa: TRY400
            return Changes((), ())
        found = changes(self.configuration, new)
        if found.live:
            self.configuration = Configuration(
                merged(self.configuration.bot, new.bot), merged(self.configuration.index, new.index)
            )
            self.apply(self.configuration)
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
