"""An index and a bot.db that an earlier build made are brought up to date, and nothing is lost.

The files in `support/databases` were made by commit 8b9fae3: a folder of a Markdown file and a
table was synced, then a chat asked, gave rights, made a link and chose German. Their schemas are
those of revisions 0003 and 0006.
"""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from bot.settings import BotSettings
from bot.storage.access import Access, Grant
from bot.storage.chats import Chats
from bot.storage.database import open_inbox
from bot.storage.exchanges import Exchanges
from bot.storage.updates import Inbox
from index.core.settings import DEFAULT_MODEL
from index.store.store import Store
from tests.support import ROOT

CHAT = 1001
CERTIFIED = "The harbour of Lindholm was closed on 2 May 2020 after a crane fell into the basin."


@pytest.fixture(autouse=True)
def databases(tmp_path: Path) -> None:
    for name in ("index.db", "bot.db"):
        packed = ROOT / "tests" / "support" / "databases" / f"{name}.gz"
        (tmp_path / name).write_bytes(gzip.decompress(packed.read_bytes()))


def test_the_index_keeps_documents_passages_vectors_and_certificates(tmp_path: Path) -> None:
    store = Store(tmp_path / "index.db")
    try:
        store.check_model(DEFAULT_MODEL)
        assert store.dimension() == 384
        harbour, wire = store.documents(None)
        assert (harbour.path, harbour.metadata.author) == ("harbour.md", "Mia Berg")
        assert wire.path == "wire.csv"
        assert (harbour.metadata.language, store.languages(["library"])) == ("en", {"en": 2})
        assert store.find_faults() == []
        assert store.revision() == 1
        assert CERTIFIED in store.text(harbour.id)
        assert {file.document_id for file in store.files("library").values()} == {1, 2}
    finally:
        store.close()


def test_a_new_index_has_the_tables_of_an_earlier_one(tmp_path: Path) -> None:
    for name in ("new.db", "index.db"):
        Store(tmp_path / name).close()
    assert tables(tmp_path / "new.db") == tables(tmp_path / "index.db")


def tables(path: Path) -> dict[str, list[object]]:
    """Return the columns, keys and indexes of each table."""
    engine = create_engine(f"sqlite:///{path}")
    try:
        found = inspect(engine)
        return {
            name: [
                [column | {"type": str(column["type"])} for column in found.get_columns(name)],
                found.get_pk_constraint(name),
                found.get_foreign_keys(name),
                found.get_unique_constraints(name),
                found.get_indexes(name),
            ]
            for name in found.get_table_names()
        }
    finally:
        engine.dispose()


def test_the_bot_keeps_updates_answers_rights_and_languages(tmp_path: Path) -> None:
    engine = open_inbox(tmp_path)
    try:
        assert sum(Inbox(engine).counts().values()) == 11
        assert Inbox(engine).unanswered() == []
        exchange = Exchanges(engine).by_message(CHAT, 2)
        assert exchange is not None
        assert exchange.question == "when was the harbour closed?"
        assert exchange.quotes[0].text.startswith("The harbour of Lindholm was closed")
        access = Access(engine, BotSettings(_env_file=None))
        assert access.has(4321, Grant.UPLOADS)
        assert access.has(77, Grant.ADMIN)
        assert access.has(99, Grant.BLOCKED)
        assert len(access.acts(9)) == 4
        assert Chats(engine).chosen_language(CHAT) == "de"
    finally:
        engine.dispose()


def test_an_upgraded_database_has_the_schema_of_a_new_one(tmp_path: Path) -> None:
    new = tmp_path / "new"
    schemas = []
    for folder in (tmp_path, new):
        open_inbox(folder).dispose()
        with closing(sqlite3.connect(folder / "bot.db")) as connection:
            schemas.append(
                connection.execute(
                    "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
                ).fetchall()
            )
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
                ("0011",)
            ]
    assert schemas[0] == schemas[1]
    assert "tallies" not in {name for _, name, _, _ in schemas[0]}
