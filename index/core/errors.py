"""All errors that `index` raises on purpose.

OnrecordError
├── DocumentError       one file or document cannot be used; the others can
├── QuestionError       a question cannot be asked (empty, too long)
├── CertificateError    no quote was sent under this id
├── SpanError           an offset lies outside its text: a bug, never bad input
├── ModelError          a model is missing, damaged or not the one the index was made with
├── QuestionsFileError  a line of a questions file does not fit the format
├── FittingError        the questions are too few or too one-sided to learn from
└── StoreError          the index cannot be opened or is not one of ours
"""

from __future__ import annotations


class OnrecordError(Exception):
    """The root of all expected errors. The text is one line, fit to show to a user."""


class DocumentError(OnrecordError):
    """A file that cannot become a document.

    Attributes:
        name: the file as the user knows it, shown before the reason.
        reason: the fault, the limit and the remedy.
    """

    def __init__(self, name: str, reason: str) -> None:
        line = " ".join(f"{name}: {reason}".splitlines())
        super().__init__("".join(map(_printable, line)))
        self.name = name
        self.reason = reason


class QuestionError(OnrecordError):
    """An empty or too long question."""


class CertificateError(OnrecordError):
    """An id under which no quote was sent."""


class SpanError(OnrecordError):
    """A span that does not lie inside its text."""


class ModelError(OnrecordError):
    """An embedding model that is missing, damaged or not the one the index was made with."""


class QuestionsFileError(OnrecordError):
    """A questions file with a line that does not fit the format."""


class FittingError(OnrecordError):
    """Questions that nothing can be fitted to."""


class StoreError(OnrecordError):
    """An index that cannot be opened."""


def _printable(character: str) -> str:
    """The character, escaped if a terminal would obey it instead of showing it."""
    shown = character.isprintable() or character.isspace() or character in "\u200c\u200d"
    return character if shown else character.encode("unicode_escape").decode()
