"""The commands on the index: what they print, and how they end."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import app as cli
from bot.cli.app import app
from bot.monitoring import logs
from index.core.scope import Scope
from index.core.settings import DEFAULT_MODEL
from tests.index.answering.test_json import ANSWER_KEYS, QUOTE_KEYS
from tests.support import ROOT
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf
from tests.support.website import Site

Main = Callable[..., tuple[int, str, str]]
DOCUMENT_KEYS = [
    *("id", "document", "title", "author", "publisher", "published", "language", "url", "fetched"),
    *("collection", "characters", "passages", "sha256"),
]
FOX = "The red fox sleeps in the mill.\r\n\r\nIt is “late” 😀.\r\n"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """A shelf whose index the commands take for one of the default model."""
    made = Shelf(tmp_path, HashEmbedder(name=DEFAULT_MODEL))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def logging_is_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    for name in logs.LEVELS:
        logging.getLogger(name).setLevel(logging.NOTSET)


def run(
    shelf: Shelf,
    *arguments: object,
    input: str | None = None,  # noqa: A002
    columns: int = 200,
    **settings: str,
) -> Result:
    """Run a command that needs no model, or the real one."""
    environment = {"ONRECORD_DATA": str(shelf.data), "COLUMNS": str(columns), **settings}
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(app, words, input=input, env=environment)


@pytest.fixture
def main(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Main:
    """Run the program; give its exit code and what it printed on either stream."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setenv("ONRECORD_DATA", str(shelf.data))
        monkeypatch.setattr(sys, "argv", ["onrecord", *map(str, arguments)])
        with pytest.raises(SystemExit) as exited:
            cli.main()
        return exited.value.code, *capfd.readouterr()

    return call


class TestSync:
    def test_nothing_to_do(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.sync()
        result = run(shelf, "index", "sync", shelf.folder)
        assert result.exit_code == 0
        assert result.stdout == "1 unchanged; 0 passages embedded\n"

    @pytest.mark.slow
    def test_each_failed_file_is_one_line_and_the_exit_code_is_1(self, shelf: Shelf) -> None:
        shelf.write("good.txt", FOX)
        shelf.sync()
        shelf.write("empty.txt", "")
        shelf.write("b[bold]ad.txt", b"\xff" * 10)
        shelf.write("a" * 150 + ".txt", b"\0")
        result = run(shelf, "index", "sync", shelf.folder)
        assert result.exit_code == 1
        failed = [line for line in result.stderr.splitlines() if line.startswith("failed: ")]
        assert [line.split(":")[1].strip() for line in failed] == [
            "a" * 150 + ".txt",
            "b[bold]ad.txt",
            "empty.txt",
        ]
        assert "offset 0" in failed[1]
        assert result.stdout == "1 unchanged, 3 failed; 0 passages embedded\n"

    @pytest.mark.slow
    def test_a_row_that_is_left_out_is_one_line_and_the_exit_code_is_1(self, shelf: Shelf) -> None:
        shelf.write("a.csv", "title,text\nFoxes,The fox sleeps.\nOne,two,three\n")
        result = run(shelf, "index", "sync", shelf.folder)
        assert result.exit_code == 1
        assert "left out: a.csv: line 3 has 3 fields" in result.stderr
        assert result.stdout == "1 added; 1 passages embedded\n"

    @pytest.mark.slow
    def test_a_missing_folder_is_one_line(self, shelf: Shelf, main: Main) -> None:
        code, out, errors = main("index", "sync", shelf.root / "none")
        assert (code, out) == (1, "")
        assert errors.splitlines()[-1].startswith("error: ")
        assert errors.endswith("none: no such folder\n")


class TestAdd:
    def test_a_url_that_cannot_be_fetched_is_one_line_and_the_rest_goes_on(
        self, shelf: Shelf, site: Site
    ) -> None:
        kept = shelf.write("kept.txt", FOX)
        shelf.open().add([kept])
        gone, secret = site.url("/gone"), "ftp://me:hush@a.test/"
        result = run(shelf, "index", "add", gone, kept, secret, ONRECORD_FETCH_PRIVATE="true")
        assert result.exit_code == 1
        assert f"failed: {gone}: the server answers 404 Not Found\n" in result.stderr
        assert "failed: ftp://a.test/: ftp: only http and https URLs\n" in result.stderr
        assert "hush" not in result.output
        assert result.stdout == "1 unchanged, 2 failed; 0 passages embedded\n"

    def test_private_addresses_are_refused(self, shelf: Shelf, site: Site) -> None:
        result = run(shelf, "index", "add", site.put("/a", FOX))
        assert result.exit_code == 1
        assert "ONRECORD_FETCH_PRIVATE" in result.stderr
        assert not site.requests

    def test_show_tells_where_and_when_it_was_fetched(self, shelf: Shelf, site: Site) -> None:
        url = site.put("/a", FOX)
        shelf.open(fetch_private=True).add([url])
        shown = run(shelf, "index", "show", 1).stdout
        assert f"url         {url}\n" in shown
        assert re.search(r"^fetched     \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$", shown, re.MULTILINE)
        known = json.loads(run(shelf, "index", "list", "--json").stdout)
        assert (known["document"], known["url"]) == (url, url)
        assert known["fetched"].endswith("+00:00")


class TestShow:
    def test_list(self, shelf: Shelf) -> None:
        shelf.write("a.md", f"---\ntitle: A [bold] fox\ndate: 2021-07-10\n---\n{FOX}")
        shelf.sync()
        result = run(shelf, "index", "list")
        assert result.exit_code == 0
        for told in ("a.md", "A [bold] fox", "2021-07-10", "library"):
            assert told in result.stdout

    def test_a_narrow_list_leaves_out_what_matters_less(self, shelf: Shelf) -> None:
        shelf.write("a.md", f"---\ntitle: Foxes\nauthor: Ann\nlanguage: nb\n---\n{FOX}")
        shelf.sync()
        wide = run(shelf, "index", "list").stdout
        assert "Author" in wide
        assert "Ann" in wide
        narrow = run(shelf, "index", "list", columns=80).stdout
        assert "Author" not in narrow
        assert "Foxes" in narrow

    def test_list_as_json(self, shelf: Shelf) -> None:
        head = "title: Füchse\nauthor: Ann\nsite: The Daily\ndate: 2021-07-10\nlang: de"
        shelf.write("a.md", f"---\n{head}\nurl: https://a.test/b\n---\n{FOX}")
        shelf.write("b.txt", FOX)
        shelf.sync()
        lines = run(shelf, "index", "list", "--json").stdout.splitlines()
        first, second = map(json.loads, lines)
        assert (
            first.items()
            >= {
                "id": 1,
                "document": "a.md",
                "title": "Füchse",
                "author": "Ann",
                "publisher": "The Daily",
                "published": "2021-07-10",
                "language": "de",
                "url": "https://a.test/b",
                "fetched": None,
                "collection": "library",
                "passages": 1,
            }.items()
        )
        assert list(second) == list(first) == DOCUMENT_KEYS
        assert (second["title"], second["characters"]) == (None, len(FOX))

    def test_list_of_nothing(self, shelf: Shelf) -> None:
        assert run(shelf, "index", "list").exit_code == 0

    def test_show(self, shelf: Shelf) -> None:
        shelf.write("a.txt", f"date 2021-07-10 {FOX}")
        shelf.sync()
        result = run(shelf, "index", "show", 1)
        assert result.exit_code == 0
        assert "a.txt" in result.stdout
        assert "2021-07-10" in result.stdout

    @pytest.mark.parametrize("text", [FOX, "One.\nTwo.", "\n\n \u2028x\x0c.\n\n", "\r\rMac.\r"])
    def test_the_text_is_the_file_byte_for_byte(self, shelf: Shelf, text: str) -> None:
        location = shelf.write("a.txt", text)
        shelf.sync()
        assert run(shelf, "index", "show", 1, "--text").stdout_bytes == location.read_bytes()

    def test_the_text_is_utf_8_without_a_mark_whatever_the_file_was(self, shelf: Shelf) -> None:
        shelf.write("a.txt", b"\xff\xfe" + FOX.encode("utf-16-le"))
        shelf.sync()
        assert run(shelf, "index", "show", 1, "--text").stdout_bytes == FOX.encode()

    def test_an_unknown_document_is_one_line(self, main: Main) -> None:
        error = "error: document 7: not in the index; see `index list`\n"
        assert main("index", "show", 7) == (1, "", error)


class TestRemove:
    def test_it_removes(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.write("b.txt", "A dog barks.")
        shelf.sync()
        assert run(shelf, "index", "remove", 1).exit_code == 0
        assert shelf.paths() == ["b.txt"]

    def test_an_unknown_one_is_told_and_the_rest_goes_on(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.sync()
        result = run(shelf, "index", "remove", 7, 1)
        assert result.exit_code == 1
        assert "failed: document 7: not in the index" in result.stderr
        assert shelf.paths() == []


class TestRebuild:
    def test_it_makes_the_derived_index_anew(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.sync()
        before = shelf.open().rank("red fox", Scope(), 5)
        (shelf.derived / "vectors.faiss").unlink()
        assert run(shelf, "index", "rebuild").exit_code == 0
        assert (shelf.derived / "vectors.faiss").exists()
        assert shelf.open().rank("red fox", Scope(), 5) == before

    def test_of_nothing(self, shelf: Shelf) -> None:
        assert run(shelf, "index", "rebuild").exit_code == 0


class TestErrors:
    def test_an_index_of_another_model(self, shelf: Shelf, main: Main) -> None:
        shelf.write("a.txt", FOX)
        shelf.sync(embedder=HashEmbedder(name="other"))
        code, _, errors = main("index", "list")
        assert code == 1
        assert errors.startswith("error: the index was made with other")
        assert len(errors.splitlines()) == 1

    def test_a_file_that_is_no_index(self, shelf: Shelf, main: Main) -> None:
        shelf.data.mkdir()
        (shelf.data / "index.db").write_bytes(b"no database " * 1000)
        code, _, errors = main("index", "list")
        assert code == 1
        assert len(errors.splitlines()) == 1

    def test_a_questions_file_that_does_not_fit(self, shelf: Shelf, main: Main) -> None:
        shelf.write("q.jsonl", "{\n")
        code, _, errors = main("eval", shelf.folder, shelf.folder / "q.jsonl")
        assert code == 1
        assert "q.jsonl, line 1" in errors
        assert len(errors.splitlines()) == 1

    def test_a_setting_that_does_not_fit(self, main: Main, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ONRECORD_MAX_FILE_MB", "-1")
        code, _, errors = main("index", "list")
        assert code == 1
        assert "ONRECORD_MAX_FILE_MB" in errors
        assert len(errors.splitlines()) == 1


def _commands(group: click.Command, name: str) -> Iterator[str]:
    if isinstance(group, typer.core.TyperGroup):
        for part, command in group.commands.items():
            yield from _commands(command, f"{name} {part}")
    else:
        yield name


@pytest.mark.parametrize("command", list(_commands(typer.main.get_command(app), "onrecord")))
def test_the_documentation_has_every_command(command: str) -> None:
    assert command in (ROOT / "docs" / "usage.md").read_text(encoding="utf-8")


@pytest.mark.slow
class TestRealModel:
    @pytest.fixture
    def shelf(self, tmp_path: Path) -> Shelf:
        return Shelf(tmp_path)

    def test_from_sync_to_eval(self, shelf: Shelf, seed: Path) -> None:
        shelf.write("seed.txt", seed.read_bytes())
        result = run(shelf, "index", "sync", shelf.folder)
        assert result.exit_code == 0
        assert result.stdout.startswith("1 added; ")
        other = shelf.root / "other.md"
        other.write_bytes(f"# Foxes\r\n\r\n{FOX}".encode())
        assert run(shelf, "index", "add", other, shelf.root / "none.txt").exit_code == 1
        result = run(shelf, "index", "list")
        assert "seed.txt" in result.stdout
        assert "Foxes" in result.stdout
        assert run(shelf, "index", "show", 2, "--text").stdout_bytes == other.read_bytes()

        result = run(shelf, "ask", "which borders did the Taliban reach?", "--json")
        answer = json.loads(result.stdout)
        assert list(answer) == ANSWER_KEYS
        text = seed.read_text(encoding="utf-8")
        for quote in answer["quotes"] + answer["closest"]:
            assert list(quote) == [*QUOTE_KEYS, "also", "beside"]
            assert quote["text"] == text[quote["start"] : quote["end"]]

        refused_first = f"{'x' * 1001}\nWhich border crossing fell?"
        result = run(shelf, "ask", "-", input=refused_first)
        assert result.exit_code == 1
        assert "Islam Qala" in result.stdout

        result = run(shelf, "ask", "Which border crossing fell?", "--since", "2030")
        assert "within since:2030-01-01" in result.stdout

        start = text.index("Tariq Arian")
        gold = {"document": "seed.txt", "start": start, "text": "Tariq Arian"}
        questions = shelf.root / "questions.jsonl"
        lines = [
            {"question": "Who denied the reports?", "answers": [gold]},
            {"question": "Who painted the Mona Lisa?", "answers": []},
        ]
        questions.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        result = run(shelf, "eval", shelf.folder, questions, "--json")
        assert result.exit_code == 0
        summary = json.loads(result.stdout)
        assert summary["questions"] == 2
        assert summary["exact_quotes"] == 1
        assert summary["quote@3"] == 1
        assert run(shelf, "eval", shelf.folder, questions).exit_code == 0
        assert run(shelf, "index", "remove", 2).exit_code == 0
        assert run(shelf, "index", "rebuild").exit_code == 0
        assert run(shelf, "index", "sync", shelf.folder).stdout.startswith("1 unchanged; 0 ")
