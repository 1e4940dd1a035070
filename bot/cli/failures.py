"""What goes wrong, on one line with the remedy."""

from __future__ import annotations

import errno
import sqlite3
import traceback

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import BotError
from index.core.errors import OnrecordError, SpanError
from index.store.databases.sqlite import fault_of

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_MAX_CHARS = 600
_REMEDY = "`onrecord doctor --deep` names it: restore a backup, or move it away"


def explain(error: BaseException) -> str:
    """Return an error as one line, fit to be printed."""
    line = " ".join(_text(error).split())
    shown = line.encode(errors="backslashreplace").decode()
    return shown if len(shown) <= _MAX_CHARS else f"{shown[:_MAX_CHARS]}…"


def _text(error: BaseException) -> str:
    match error:
        case OnrecordError() | BotError() if not isinstance(error, SpanError):
            return str(error)
        case OSError():
            return _system(error)
        case sqlite3.Error():
            return f"a database {fault_of(error, _REMEDY)}"
        case SQLAlchemyError():  # its text cites the statement, and what people asked
            return f"a database is damaged ({type(error).__name__}); {_REMEDY}"
        case MemoryError():
            return "there is not enough memory; close other programs, or use smaller files"
    return (
        f"{type(error).__name__}: {error} ({_place(error)}); `onrecord doctor --deep` finds what "
        "is damaged; if all is well there, this is a mistake of ours: please report it"
    )


def _system(error: OSError) -> str:
    reason = error.strerror or str(error) or type(error).__name__
    text = f"{error.filename}: {reason}" if error.filename else reason
    if error.errno in _FULL:
        return f"{text}; make room, then do it again: what is finished stays"
    if error.errno in _FORBIDDEN:
        return f"{text}; see that this user may read and write there, or name another folder"
    return f"{text}; see that the path and the disk are all right, then do it again"


def _place(error: BaseException) -> str:
    """The line of code that raised an error."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "nowhere"
