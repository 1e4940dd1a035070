"""Opens a SQLite file, brings it up to date, and runs statements on it through SQLAlchemy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, Executable, Row, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError

from index.core.errors import StoreError

Rows = Mapping[str, Any] | Sequence[Mapping[str, Any]]
T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(path: Path, migrations: Path, remedy: str) -> Engine:
    """Return an engine on the database at `path`, created or migrated as needed.

    `migrations` is the folder of its Alembic scripts, whose ids are numbers of four digits.

    Raises:
        StoreError: not a database of ours, or of a schema that this version cannot migrate.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{path.parent} cannot be the folder of an index: {error.strerror}; name another "
            "with --data"
        ) from error
    _refuse_foreign(path, remedy)
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": 30})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    try:
        _migrate(engine, path, migrations, remedy)
    except DatabaseError as error:
        raise StoreError(f"{path} is not readable: {error.orig}; {remedy}") from error
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that holds the write lock from its beginning.

    Raises:
        StoreError: the disk is full, or the file cannot be written for another reason.
    """
    try:
        connecting = engine.connect().execution_options(writing=True)
        with connecting as connection, connection.begin():
            yield connection
    except OperationalError as error:
        raise StoreError(
            f"{engine.url.database} cannot be written: {error.orig}; see that the disk has room, "
            "then do it again: what is finished stays"
        ) from error


def fetch(engine: Engine, query: Executable) -> Sequence[Row[Any]]:
    """Return the rows of a query."""
    with engine.connect() as connection:
        return connection.execute(query).all()


def execute(engine: Engine, statement: Executable, rows: Rows | None = None) -> int:
    """Run one statement in a transaction of its own; return how many rows it changed.

    Raises:
        StoreError: see `writing`.
    """
    with writing(engine) as connection:
        return connection.execute(statement, rows).rowcount


def from_row(kind: type[T], row: Row[Any], **given: Any) -> T:
    """Return a dataclass made of the columns named like its fields, and of the values given."""
    columns = row._asdict()
    names = [field.name for field in fields(kind) if field.name in columns]  # type: ignore[arg-type]
    return kind(**{name: columns[name] for name in names} | given)


def _refuse_foreign(path: Path, remedy: str) -> None:
    """Read the file first: opening it for writing would change it."""
    if not path.exists():
        return
    try:
        tables = _read(path, "SELECT name FROM sqlite_master WHERE type = 'table'")
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} is not readable: {error}; {remedy}") from error
    if tables and "alembic_version" not in tables:
        raise StoreError(f"{path} is another program's database; use another folder with --data")


def _configure(connection: Any, _record: object) -> None:
    connection.create_function("lower", 1, _lower, deterministic=True)
    connection.isolation_level = None  # we begin transactions ourselves, see _begin
    # One writer and any number of readers at once; a commit outlives the process's death.
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _lower(value: object) -> object:
    # SQLite's own knows only ASCII.
    return value.casefold() if isinstance(value, str) else value


def _begin(connection: Connection) -> None:
    # Python's sqlite3 begins no transaction for reads, so that two of them may see two states; and
    # a read lock cannot be upgraded while another process writes, so that writers lock at once.
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _migrate(engine: Engine, path: Path, migrations: Path, remedy: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations))
    scripts = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    known = _revisions(scripts)
    if current == known[-1]:
        return
    if current is not None and current < known[0]:
        raise StoreError(
            f"{path} was made before the first release (schema {current}), which this version "
            f"cannot read; {remedy}"
        )
    if current is not None and current not in known:
        raise StoreError(
            f"{path} was made by a newer version (schema {current}); update onrecord, or use "
            "another folder with --data"
        )
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


class Schema(NamedTuple):
    """The schema of an index file, None if it is not ours, and those that this program reads."""

    found: str | None
    oldest: str
    latest: str


def read_schema(path: Path) -> Schema:
    """Read the schema of the index at `path`, or None if it is not an index of ours.

    Raises:
        StoreError: not a readable database.
    """
    known = _revisions(ScriptDirectory(str(MIGRATIONS)))
    try:
        tables = _read(path, "SELECT name FROM sqlite_master WHERE name = 'alembic_version'")
        rows = _read(path, "SELECT version_num FROM alembic_version") if tables else []
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"{path} is not a readable index: {error}; move it away and index again"
        ) from error
    return Schema(rows[0] if rows else None, known[0], known[-1])


def _revisions(scripts: ScriptDirectory) -> list[str]:
    """The schemas that migrations start from or make, oldest first."""
    return sorted(script.revision for script in scripts.walk_revisions())


def _read(path: Path, query: str) -> list[str]:
    """The first column of a query's rows, read without opening the file for writing."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as reading:
        return [str(row[0]) for row in reading.execute(query)]
