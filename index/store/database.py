"""Opens the database of some tables, and runs statements on it through SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, Executable, Row

from index.store.databases.postgresql import open_schema
from index.store.databases.sqlite import open_file

Rows = Mapping[str, Any] | Sequence[Mapping[str, Any]]
T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables that belong together, and how to open them.

    Attributes:
        migrations: the folder of their Alembic scripts, whose ids are numbers of four digits.
        table: one that every schema of theirs has.
        schema: their name in a PostgreSQL database; in SQLite they have a file of their own.
        remedy: what to do with a damaged file.
        in_turn: whether transactions that write wait for each other, as in SQLite they always do.
    """

    migrations: Path
    table: str
    schema: str
    remedy: str
    in_turn: bool


def open_database(path: Path, url: URL | None, tables: Tables) -> Engine:
    """Return an engine on the file at `path`, or on the server at `url`, if there is one.

    Tables are made or migrated as needed. What the engine does raises StoreError.

    Raises:
        StoreError: not a database of ours, out of reach, or of a schema that this version cannot
            migrate.
    """
    if url is None:
        return open_file(path, tables.migrations, tables.remedy, tables.table)
    return open_schema(url, tables.schema, tables.migrations, in_turn=tables.in_turn)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that may write; see `Tables.in_turn`."""
    connecting = engine.connect().execution_options(writing=True)
    with connecting as connection, connection.begin():
        yield connection


def fetch(engine: Engine, query: Executable) -> Sequence[Row[Any]]:
    """Return the rows of a query."""
    with engine.connect() as connection:
        return connection.execute(query).all()


def execute(engine: Engine, statement: Executable, rows: Rows | None = None) -> int:
    """Run one statement in a transaction of its own; return how many rows it changed."""
    with writing(engine) as connection:
        return connection.execute(statement, rows).rowcount


def from_row(kind: type[T], row: Row[Any], **given: Any) -> T:
    """Return a dataclass made of the columns named like its fields, and of the values given."""
    columns = row._asdict()
    names = [field.name for field in fields(kind) if field.name in columns]  # type: ignore[arg-type]
    return kind(**{name: columns[name] for name in names} | given)
