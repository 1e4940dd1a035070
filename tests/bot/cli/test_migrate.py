"""An index and a bot's tables move to a server and back; nothing is lost or changed on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL
from typer.testing import CliRunner

from bot.cli.app import app
from bot.storage.database import open_inbox
from bot.storage.messages import Outbox
from bot.storage.updates import Inbox
from index.core.errors import StoreError
from index.store.databases.copying import copy_tables
from index.store.schema import schema
from index.store.store import Store
from tests.support.folders import Shelf

STORY = "date 2021-07-10 The fox 😀 sleeps.\r\nIt — the “fox” — is late.\r\n"


@pytest.fixture
def filled(shelf: Shelf) -> Shelf:
    """A shelf with documents, a certificate and a question."""
    shelf.write("a.txt", STORY)
    shelf.write("b.md", "# Head\n\nThe blue fox walks home.\n")
    shelf.write("c.txt", "The green fox is gone.\n")
    shelf.sync()
    library = shelf.open()
    library.certify(library.ask("Where does the blue fox walk?").quotes)
    library.remove(next(one.id for one in library.documents() if one.path == "c.txt"))
    engine = open_inbox(shelf.data)
    chat = {"id": 1, "type": "private"}
    body = {"message_id": 1, "chat": chat, "from": {"id": 1}, "text": "Who? 😀"}
    Inbox(engine).put([{"update_id": 1, "message": body}])
    Outbox(engine).plan(1, 1, [{"text": "Nobody."}])
    engine.dispose()
    return shelf


def migrate(to: str, **environment: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["migrate", "--to", to], env=environment)
    return result.exit_code, result.output + str(result.exception or "")


def given(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def test_there_and_back(filled: Shelf, database: URL, tmp_path: Path) -> None:
    code, output = migrate(given(database), ONRECORD_DATA=str(filled.data))
    assert code == 0, output
    assert str(database.password) not in output
    there = Shelf(tmp_path / "there", url=database)
    library = there.open()
    assert [one.path for one in library.documents()] == ["a.txt", "b.md"]
    assert library.store.text(library.documents()[0].id) == STORY
    assert library.ask("Where does the blue fox walk?").answered
    before = {int(at) for at in library.store.passages.ids()["library"]}
    there.write("d.txt", "The last fox is new.\n")
    library.add([there.folder / "d.txt"])
    new = {int(at) for at in library.store.passages.ids()["library"]} - before
    assert min(new) > 3  # the id of the removed one is not given again
    there.close()
    engine = open_inbox(tmp_path, database)
    (waiting,) = Inbox(engine).unanswered()
    assert waiting.raw["message"]["text"] == "Who? 😀"
    assert Inbox(engine).put([{"update_id": 2, "message": {}}])
    engine.dispose()
    back = tmp_path / "back"
    environment = {"ONRECORD_DATABASE_URL": given(database)}
    code, output = migrate(str(back), ONRECORD_DATA=str(tmp_path / "there" / "data"), **environment)
    assert code == 0, output
    store = Store(back / "index.db")
    assert [one.path for one in store.documents()] == ["a.txt", "b.md", "d.txt"]
    assert store.find_faults() == []
    store.close()


def test_it_goes_on_where_it_was(filled: Shelf, database: URL) -> None:
    source, target = Store(filled.data / "index.db"), Store(Path("unused"), database)

    def stop(done: int, _total: int) -> None:
        if done > 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_tables(source.engine, target.engine, schema, stop)
    source.close()
    target.close()
    code, output = migrate(given(database), ONRECORD_DATA=str(filled.data))
    assert code == 0, output


def test_a_source_that_changed_meanwhile_is_noticed(filled: Shelf, database: URL) -> None:
    assert migrate(given(database), ONRECORD_DATA=str(filled.data))[0] == 0
    filled.open().remove(filled.open().documents()[0].id)
    code, output = migrate(given(database), ONRECORD_DATA=str(filled.data))
    assert code == 1
    assert "has rows that the source does not have" in output or "another index" in output


@pytest.mark.slow
@pytest.mark.parametrize("to", ["mysql://x:{secret}@h/n", "postgresql://x:{secret}@h"])
def test_another_target_is_refused(to: str, tmp_path: Path) -> None:
    code, output = migrate(to.format(secret="s3cret-word"), ONRECORD_DATA=str(tmp_path / "new"))
    assert code == 1
    assert "--to is no database of ours" in output
    assert "s3cret-word" not in output


@pytest.mark.slow
def test_it_is_not_copied_onto_itself(filled: Shelf) -> None:
    code, output = migrate(str(filled.data), ONRECORD_DATA=str(filled.data))
    assert code == 1
    assert "there already" in output
    assert StoreError.__name__ not in output
