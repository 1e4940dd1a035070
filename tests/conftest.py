"""What all tests share: servers to talk to, a shelf of documents, a log to read, no settings."""

from __future__ import annotations

import gc
import io
import logging
import os
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import certifi
import pytest
from hypothesis import settings
from pydantic import SecretStr
from sqlalchemy import URL, Engine

from bot.monitoring import logs
from bot.storage.database import open_inbox
from index.core.settings import SEEDS
from tests.botapi import TOKEN, FakeBotApi
from tests.support.folders import Shelf, temporary_folder
from tests.support.library import ScriptedLibrary
from tests.support.plugin import HandlerCoverage
from tests.support.postgres import MISSING, Server, programs
from tests.support.postgres import serving as postgres
from tests.support.running import prepare_inbox
from tests.support.website import Site, serve

SERVERS = {"api", "site"}
BACKENDS = ("sqlite", "postgresql")
NUMBERS = count()
SLOW_MODULE = re.compile(r"^pytestmark = .*\bmark\.slow\b", re.MULTILINE)

# A busy machine is slow at times, which is no failure.
settings.register_profile("untimed", deadline=None)
settings.register_profile("quick", max_examples=20, deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("onrecord")
    group.addoption("--soak", action="store_true", help="run the long rounds at their full count")
    seed = secrets.token_hex(4)
    group.addoption("--fuzz-seed", default=seed, help="damage files as in the run of this seed")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(HandlerCoverage(), "handler-coverage")


def pytest_report_header(config: pytest.Config) -> str:
    return f"soak: {config.getoption('soak')}, fuzz seed: {config.getoption('fuzz_seed')!r}"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Spare the inner loop the import of modules of which it runs no test, such as of PyTorch's."""
    is_inner_loop = config.option.markexpr.startswith("not slow")
    if not is_inner_loop or collection_path.suffix != ".py":
        return None
    return True if SLOW_MODULE.search(collection_path.read_text(encoding="utf-8")) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Let the garbage collector look at what tests make, not again and again at the modules."""
    gc.collect()
    gc.freeze()


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    # aiogram takes seconds to import, and most quick tests talk to no server.
    from tests.botapi.second_opinion import doubts  # noqa: PLC0415

    async with FakeBotApi() as server:
        yield server
    assert doubts(server) == []


@pytest.fixture(scope="session", autouse=True)
def one_certificate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let clients trust one authority: reading all takes longer than most tests with a server."""
    end = "-----END CERTIFICATE-----"
    file = tmp_path_factory.mktemp("certificates") / "one.pem"
    file.write_text(certifi.contents().partition(end)[0] + end + "\n", encoding="ascii")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(file))
        yield


@pytest.fixture(scope="session", autouse=True)
def driven(pytestconfig: pytest.Config) -> Iterator[None]:
    """Record which handlers are called in this process."""
    coverage = pytestconfig.pluginmanager.get_plugin("handler-coverage")
    assert isinstance(coverage, HandlerCoverage)
    with coverage.record.recording():
        yield


@pytest.fixture(scope="session")
def soak(pytestconfig: pytest.Config) -> bool:
    """Whether the long rounds run at their full count."""
    return bool(pytestconfig.getoption("soak"))


@pytest.fixture(scope="session")
def fuzz_seed(pytestconfig: pytest.Config) -> str:
    """Return what the operator chose to begin random damage with."""
    return str(pytestconfig.getoption("fuzz_seed"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that talk to a server of their own, which the inner loop leaves out."""
    for item in items:
        given = set(getattr(item, "fixturenames", ()))
        if SERVERS & given:
            item.add_marker("http")
        callspec = getattr(item, "callspec", None)
        if "database" in given or (callspec and callspec.params.get("backend") == "postgresql"):
            item.add_marker("postgres")
    # What is about files is tested once.
    items[:] = [
        item
        for item in items
        if not (item.get_closest_marker("postgres") and item.get_closest_marker("file"))
    ]


@pytest.fixture
def library() -> ScriptedLibrary:
    """Return a library that answers a handful of questions."""
    return ScriptedLibrary()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Return what the bot logs, as the operator sees it."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    logs.configure(SecretStr(TOKEN), stream=stream)
    yield stream
    root.handlers = handlers
    root.setLevel(level)
    for name in logs.LEVELS:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory, where the bot of `running` has its inbox."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Return a PostgreSQL server, one for all tests of this process."""
    if programs() is None:
        pytest.skip(MISSING)
    with postgres() as started:
        yield started


@pytest.fixture
def database(server: Server) -> Iterator[URL]:
    """Return a database on a server, with empty tables."""
    made = server.create()
    yield made
    server.drop(made)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Run a test on each kind of database."""
    return str(request.param)


@pytest.fixture
def url(backend: str, request: pytest.FixtureRequest) -> URL | None:
    """Return the database of a test that runs on each kind; None for a file."""
    made: URL | None = None
    if backend == "postgresql":
        made = request.getfixturevalue("database")
    return made


@pytest.fixture
def engine(folder: Path) -> Iterator[Engine]:
    """Return the bot's database."""
    prepare_inbox(folder)
    opened = open_inbox(folder)
    yield opened
    opened.dispose()


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder in memory, where there is one: on a disk most of the time goes into flushing it."""
    with temporary_folder() as folder:
        yield folder


@pytest.fixture(scope="session", autouse=True)
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the folder of converted models, one for all tests of a run."""
    own = tmp_path_factory.getbasetemp()
    home = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "home"
    (home / "models").mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONRECORD_HOME", str(home))  # for what is made once for several tests
        yield home / "models"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("ONRECORD_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, no_settings: None, models: Path) -> Path:
    """Let no test convert a model that another has converted; what they fit stays theirs."""
    made = models.parent / f"{os.getpid()}-{next(NUMBERS)}"
    made.mkdir()
    (made / "models").symlink_to(models)
    monkeypatch.setenv("ONRECORD_HOME", str(made))
    return made


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    made.close()


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as made:
        yield made


@pytest.fixture(scope="session")
def seed() -> Path:
    return next(SEEDS.glob("000_*.txt"))
