"""A SQLite file: opened, made or brought up to date; one writer, any number of readers."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event

from index.core.errors import StoreError
from index.core.files import make_private, sync_folder
from index.store.databases.migrating import is_current, revisions_in, upgrade
from index.store.lock import WriteLock

_SILENT_MS, _PATIENCE_MS = 1_000, 30_000
_MISTAKES = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.NotSupportedError)

logger = logging.getLogger(__name__)


def open_file(path: Path, migrations: Path, remedy: str, table: str) -> Engine:
    """Return an engine on the file at `path`, created or migrated as needed.

    Every schema of `migrations` has the `table`; `remedy` is for a damaged file.

    Raises:
        StoreError: not a database of ours, or of a schema that this version cannot migrate.
    """
    try:
        make_private(path.parent)
        is_new = not path.exists()
        if is_new:
            _create(path, migrations, remedy)
        for file in map(path.with_name, (path.name, f"{path.name}-wal", f"{path.name}-shm")):
            if file.exists():
                file.chmod(file.stat().st_mode & ~0o077)
    except OSError as error:
        raise StoreError(
            f"{path.parent} cannot be the folder of an index: {error.strerror}; see that it can "
            "be written, or name another with --data"
        ) from error
    if not is_new:
        _refuse_foreign(path, remedy, table)
    engine = _engine(path, remedy)
    if not is_new:
        _migrate(engine, path, migrations, remedy)
    return engine


def _create(path: Path, migrations: Path, remedy: str) -> None:
    """Make a new database under another name first, so that no kill leaves half of one."""
    made = path.with_name(f"{path.name}.new")
    with WriteLock(path.with_name("creating.lock")):
        if path.exists():  # another process was faster
            return
        # SQLite would apply the changes that belong to a file which was moved away.
        for name in (path.name, made.name):
            for ending in ("", "-wal", "-shm", "-journal"):
                path.with_name(f"{name}{ending}").unlink(missing_ok=True)
        made.touch(0o600)
        engine = _engine(made, remedy)
        _migrate(engine, made, migrations, remedy)
        engine.dispose()
        made.rename(path)
        sync_folder(path.parent)


def _engine(path: Path, remedy: str) -> Engine:
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, connect_args={"timeout": _PATIENCE_MS / 1000})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", lambda context: _explain(context, path, remedy))
    return engine


def _explain(context: ExceptionContext, path: Path, remedy: str) -> None:
    """Raise an error of the file, the disk or a lock as a StoreError with its remedy."""
    error = context.original_exception
    if not isinstance(error, sqlite3.DatabaseError) or isinstance(error, _MISTAKES):
        return
    raise StoreError(f"{path} {fault_of(error, remedy)}") from error


def fault_of(error: sqlite3.Error, remedy: str) -> str:
    """Return what is wrong with a database, with what to do: `remedy` if its file is damaged."""
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "is in use by another program; do it again when that is done"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return (
                f"cannot be opened: {error}; see that this user may read and write it and its "
                "folder"
            )
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return (
                f"cannot be written: {error}; see that the disk has room, then do it again: what "
                "is finished stays"
            )
    return f"is not readable: {error}; {remedy}"


def _refuse_foreign(path: Path, remedy: str, table: str) -> None:
    """Read the file first: opening it for writing would change it."""
    try:
        tables = _read(path, "SELECT name FROM sqlite_master WHERE type = 'table'")
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} {fault_of(error, remedy)}") from error
    if not tables:
        raise StoreError(f"{path} is empty, no database of ours; restore a backup, or {remedy}")
    if not {"alembic_version", table} <= set(tables):
        raise StoreError(f"{path} is another program's database; use another folder with --data")


def _configure(connection: Any, _record: object) -> None:
    connection.create_function("lower", 1, _lower, deterministic=True)
    connection.isolation_level = None  # we begin transactions ourselves, see _begin
    # One writer and any number of readers at once; a commit outlives a power cut.
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _lower(value: object) -> object:
    # SQLite's own knows only ASCII.
    return value.casefold() if isinstance(value, str) else value


def _begin(connection: Connection) -> None:
    # Python's sqlite3 begins no transaction for reads, so that two of them may see two states; and
    # a read lock cannot be upgraded while another process writes, so that writers lock at once.
    if not connection.get_execution_options().get("writing"):
        connection.exec_driver_sql("BEGIN")
        return
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA busy_timeout = {_SILENT_MS}")
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        raw.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        name = connection.engine.url.database
        logger.warning("%s: waiting for another program that writes to it", name)
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        raw.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")


def _migrate(engine: Engine, path: Path, migrations: Path, remedy: str) -> None:
    with engine.connect() as connection:
        if is_current(connection, str(path), migrations, remedy):
            return
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        upgrade(connection, migrations)


class Schema(NamedTuple):
    """The schema of an index file, None if it is not ours, and those that this program reads."""

    found: str | None
    oldest: str
    latest: str


def read_schema(path: Path, migrations: Path) -> Schema:
    """Read the schema of the index at `path`, or None if it is not an index of ours.

    Raises:
        StoreError: not a readable database.
    """
    known = revisions_in(migrations)
    try:
        tables = _read(path, "SELECT name FROM sqlite_master WHERE name = 'alembic_version'")
        rows = _read(path, "SELECT version_num FROM alembic_version") if tables else []
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} {fault_of(error, 'move it away and index again')}") from error
    return Schema(rows[0] if rows else None, known[0], known[-1])


def _read(path: Path, query: str) -> list[str]:
    """The first column of a query's rows, read without opening the file for writing."""
    if path.exists() and not path.is_file():  # opening a pipe would wait for ever
        raise sqlite3.DatabaseError("it is no regular file")
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as reading:
        return [str(row[0]) for row in reading.execute(query)]
