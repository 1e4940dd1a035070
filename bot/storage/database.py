"""Opens the bot's own database, and what its file needs that a server does not."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, Float, event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from bot.storage.schema import updates
from index.store.database import Tables, open_database
from index.store.databases.dialects import is_file

logger = logging.getLogger(__name__)

FILE_NAME = "bot.db"
TABLES = Tables(
    migrations=Path(__file__).parent / "migrations",
    table=updates.name,
    schema="onrecord_bot",
    remedy="move it away, questions in it will not be answered",
    in_turn=False,
)
CHECKPOINT_WAIT_MS = 500


def open_inbox(folder: Path, url: URL | None = None) -> Engine:
    """Return an engine on the bot's database: a file in a folder, or on a server.

    Raises:
        StoreError: it is not one of ours, out of reach, or of a newer version.
    """
    engine = open_database(folder / FILE_NAME, url, TABLES)
    if is_file(engine):
        event.listen(engine, "connect", _overwrite_deleted)
        # The connections so far were opened without it.
        engine.dispose()
    return engine


def empty_log(engine: Engine) -> None:
    """Let deleted words leave the log of a file, too; a server tidies up by itself."""
    if not is_file(engine):
        return
    with closing(engine.raw_connection()) as raw:
        cursor = raw.cursor()
        (patience_ms,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        # Another process may be reading; then the next start or the next user's turn does it.
        cursor.execute(f"PRAGMA busy_timeout = {CHECKPOINT_WAIT_MS}")
        (is_busy, *_) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {patience_ms}")
    if is_busy:
        logger.info("deleted words stay in the database's log until its next checkpoint")


class server_time(FunctionElement[float]):  # noqa: N801  # a function of SQL
    """Seconds since 1970 by the clock that all share: the one of the database."""

    type = Float()
    inherit_cache = True


@compiles(server_time)
def _of_file(_element: FunctionElement[float], _compiler: SQLCompiler, **_options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(server_time, "postgresql")
def _of_server(_element: FunctionElement[float], _compiler: SQLCompiler, **_options: Any) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS FLOAT)"


def _overwrite_deleted(connection: Any, _record: object) -> None:
    # By default SQLite leaves deleted words in the file.
    connection.execute("PRAGMA secure_delete = ON")
