"""A PostgreSQL server of the tests' own: on loopback, in a temporary folder, never as root."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, create_engine, text

from bot.storage.database import open_inbox
from index.store.store import Store
from tests.support.folders import temporary_folder

MISSING = "no PostgreSQL server (apt-get install postgresql): its tests are skipped"
SECRET = "b0rder-" + secrets.token_hex(4)
_OPTIONS = (
    *("listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_buffers=16MB"),
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"),
)


@dataclass
class Server:
    """A running server; its databases are copied from one whose tables are made already."""

    folder: Path
    port: int
    made: list[URL] = field(default_factory=list)

    def url(self, database: str) -> URL:
        return URL.create(
            "postgresql+psycopg", "onrecord", SECRET, "127.0.0.1", self.port, database
        )

    def create(self) -> URL:
        """Return a new database with empty tables."""
        name = f"test_{len(self.made)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE prepared STRATEGY file_copy")
        self.made.append(self.url(name))
        return self.made[-1]

    def create_bare(self, name: str, options: str = "") -> URL:
        """Return a new database without tables."""
        self._run(f"CREATE DATABASE {name} TEMPLATE template0 {options}")
        return self.url(name)

    def set(self, url: URL, name: str, value: str) -> None:
        """Set a default for the connections to a database that are made from now on."""
        self._run(f"ALTER DATABASE {url.database} SET {name} = {value}")

    def drop(self, url: URL) -> None:
        self._run(f"DROP DATABASE {url.database} WITH (FORCE)")

    def restart(self) -> None:
        """Stop the server at once, as a crash would, and start it again."""
        self._control("stop", "--mode=immediate")
        self.start()

    def start(self) -> None:
        options = " ".join(f"-c {option}" for option in (*_OPTIONS, f"port={self.port}"))
        self._control("start", f"--log={self.folder / 'log'}", f"--options={options}")

    def stop(self) -> None:
        self._control("stop", "--mode=immediate")

    def prepare(self) -> None:
        url = self.create_bare("prepared")
        Store(Path("unused"), url).close()
        open_inbox(Path("unused"), url).dispose()

    def _control(self, *arguments: str) -> None:
        data = str(self.folder / "data")
        run_unprivileged("pg_ctl", "--wait", "--silent", "--pgdata", data, *arguments)

    def _run(self, statement: str) -> None:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def programs() -> Path | None:
    """Return the folder of the server's programs, the newest of Debian's; None without any."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=version_of)
    return found[-1].parent if found else None


def version_of(initdb: Path) -> int:
    name = initdb.parent.parent.name
    return int(name) if name.isdecimal() else 0


def run_unprivileged(program: str, *arguments: str) -> None:
    """Run one of the server's programs; it refuses to be root."""
    folder = programs()
    assert folder is not None
    is_root = os.geteuid() == 0
    result = subprocess.run(
        [str(folder / program), *arguments],
        user="postgres" if is_root else None,
        group="postgres" if is_root else None,
        extra_groups=[] if is_root else None,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]},
    )
    assert result.returncode == 0, f"{program} ended with {result.returncode}"


@contextmanager
def serving() -> Iterator[Server]:
    """Start a server, and stop it in the end."""
    with temporary_folder() as parent:
        parent.chmod(0o755)
        folder = Path(tempfile.mkdtemp(dir=parent))
        secret = folder / "secret"
        secret.write_text(SECRET, encoding="ascii")
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
            shutil.chown(secret, "postgres")
        run_unprivileged(
            "initdb",
            *("--pgdata", str(folder / "data"), "--username=onrecord", "--no-sync"),
            *("--auth=scram-sha-256", f"--pwfile={secret}", "--locale=C.UTF-8", "--encoding=UTF8"),
        )
        server = Server(folder, free_port())
        server.start()
        try:
            server.prepare()
            yield server
        finally:
            server.stop()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
