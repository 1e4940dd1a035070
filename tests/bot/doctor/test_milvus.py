"""What an operator is told of an index in Milvus, and that a copy goes on with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from index.core.scope import Scope
from index.core.settings import DEFAULT_MODEL
from index.library import Library
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf
from tests.support.milvus import MilvusServer, serving

QUESTION = "Where does the red fox sleep?"
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("log")]


@pytest.fixture(autouse=True)
def _home(home: Path) -> None:
    """Use the models that are converted already."""


@pytest.fixture
def milvus() -> Iterator[MilvusServer]:
    with serving() as server:
        yield server


def shelf_in(folder: Path) -> Shelf:
    return Shelf(folder, HashEmbedder(name=DEFAULT_MODEL))


def run(shelf: Shelf, *command: str, uri: str = "") -> Any:
    environment = {"ONRECORD_DATA": str(shelf.data)} | ({"ONRECORD_MILVUS_URI": uri} if uri else {})
    return CliRunner().invoke(app, command, env=environment)


def told(shelf: Shelf, uri: str) -> tuple[str, str]:
    """Return level and text of the check of what is derived."""
    result = run(shelf, "doctor", "--json", uri=uri)
    checks = json.loads(result.stdout)["checks"]
    (found,) = [check for check in checks if check["check"] == "derived"]
    return found["level"], found["text"]


def ranks(library: Library) -> dict[str, list[int]]:
    return library.rank(QUESTION, Scope(), 10)


def test_the_command_tells_how_it_stands_to_the_store(milvus: MilvusServer, tmp_path: Path) -> None:
    shelf = shelf_in(tmp_path / "here")
    shelf.write("fox.txt", "The red fox sleeps in the old mill.")
    shelf.sync()
    level, text = told(shelf, milvus.uri)
    assert (level, "not there" in text, milvus.uri in text) == ("warn", True, True)
    ranks(shelf.open(milvus_uri=milvus.uri))
    assert told(shelf, milvus.uri) == ("ok", f"{milvus.uri}: up to date")
    shelf.write("dog.txt", "A dog barks at the river.")
    shelf.sync()
    level, text = told(shelf, milvus.uri)
    assert (level, "behind" in text) == ("ok", True)
    other = shelf_in(tmp_path / "other")
    other.write("cat.txt", "A cat watches the river.")
    other.sync()
    assert told(other, milvus.uri) == ("FAIL", f"{milvus.uri}: of another index")
    shelf.close()
    other.close()


def test_a_copy_goes_on_with_it_and_comes_back_to_files(
    milvus: MilvusServer, tmp_path: Path
) -> None:
    shelf, there, back = (shelf_in(tmp_path / name) for name in ("here", "there", "back"))
    for name in ("red", "blue", "old"):
        shelf.write(f"{name}.txt", f"The {name} fox sleeps in the {name} mill.")
    shelf.sync()
    expected = ranks(shelf.open(milvus_uri=milvus.uri))
    result = run(shelf, "migrate", "--to", str(there.data), uri=milvus.uri)
    assert result.exit_code == 0, result.output
    assert told(there, milvus.uri) == ("ok", f"{milvus.uri}: up to date")
    library = there.open(milvus_uri=milvus.uri)
    assert ranks(library) == expected
    there.write("new.txt", "The red fox sleeps in the new mill.")
    library.add([there.folder / "new.txt"])
    found = ranks(library)
    assert len(found["dense"]) == len(expected["dense"]) + 1
    result = run(there, "migrate", "--to", str(back.data), uri=milvus.uri)
    assert result.exit_code == 0, result.output
    in_files = ranks(back.open())
    assert {name: set(ids) for name, ids in in_files.items()} == {
        name: set(ids) for name, ids in found.items()
    }
    for one in (shelf, there, back):
        one.close()
