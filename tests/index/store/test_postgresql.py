"""A server that is not as it should be gets one line; several processes do not get in its way."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import ValidationError
from sqlalchemy import URL, text

from bot.storage.database import open_inbox
from bot.storage.schema import schema as bot_schema
from index.core.errors import ServerError, StoreError
from index.core.settings import IndexSettings
from index.store.schema import schema as index_schema
from index.store.store import Store
from tests.support import PATIENCE_S
from tests.support.postgres import SECRET, Server, free_port

NOWHERE = Path("unused")


def settings(url: str) -> IndexSettings:
    return IndexSettings(_env_file=None, database_url=url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ann:{secret}@127.0.0.1/x",
        "postgresql://ann:{secret}@127.0.0.1/x",
        " postgresql+psycopg2://ann:{secret}@127.0.0.1/x\n",
    ],
)
def test_the_password_of_a_url_is_not_shown(url: str) -> None:
    given = settings(url.format(secret=SECRET))
    assert SECRET not in f"{given!r} {given.database} {given.database!r} {given.model_dump()}"
    assert given.database is not None
    assert given.database.password == SECRET


@pytest.mark.parametrize(
    "url",
    [
        "mysql://ann:{secret}@127.0.0.1/x",
        "sqlite:///{secret}",
        "postgresql://ann:{secret}@127.0.0.1",
        "postgresql://ann@127.0.0.1/x?password={secret}",
        "{secret}",
        "postgresql://ann:{secret}@127.0.0.1:many/x",
    ],
)
def test_another_url_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(ValidationError, match="give one like postgresql") as raised:
        settings(url.format(secret=SECRET))
    assert SECRET not in str(raised.value)


def test_an_empty_one_is_none() -> None:
    assert settings(" ").database is None


def test_a_wrong_password_is_not_shown(database: URL, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = "wr0ng-" + SECRET
    with pytest.raises(ServerError, match=r"password authentication.*DATABASE_URL") as raised:
        Store(NOWHERE, database.set(password=wrong))
    assert wrong not in str(raised.value) + caplog.text
    assert "\n" not in str(raised.value)


def test_a_server_that_is_not_there(database: URL) -> None:
    with pytest.raises(ServerError, match="see that the server runs"):
        Store(NOWHERE, database.set(port=free_port()))


@pytest.mark.slow
def test_a_database_that_knows_only_english_letters_is_refused(server: Server) -> None:
    for name, options in {
        "english": "ENCODING 'UTF8' LOCALE 'C'",
        "bytes": "ENCODING 'SQL_ASCII' LOCALE 'C'",
    }.items():
        url = server.create_bare(name, options)
        with pytest.raises(StoreError, match=r"LOCALE 'C\.UTF-8'"):
            Store(NOWHERE, url)
        server.drop(url)


@pytest.mark.slow
def test_many_processes_make_the_tables_once(server: Server) -> None:
    url = server.create_bare("together")

    def use(_at: int) -> bool:
        store, engine = Store(NOWHERE, url), open_inbox(NOWHERE, url)
        store.close()
        engine.dispose()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(use, range(6)))
    server.drop(url)


def test_the_migrations_make_the_schema(database: URL) -> None:
    store, inbox = Store(NOWHERE, database), open_inbox(NOWHERE, database)
    for engine, schema in ((store.engine, index_schema), (inbox, bot_schema)):
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            found = [str(one) for one in compare_metadata(context, schema)]
        # SQLite has this column without asking for it.
        assert [one for one in found if "rowid" not in one] == []
        engine.dispose()


def test_a_newer_schema_is_refused(database: URL) -> None:
    store = Store(NOWHERE, database)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(StoreError, match=r"newer version.*9999"):
        Store(NOWHERE, database)


def test_writers_on_several_machines_take_turns(database: URL) -> None:
    one, other = Store(NOWHERE, database), Store(NOWHERE, database)
    order: list[str] = []

    def write() -> None:
        with other.lock(NOWHERE):
            order.append("other")

    thread = threading.Thread(target=write)
    with one.lock(NOWHERE):
        thread.start()
        time.sleep(0.3)
        order.append("one")
    thread.join(PATIENCE_S)
    assert order == ["one", "other"]
    one.close()
    other.close()


def test_a_server_that_was_restarted_goes_on(server: Server, database: URL) -> None:
    store = Store(NOWHERE, database)
    assert store.revision() == 0
    server.restart()
    assert store.revision() == 0
    store.close()


@pytest.mark.parametrize(("default", "used"), [("off", "on"), ("remote_apply", "remote_apply")])
def test_what_was_committed_is_on_the_disk(
    server: Server, database: URL, default: str, used: str
) -> None:
    server.set(database, "synchronous_commit", default)
    engine = open_inbox(NOWHERE, database)
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == used
    engine.dispose()
