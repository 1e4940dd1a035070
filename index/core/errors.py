"""The errors that `index` raises on purpose.

OnrecordError
├── DocumentError
│   └── NotInstalledError
├── InterruptionError
├── QuestionError
├── CertificateError
├── SpanError
├── ModelError
├── QuestionsFileError
├── FittingError
├── PlotError
└── StoreError
    └── ServerError
"""

from __future__ import annotations

_MAX_REASON_CHARS = 400


class OnrecordError(Exception):
    """The root of all expected errors. The text is one line, fit to show to a user."""


class DocumentError(OnrecordError):
    """One file or document that cannot be used; the others can.

    Attributes:
        name: the file as the user knows it, shown before the reason.
        reason: the fault, the limit and the remedy, at most 400 characters: the middle of a longer
            one is left out.
    """

    def __init__(self, name: str, reason: str) -> None:
        if len(reason) > _MAX_REASON_CHARS:  # a library may cite half of the file
            reason = f"{reason[: _MAX_REASON_CHARS - 100]} … {reason[-97:]}"
        line = " ".join(f"{name}: {reason}".splitlines())
        super().__init__("".join(map(_printable, line)))
        self.name = name
        self.reason = reason


class NotInstalledError(DocumentError):
    """A file that this machine cannot read, as a package is missing: the file may be well."""


class InterruptionError(OnrecordError):
    """The library is closed while it reads a file; nothing is known about the file."""

    def __init__(self) -> None:
        super().__init__("interrupted; what is finished stays")


class QuestionError(OnrecordError):
    """An empty or too long question."""


class CertificateError(OnrecordError):
    """An id under which no quote was sent."""


class SpanError(OnrecordError):
    """A span that does not lie inside its text: a bug, never bad input."""


class ModelError(OnrecordError):
    """A model that is missing, damaged or not the one the index was made with."""


class QuestionsFileError(OnrecordError):
    """A questions file with a line that does not fit the format."""


class FittingError(OnrecordError):
    """Questions too few or too one-sided to learn from."""


class PlotError(OnrecordError):
    """A plot that cannot be drawn: another format, no such folder, or matplotlib is missing."""


class StoreError(OnrecordError):
    """An index that cannot be opened or is not one of ours."""


class ServerError(StoreError):
    """A database server that is out of reach, or busy with something else, for now."""


def _printable(character: str) -> str:
    """The character, escaped if a terminal would obey it instead of showing it."""
    shown = character.isprintable() or character.isspace() or character in "\u200c\u200d"
    return character if shown else character.encode("unicode_escape").decode()
