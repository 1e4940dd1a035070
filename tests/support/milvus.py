"""Milvus Lite behind a port of this machine, as a server that can go away and come back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

MISSING = "no Milvus Lite (pip install 'onrecord[dev]'): its tests are skipped"


@dataclass
class MilvusServer:
    folder: Path
    port: int = 0
    running: list[Any] = field(default_factory=list)

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        from milvus_lite.adapter.grpc.server import start_server_in_thread  # noqa: PLC0415

        server, data, self.port = start_server_in_thread(str(self.folder), port=self.port)
        self.running = [server, data]

    def stop(self) -> None:
        if self.running:
            server, data = self.running
            server.stop(grace=0).wait()
            data.close()
            self.running = []


@contextmanager
def serving() -> Iterator[MilvusServer]:
    """Run a server in a folder of its own; without Milvus Lite its tests are skipped."""
    pytest.importorskip("milvus_lite", reason=MISSING)
    with tempfile.TemporaryDirectory() as folder:
        server = MilvusServer(Path(folder) / "milvus")
        server.start()
        yield server
        server.stop()
