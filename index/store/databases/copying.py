"""Copies tables from one database to another, a piece at a time, and compares them afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    func,
    insert,
    literal_column,
    select,
    text,
)

from index.core.documents import Progress
from index.core.errors import StoreError
from index.store.databases.dialects import in_order, is_file

_ROWS, _LARGE_ROWS = 500, 10
_LARGE = frozenset({"documents"})
_AS_THEY_CAME = frozenset({"certificates", "linked_questions", "audit"})
"""Tables of which the oldest rows are deleted."""


def copy_tables(
    source: Engine, target: Engine, schema: MetaData, progress: Progress | None = None
) -> None:
    """Copy the rows that the target lacks; interrupted, it goes on from there the next time.

    Raises:
        StoreError: the target has more rows than the source.
    """
    report = progress or (lambda *_: None)
    with source.connect() as reading:
        total, done = sum(_count(reading, table) for table in schema.sorted_tables), 0
        for table in schema.sorted_tables:
            with target.connect() as connection:
                held = _count(connection, table)
            if held > _count(reading, table):
                raise _differs(target, table)
            done += held
            report(done, total)
            query = select(table).order_by(*_order(table, as_they_came=True)).offset(held)
            stream = _stream(reading, query, table)
            while rows := list(islice(stream, _size(table))):
                with target.connect().execution_options(writing=True) as to, to.begin():
                    to.execute(insert(table), [row._asdict() for row in rows])
                done += len(rows)
                report(done, total)
        for table in schema.sorted_tables:
            _continue_ids(reading, target, table)


def compare_tables(source: Engine, target: Engine, schema: MetaData) -> None:
    """Insist that two databases hold the same.

    Raises:
        StoreError: a table has other rows, as the source was changed after its copy began.
    """
    with source.connect() as one, target.connect() as other:
        for table in schema.sorted_tables:
            if _digest(one, table) != _digest(other, table):
                raise _differs(target, table)


def _differs(target: Engine, table: Table) -> StoreError:
    name = target.url.render_as_string(hide_password=True)
    return StoreError(
        f"{name}: {table.name} has rows that the source does not have, which was changed after its "
        "copy began; empty the target, then do it again with the bot stopped"
    )


def _digest(connection: Connection, table: Table) -> str:
    digest = hashlib.sha256()
    query = select(table).order_by(*_order(table, as_they_came=False))
    for row in _stream(connection, query, table):
        digest.update(repr(tuple(row)).encode(errors="surrogatepass"))
    return digest.hexdigest()


def _stream(connection: Connection, query: Any, table: Table) -> Iterator[Row[Any]]:
    options = {"yield_per": _size(table)}
    return chain.from_iterable(connection.execute(query, execution_options=options).partitions())


def _order(table: Table, *, as_they_came: bool) -> Sequence[ColumnElement[Any]]:
    if as_they_came and table.name in _AS_THEY_CAME:
        return [literal_column("rowid")]
    keys = table.primary_key.columns
    return [in_order(key) if isinstance(key.type, String) else key for key in keys]


def _size(table: Table) -> int:
    return _LARGE_ROWS if table.name in _LARGE else _ROWS


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _continue_ids(reading: Connection, target: Engine, table: Table) -> None:
    """Let new rows have ids that the source never gave, not even to rows that are gone."""
    (key, *others) = table.primary_key.columns
    if others or not isinstance(key.type, Integer) or not table.kwargs.get("sqlite_autoincrement"):
        return
    last = _last_id(reading, table.name)
    with target.connect().execution_options(writing=True) as connection, connection.begin():
        if is_file(connection):
            named = {"name": table.name, "last": last}
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), named)
            connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :last)"), named)
        elif last:
            setting = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)")
            connection.execute(setting, {"name": table.name, "last": last})


def _last_id(connection: Connection, name: str) -> int:
    if is_file(connection):
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return int(connection.execute(query, {"name": name}).scalar() or 0)
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": name})
    last, called = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608
    return int(last) if called else 0
