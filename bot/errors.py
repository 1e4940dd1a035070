"""The errors that `bot` raises on purpose.

BotError
├── SettingsError
├── TokenError
├── BusyError
├── CommandError
├── ToolError
└── VerbatimError
"""

from __future__ import annotations


class BotError(Exception):
    """The root of all expected errors. Its text is one line, fit to show to a user."""


class SettingsError(BotError):
    """An environment variable that cannot be used."""


class TokenError(BotError):
    """A token that Telegram does not know."""


class BusyError(BotError):
    """A question that finds the queue full."""


class CommandError(BotError):
    """A command that names nobody, or somebody it cannot be about."""


class ToolError(BotError):
    """A call of an assistant that asks for nothing there is, or in another form."""


class VerbatimError(BotError):
    """A message that would not show a quote as it stands in its document: a bug."""
