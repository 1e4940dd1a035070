"""The documentation describes the program as it is."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from pydantic_settings import BaseSettings
from typer.core import TyperGroup

from bot.cli.app import app
from bot.reload import is_live
from bot.settings import BotSettings
from bot.storage.access import Role
from bot.telegram.commands import commands_for
from index.answering.json import (
    answer_to_json,
    attribution_to_json,
    document_to_json,
    report_to_json,
    unread_to_json,
)
from index.core.attributions import Attribution
from index.core.documents import Span
from index.core.errors import DocumentError
from index.core.settings import IndexSettings
from index.evaluation.cases import Observation
from index.evaluation.kinds import report_kinds, summarize_kinds
from index.parsers import SUFFIXES
from index.reader.calibration import Calibration
from index.sources.archives import ARCHIVES
from tests.support import ROOT
from tests.support.library import answered, document, quote

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]
OF_BOTFATHER = "/setinline"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def chapter(name: str, heading: str) -> str:
    """Return what stands under a heading, up to the next of its level."""
    _, _, text = read(name).partition(f"\n## {heading}\n")
    return text.partition("\n## ")[0]


def blocks(text: str) -> list[str]:
    """Return the indented blocks of a page."""
    return re.findall(r"(?:^    .+\n?)+", text, re.MULTILINE)


FIELDS = [
    (settings, name) for settings in (BotSettings, IndexSettings) for name in settings.model_fields
]


NEEDED_TO_ANSWER = """\
import sys
class LeftOut:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in LEFT_OUT:
            raise ModuleNotFoundError(name)
LEFT_OUT = set(sys.argv[1:])
sys.meta_path.insert(0, LeftOut())
import bot.cli.app, bot.doctor, bot.telegram.app, bot.telegram.handlers
import index.models.minilm, index.reader.trained, index.reader.late_interaction
"""


@pytest.mark.slow
def test_a_machine_that_only_answers_needs_no_other_packages() -> None:
    installs = [block for block in blocks(read("docs/operating.md")) if "pip install" in block]
    named = {name.lower() for name in re.findall(r"[\w-]+", " ".join(installs))}
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = {re.split(r"[\[<>=]", line)[0] for line in project["dependencies"]}
    left_out = {name.lower() for name in wanted} - named
    assert {"sentence-transformers", "scikit-learn", "trafilatura"} <= left_out
    modules = [
        module
        for module, owners in packages_distributions().items()
        if {owner.lower() for owner in owners} & (left_out | {"torch", "transformers", "scipy"})
    ]
    command = [sys.executable, "-c", NEEDED_TO_ANSWER, *modules]
    subprocess.run(command, check=True, cwd=ROOT)


class TestSettings:
    @staticmethod
    def variable(settings: type[BaseSettings], name: str) -> str:
        alias = settings.model_fields[name].validation_alias
        return (
            alias if isinstance(alias, str) else settings.model_config["env_prefix"] + name
        ).upper()

    @staticmethod
    def documented() -> dict[str, str]:
        """Return the default of each variable in the table."""
        row = r"^\| `([A-Z_]+)` \| (.*?) ?\|"
        return dict(re.findall(row, read("docs/settings.md"), re.MULTILINE))

    @pytest.mark.parametrize(("settings", "name"), FIELDS)
    def test_a_setting_is_documented(self, settings: type[BaseSettings], name: str) -> None:
        assert self.variable(settings, name) in self.documented()

    def test_nothing_is_documented_that_is_no_setting(self) -> None:
        assert set(self.documented()) <= {self.variable(*field) for field in FIELDS}

    @pytest.mark.parametrize(("settings", "name"), FIELDS)
    def test_a_default_is_documented(self, settings: type[BaseSettings], name: str) -> None:
        default = settings.model_fields[name].default
        shown = self.documented()[self.variable(settings, name)].strip("`")
        match default:
            case None:
                assert not re.search(r"\d", shown)
            case frozenset():
                assert shown == ""
            case bool():
                assert shown == str(default).lower()
            case float():
                assert shown == f"{default:g}"
            case _:
                assert shown == str(default)

    def test_what_needs_no_restart_is_documented(self) -> None:
        live = {self.variable(*field) for field in FIELDS if is_live(*field)}
        named = re.findall(r"`([A-Z_]+)`", chapter("docs/settings.md", "Without a restart"))
        assert set(named) == live


def program() -> Iterator[tuple[str, Any]]:
    """Yield the commands of the program with their names."""

    def walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:
        if isinstance(command, TyperGroup):
            for part, inner in command.commands.items():
                yield from walk(inner, f"{name} {part}")
        else:
            yield name, command

    yield from walk(typer.main.get_command(app), "onrecord")


def long_options(command: Any) -> set[str]:
    options = {option for parameter in command.params for option in parameter.opts}
    return {option for option in options if option.startswith("--")} - {"--data", "--help"}


COMMANDS = dict(program())


class TestCommands:
    @staticmethod
    def documented() -> dict[str, set[str]]:
        """Return the options of each command that has a line of its own."""
        line = r"^    (onrecord (?:(?!--)[^A-Z\[\n])+)(.*)$"
        lines = re.findall(line, read("docs/usage.md"), re.MULTILINE)
        return {name.strip(): set(re.findall(r"--[a-z-]+", rest)) for name, rest in lines}

    def test_every_command_is_documented_and_no_other(self) -> None:
        assert set(self.documented()) == set(COMMANDS)

    @pytest.mark.parametrize("name", COMMANDS)
    def test_its_options_are_documented_and_no_others(self, name: str) -> None:
        assert self.documented()[name] == long_options(COMMANDS[name])

    def test_every_option_that_is_named_exists(self) -> None:
        known = {option for command in COMMANDS.values() for option in long_options(command)}
        known |= long_options(typer.main.get_command(app)) | {"--data"}
        named = set(re.findall(r"`[^`]*?(--[a-z][a-z-]*)", read("docs/usage.md")))
        assert named <= known

    def test_the_readme_names_only_commands_that_exist(self) -> None:
        named = re.findall(r"^    onrecord ([a-z]+(?: [a-z]+)?)", read("README.md"), re.MULTILINE)
        assert len(named) >= 10
        assert {f"onrecord {name}" for name in named} <= set(COMMANDS)


def test_the_commands_of_a_chat_are_documented_and_no_others() -> None:
    text = chapter("docs/usage.md", "In Telegram")
    named = set(re.findall(r"`(/[a-z]+)", text)) - {OF_BOTFATHER}
    assert named == {f"/{name}" for name in commands_for(Role.OWNER)}


def test_the_formats_are_documented_and_no_others() -> None:
    rows = re.findall(r"^\| (`\..+?) \|", chapter("docs/documents.md", "Formats"), re.MULTILINE)
    assert set(re.findall(r"`(\.[a-z]+)`", " ".join(rows))) == SUFFIXES | ARCHIVES


class TestJson:
    """The fields of each object, in order."""

    ANSWER, QUOTE, ATTRIBUTION, DOCUMENT, REPORT = (
        re.findall(r'"([a-z_0-9]+)":', block) for block in blocks(read("docs/json.md"))
    )

    @staticmethod
    def fields(value: Any) -> list[str]:
        """Return the names of an object's fields and of those inside it, in order."""
        if isinstance(value, list):
            return [name for item in value for name in TestJson.fields(item)]
        if not isinstance(value, dict):
            return []
        return [name for key, item in value.items() for name in (key, *TestJson.fields(item))]

    def test_an_answer(self) -> None:
        assert list(answer_to_json(answered())) == self.ANSWER

    def test_a_quote(self) -> None:
        known = quote("Iran fell on Thursday.", "Iran", page=1, speaker="Ann")
        (written,) = answer_to_json(answered(known))["quotes"]
        assert self.fields(written) == self.QUOTE

    def test_an_attribution(self) -> None:
        span = (Span(0, 4),)
        assert list(attribution_to_json(Attribution(span, span, span))) == self.ATTRIBUTION

    def test_a_document(self) -> None:
        assert list(document_to_json(document())) == self.DOCUMENT

    def test_a_report(self) -> None:
        assert list(report_to_json(document())) == self.REPORT
        assert list(unread_to_json("library", DocumentError("a.txt", "gone"))) == self.REPORT

    def test_a_kind_of_question(self) -> None:
        silent = Observation(np.zeros(1), right=False, sort="silent")
        calibration = Calibration(features=("odds",), weights=(1.0,), bias=0.0, min_confidence=0.5)
        (row,) = summarize_kinds(report_kinds([silent], calibration))["kinds"].values()
        _, _, table = read("docs/usage.md").partition("In the object of `--json`, `kinds` has")
        cells = re.findall(r"^\| (`.+?) \|", table.partition("\n\nIn these")[0], re.MULTILINE)
        assert set(re.findall(r"`(.+?)`", " ".join(cells))) == set(row)


class TestReadme:
    def test_a_newcomer_reads_it_to_the_end(self) -> None:
        assert len(read("README.md").splitlines()) <= 150

    def test_it_names_every_package_and_no_other(self) -> None:
        packages = {
            f"{root}/{path.name}"
            for root in ("bot", "index")
            for path in (ROOT / root).iterdir()
            if path.is_dir() and path.name != "__pycache__"
        }
        assert set(re.findall(r"^\| `([^`]+)` \|", read("README.md"), re.MULTILINE)) == packages

    def test_it_shows_the_picture(self) -> None:
        assert 'src="docs/answer.svg"' in read("README.md")


def layers(block: str) -> list[set[str]]:
    """Return the packages on each line of a diagram, without what is said of them."""
    lines = [line.strip() for line in block.splitlines() if "↓" not in line]
    drawn = [layer for line in lines for layer in re.split(r"\s{3,}", line)[0].split(" → ")]
    return [set(layer.split("  |  ")) for layer in drawn]


def test_the_diagrams_are_the_contracts() -> None:
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    kept = [
        [{name.rpartition(".")[2] for name in layer.split(" | ")} for layer in contract["layers"]]
        for contract in contracts
        if contract["type"] == "layers"
    ]
    assert [layers(block) for block in blocks(read("docs/architecture.md"))] == kept


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


class TestPages:
    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
    def test_links_lead_somewhere(self, page: Path) -> None:
        text = page.read_text(encoding="utf-8")
        links = re.findall(r'\]\(([^)\s]+)\)|src="([^"]+)"', text)
        for link in ("".join(pair) for pair in links):
            if link.startswith("https://"):
                continue
            name, _, anchor = link.partition("#")
            target = (page.parent / name) if name else page
            assert target.exists(), link
            if anchor:
                headings = re.findall(
                    r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE
                )
                assert anchor in map(slug, headings), link

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
    def test_what_they_tell_to_run_exists(self, page: Path) -> None:
        text = page.read_text(encoding="utf-8")
        for module in re.findall(r"python -m ((?:bot|index|tests)[\w.]*)", text):
            path = ROOT / module.replace(".", "/")
            assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module
        for name in re.findall(r"pytest (?:-s )?(tests/\S+\.py)", text):
            assert (ROOT / name).exists(), name
        targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
        assert set(re.findall(r"(?:`|^    )make ([a-z]+)", text, re.MULTILINE)) <= targets

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
    def test_folders_they_name_exist(self, page: Path) -> None:
        text = page.read_text(encoding="utf-8")
        for name in re.findall(r"`((?:bot|index|tests|docs)/[\w/.-]*)`", text):
            assert (ROOT / name).exists(), name

    def test_every_benchmark_is_documented(self) -> None:
        text = read("docs/benchmarks.md") + read("Makefile")
        for path in (ROOT / "tests" / "benchmarks").glob("[a-z]*.py"):
            assert f"python -m tests.benchmarks.{path.stem}" in text

    def test_they_are_in_the_source_distribution(self) -> None:
        included = re.search(r"sdist\]\s*include = \[(.+?)\]", read("pyproject.toml"), re.DOTALL)
        assert included
        assert {'"/docs"', '"/CONTRIBUTING.md"'} <= set(included[1].split(", "))
