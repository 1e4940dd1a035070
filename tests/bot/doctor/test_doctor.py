"""The checks an operator runs when something does not work."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli.app import app
from bot.doctor import machine
from bot.doctor.findings import Finding, Level, failed, render
from bot.doctor.index import check_index, check_models, check_schema
from bot.doctor.machine import check_disk, check_env_file, check_machine, check_writable
from index.core.settings import DEFAULT_MODEL, IndexSettings
from index.store.databases.sqlite import Schema
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf

STORY = "The red fox sleeps in the old mill. It wakes at night."


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "ONRECORD_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """A shelf whose index is taken for one of the default model."""
    made = Shelf(tmp_path, HashEmbedder(name=DEFAULT_MODEL))
    yield made
    made.close()


def settings_of(data: Path, **changed: Any) -> IndexSettings:
    return IndexSettings(_env_file=None, data=data, **changed)


def look(data: Path, deep: bool = False, **changed: Any) -> dict[str, Finding]:
    return {finding.check: finding for finding in check_index(settings_of(data, **changed), deep)}


def test_an_index(shelf: Shelf) -> None:
    shelf.write("fox.txt", STORY)
    shelf.sync()
    found = look(shelf.data, deep=True)
    assert [(finding.check, finding.level) for finding in found.values()] == [
        ("schema", Level.OK),
        ("index", Level.OK),
        ("derived", Level.OK),
        ("whole", Level.OK),
    ]
    assert found["index"].text.startswith("1 document, 1 passage, revision 1, made with ")


def test_a_search_index_that_was_deleted_is_no_failure(shelf: Shelf) -> None:
    shelf.write("fox.txt", STORY)
    shelf.sync()
    (shelf.derived / "vectors.faiss").unlink()
    finding = look(shelf.data)["derived"]
    assert finding.level is Level.WARN
    assert "index rebuild" in finding.text


def test_no_index_is_told_and_none_is_made(tmp_path: Path) -> None:
    found = look(tmp_path / "none")
    assert found["index"].level is Level.WARN
    assert "index sync" in found["index"].text
    assert not (tmp_path / "none").exists()


def test_an_empty_index(shelf: Shelf) -> None:
    shelf.open()
    assert look(shelf.data)["index"].level is Level.WARN


def test_an_index_of_another_model(shelf: Shelf) -> None:
    shelf.write("fox.txt", STORY)
    shelf.sync()
    found = look(shelf.data, model="other/model")
    assert found["index"].level is Level.FAIL
    assert "ONRECORD_MODEL" in found["index"].text


def test_an_index_that_will_be_migrated_is_to_be_copied_first() -> None:
    finding = check_schema(Schema("0003", oldest="0003", latest="0004"))
    assert finding.level is Level.WARN
    assert "0004: copy it first" in finding.text


@pytest.mark.parametrize(
    ("version", "level", "remedy"),
    [("0002", Level.FAIL, "index again"), ("9999", Level.FAIL, "update onrecord")],
)
def test_an_index_of_another_version_is_left_as_it_is(
    shelf: Shelf, version: str, level: Level, remedy: str
) -> None:
    shelf.open()
    shelf.close()
    with closing(sqlite3.connect(shelf.data / "index.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    found = look(shelf.data)
    assert list(found) == ["schema"]
    assert found["schema"].level is level
    assert remedy in found["schema"].text
    assert look(shelf.data) == found


def test_a_file_that_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "index.db").write_bytes(b"not a database, by any means" * 9)
    found = look(tmp_path)
    assert found["index"].level is Level.FAIL
    assert "is not readable: file is not a database; move it away" in found["index"].text


@pytest.mark.slow
def test_a_torn_index(shelf: Shelf) -> None:
    for number in range(60):
        shelf.write(f"{number}.txt", f"{STORY} Number {number} of them. " * 20)
    shelf.sync()
    shelf.close()
    file = shelf.data / "index.db"
    with closing(sqlite3.connect(file)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'embeddings'")
        number = page.fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as torn:
        torn.seek((number - 1) * size + size // 2)
        torn.write(b"\xff" * (size // 2))
    finding = look(shelf.data, deep=True)["whole"]
    assert finding.level is Level.FAIL
    assert "restore a backup" in finding.text


def test_the_models_that_ship(tmp_path: Path) -> None:
    found = list(check_models(settings_of(tmp_path)))
    assert [finding.level for finding in found] == [Level.OK, Level.OK]
    assert list(tmp_path.iterdir()) == []


def test_models_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "reader.json").write_text("{}")
    found = list(check_models(settings_of(tmp_path, reader=str(tmp_path))))
    assert [finding.level for finding in found] == [Level.OK, Level.FAIL]
    assert "there is no reader in" in found[1].text


@pytest.mark.parametrize(
    ("free_bytes", "level"),
    [(5_000_000_000, Level.OK), (500_000_000, Level.WARN), (50_000_000, Level.FAIL)],
)
def test_room(free_bytes: int, level: Level) -> None:
    finding = check_disk(Path("data"), free_bytes)
    assert finding.level is level
    assert ("make room" in finding.text) is (level is not Level.OK)


def test_a_folder_that_is_not_there_can_be_made(tmp_path: Path) -> None:
    finding = check_writable(tmp_path / "a" / "b")
    assert finding.level is Level.OK
    assert "can be made" in finding.text
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    finding = check_writable(tmp_path / "file" / "data")
    assert finding.level is Level.FAIL
    assert "ONRECORD_DATA" in finding.text


def test_a_token_that_others_can_read(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    assert "env" not in [finding.check for finding in check_machine(settings_of(tmp_path))]
    env_file.touch()
    env_file.chmod(0o644)
    assert check_env_file(env_file).level is Level.WARN
    assert "chmod 600" in check_env_file(env_file).text
    env_file.chmod(0o640)
    assert check_env_file(env_file).level is Level.OK
    assert Path(IndexSettings.model_config.get("env_file")) == machine.ENV_FILE


def test_a_folder_for_models_is_looked_at_too(tmp_path: Path) -> None:
    home = tmp_path / "home"
    found = list(check_machine(settings_of(tmp_path / "data", home=home)))
    assert [finding.check for finding in found] == ["disk", "data", "disk", "data"]
    assert any(str(home) in finding.text for finding in found)


def test_one_line_each() -> None:
    found = [Finding("token", Level.FAIL, "wrong [red]"), Finding("disk", Level.OK, "room")]
    assert render(found).plain == "FAIL token      wrong [red]\nok   disk       room"
    assert failed(found)
    assert not failed(found[1:])


def doctor(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *arguments])


@pytest.mark.slow
@pytest.mark.usefixtures("log")
def test_the_command(shelf: Shelf) -> None:
    shelf.write("fox.txt", STORY)
    shelf.sync()
    result = doctor("--data", str(shelf.data))
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    checks = ["settings", "disk", "data", "schema", "index", "derived", "model", "reader", "token"]
    assert [line.split()[1] for line in lines] == checks
    assert str(shelf.root / ".env") in lines[0]
    report = json.loads(doctor("--data", str(shelf.data), "--json", "--deep").output)
    assert report["ok"]
    assert {entry["check"] for entry in report["checks"]} == {*checks, "whole"}
    assert {entry["level"] for entry in report["checks"]} == {"ok", "warn"}


@pytest.mark.usefixtures("log")
def test_the_command_fails_where_a_check_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_MIN_CONFIDENCE", "7")
    result = doctor()
    assert result.exit_code == 1
    assert result.output.startswith("FAIL settings   ONRECORD_MIN_CONFIDENCE: ")
    report = json.loads(doctor("--json").output)
    assert not report["ok"]
