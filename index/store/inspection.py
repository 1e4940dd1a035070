"""What can be told of an index file without opening it for writing, which may change it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from alembic.script import ScriptDirectory

from index.core.errors import StoreError
from index.store.database import MIGRATIONS


class Schema(NamedTuple):
    """The schema of an index file, and the latest that this program knows."""

    found: str | None
    latest: str | None


def read_schema(path: Path) -> Schema:
    """Return the schema of the index at `path`; `found` is None where it is not an index of ours.

    Raises:
        StoreError: not a readable database.
    """
    latest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    tables = _read(path, "SELECT name FROM sqlite_master WHERE name = 'alembic_version'")
    rows = _read(path, "SELECT version_num FROM alembic_version") if tables else []
    return Schema(rows[0] if rows else None, latest)


def _read(path: Path, query: str) -> list[str]:
    """Return the first column."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as reading:
            return [str(row[0]) for row in reading.execute(query)]
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"{path} is not a readable index: {error}; move it away and index again"
        ) from error
