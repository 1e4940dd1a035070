"""A schema of a PostgreSQL database, opened, made or brought up to date; locks between machines."""

from __future__ import annotations

import hashlib
import logging
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, text

from index.core.errors import ServerError, StoreError
from index.store.databases.migrating import is_current, upgrade

# A server that went away without a word is noticed within half a minute.
_CONNECTING = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
    "application_name": "onrecord",
    "client_encoding": "utf8",
}
_FULL, _FORBIDDEN, _DEADLOCK = "53100", "42501", "40P01"

logger = logging.getLogger(__name__)


def open_schema(url: URL, schema: str, migrations: Path, *, in_turn: bool) -> Engine:
    """Return an engine on a schema of the database at `url`, created or migrated as needed.

    Reads see one state; with `in_turn` a transaction that writes waits for those before it, so
    that what it reads stays true until it ends.

    Raises:
        StoreError: the server is out of reach, its database of no use, or the schema of a version
            that this one cannot migrate.
    """
    engine = _engine(url, schema, in_turn=in_turn)
    try:
        _prepare(engine, schema, migrations)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _prepare(engine: Engine, schema: str, migrations: Path) -> None:
    name = f"{name_of(engine.url)}, schema {schema}"
    with engine.connect() as connection:
        _check_characters(connection, name)
        if is_current(connection, name, migrations, "drop the schema"):
            return
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        _wait_in_line(connection, f"migrating {schema}")
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
        # Another process may have been faster.
        if not is_current(connection, name, migrations, "drop the schema"):
            upgrade(connection, migrations)


def name_of(url: URL) -> str:
    """Return a URL without its password."""
    return url.render_as_string(hide_password=True)


class ServerLock:
    """Held by one thread of one machine at a time; the server releases it when a process dies."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = name
        self._key = {"key": _key_of(name)}
        self._held = threading.local()

    def __enter__(self) -> None:
        """Wait for the lock, as long as it takes.

        Raises:
            StoreError: the server is out of reach.
        """
        # Outside of transactions, as a long one keeps the server from tidying up.
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), self._key):
                logger.warning("waiting for another process, maybe on another machine, that writes")
                connection.execute(text("SELECT pg_advisory_lock(:key)"), self._key)
        except BaseException:
            connection.close()
            raise
        self._held.connection = connection

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        connection: Connection = self._held.connection
        try:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), self._key)
        except StoreError as lost:
            connection.invalidate()  # the lock is gone with the connection
            logger.warning("%s: %s", self._name, lost)
        finally:
            connection.close()


def _engine(url: URL, schema: str, *, in_turn: bool) -> Engine:
    try:
        engine = create_engine(
            url,
            pool_pre_ping=True,  # the server may have been restarted
            connect_args=_CONNECTING | {"options": f"-c search_path={schema}"},
        )
    except ModuleNotFoundError as error:
        raise StoreError(
            f"{name_of(url)} needs a library that is not installed; run "
            "`pip install 'onrecord[cluster]'`"
        ) from error

    def begin(connection: Connection) -> None:
        from psycopg import IsolationLevel  # noqa: PLC0415  # installed only with `cluster`

        raw: Any = connection.connection.driver_connection
        options = connection.get_execution_options()
        if options.get("writing"):
            # Each statement sees what was committed before it: also before the lock was given.
            raw.isolation_level = IsolationLevel.READ_COMMITTED
            if in_turn:
                _wait_in_line(connection, schema)
        elif not raw.autocommit:
            raw.isolation_level = IsolationLevel.REPEATABLE_READ

    event.listen(engine, "connect", _insist_on_durability)
    event.listen(engine, "begin", begin)
    event.listen(engine, "handle_error", lambda context: _explain(context, name_of(url)))
    return engine


def _insist_on_durability(raw: Any, _record: object) -> None:
    """Have commits wait for the disk where the server's default is to lose the last of them."""
    raw.execute(
        "SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit') = 'off'"
    )
    raw.commit()


def _wait_in_line(connection: Connection, name: str) -> None:
    """Take a lock that ends with the transaction."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _key_of(name)})


def _key_of(name: str) -> int:
    """Return the number of a lock, the same on every machine."""
    digest = hashlib.sha256(f"onrecord: {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _check_characters(connection: Connection, name: str) -> None:
    """Insist that the server counts and compares characters as Python does."""
    (encoding,) = connection.execute(text("SHOW server_encoding")).one()
    lowered = encoding == "UTF8" and connection.scalar(text("SELECT lower('ÉЯΩ')"))
    if lowered != "éяω":
        raise StoreError(
            f"{name}: its encoding is {encoding} or its locale knows only English letters; make "
            "one by CREATE DATABASE onrecord TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
        )


def _explain(context: ExceptionContext, name: str) -> None:
    """Raise an error of the server, the network or a lock as a StoreError with its remedy."""
    from psycopg import InterfaceError, OperationalError  # noqa: PLC0415  # see `_engine`

    if context.is_pre_ping:  # a connection that was lost is made again
        return
    error = context.original_exception
    state = getattr(error, "sqlstate", None)
    # Its text cites neither statement nor parameters.
    fault = " ".join(str(error).split())
    if state == _FORBIDDEN:
        raise StoreError(
            f"{name}: {fault}; give its user the right to create schemas and tables"
        ) from error
    if not isinstance(error, (OperationalError, InterfaceError)):
        return
    match state:
        case str() if state == _FULL:
            remedy = "make room on the server; what is finished stays"
        case str() if state == _DEADLOCK:
            remedy = "do it again"
        case _:
            remedy = "see that the server runs and ONRECORD_DATABASE_URL is right, then do it again"
    raise ServerError(f"{name}: {fault}; {remedy}") from error
