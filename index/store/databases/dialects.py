"""The statements that SQLite and PostgreSQL spell differently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Engine, Table, Text
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


def insert(bind: Engine | Connection, table: Table) -> sqlite.Insert:
    """Return an INSERT with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if is_file(bind):
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  # slow to import, for servers alone

    return cast("sqlite.Insert", postgresql.insert(table))


def is_file(bind: Engine | Connection) -> bool:
    """Whether a database is a file, which we must look after ourselves."""
    return bind.dialect.name == "sqlite"


class in_order(FunctionElement[str]):  # noqa: N801  # a function of SQL
    """A text to order by: by code points, whatever the locale of a server."""

    type = Text()
    inherit_cache = True


@compiles(in_order)
def _as_it_is(element: FunctionElement[str], compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(_only(element), **options)


@compiles(in_order, "postgresql")
def _collated(element: FunctionElement[str], compiler: SQLCompiler, **options: Any) -> str:
    return f'({compiler.process(_only(element), **options)} COLLATE "C")'


def file_faults(connection: Connection) -> Iterator[str]:
    """Yield what is wrong with the pages of a file; a server looks after its own."""
    if is_file(connection):
        for (report,) in connection.exec_driver_sql("PRAGMA integrity_check(3)"):
            if report != "ok":
                yield str(report)


def broken_links(connection: Connection) -> list[tuple[str, str]]:
    """Return the tables with a row whose owner is gone, and the owner's; a server allows none."""
    if not is_file(connection):
        return []
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return sorted({(str(row[0]), str(row[2])) for row in broken})


def _only(element: FunctionElement[str]) -> ColumnElement[Any]:
    (column,) = element.clauses
    return column
