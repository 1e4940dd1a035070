"""Every error that `bot` raises on purpose.

BotError
├── SettingsError    an environment variable that cannot be used
├── TokenError       Telegram does not know the token
├── BusyError        too many questions are waiting
├── CommandError     a command that names nobody, or somebody it cannot be about
└── VerbatimError    a message would not show a quote as it stands in its document: a bug
"""

from __future__ import annotations


class BotError(Exception):
    """The root of all expected errors. Its text is one line, fit to show to a user."""


class SettingsError(BotError):
    """A setting with a value that cannot be used."""


class TokenError(BotError):
    """A token that Telegram refuses."""


class BusyError(BotError):
    """A question that found the queue full."""


class CommandError(BotError):
    """A command that cannot be carried out as it was given."""


class VerbatimError(BotError):
    """A quote that differs from its slice after formatting."""
