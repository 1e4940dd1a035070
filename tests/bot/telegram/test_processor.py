"""A bot in service: watched from outside, and made to read its settings again."""

from __future__ import annotations

import asyncio
import io
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.botapi import FakeBotApi, Person
from tests.support import PATIENCE_S
from tests.support.chat import tell
from tests.support.folders import Shelf
from tests.support.library import StubLibrary, abstained
from tests.support.running import running, spawn


@pytest.fixture
def port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        free: int = taken.getsockname()[1]
        return free


@pytest.fixture
async def operator(port: int) -> AsyncIterator[httpx.AsyncClient]:
    """Ask for metrics and health."""
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", verify=False, timeout=PATIENCE_S
    ) as client:
        yield client


async def metrics(operator: httpx.AsyncClient) -> dict[str, float]:
    lines = (await operator.get("/metrics")).text.splitlines()
    samples = [line.rpartition(" ") for line in lines if not line.startswith("#")]
    return {name: float(value) for name, _, value in samples}


async def until(operator: httpx.AsyncClient, name: str, value: float) -> None:
    """Wait for a figure: what is sent is counted right after it arrived."""
    async with asyncio.timeout(PATIENCE_S):
        while (await metrics(operator)).get(name) != value:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_each_question_is_counted_once(
    api: FakeBotApi, tmp_path: Path, port: int, operator: httpx.AsyncClient
) -> None:
    library = StubLibrary()
    people = [api.private_chat(number) for number in range(1, 5)]
    allowed = {person.id for person in people[:3]}
    given = {"metrics_port": port, "questions_per_minute": 3, "queue_size": 1, "allowed": allowed}
    async with running(api, library, tmp_path, **given):
        ann, bob, cid, stranger = people
        await tell(api, ann, "Which borders?")
        library.answer = abstained()
        await tell(api, ann, "Who won the cup?")
        await tell(api, ann, "/ask")
        await tell(api, ann, "/help")
        await tell(api, ann, "One too many?")
        await tell(api, stranger, "Which borders?")
        library.error = RuntimeError("broken")
        await tell(api, bob, "What breaks?")
        library.error = None
        library.free.clear()
        before = len(bob.chat.actions)
        bob.send("What takes long?")
        await api.wait_until(lambda: len(bob.chat.actions) > before)
        cid.send("What waits?")
        await api.wait_until(lambda: bool(cid.chat.actions))
        await until(operator, "onrecord_queue_length", 1)
        ann.send("Another?")
        await ask_busy(api, bob)
        library.free.set()
        await api.wait_for(cid)
        await until(operator, 'onrecord_questions_total{end="abstained"}', 3)
        found = await metrics(operator)
    ends = ("answered", "abstained", "refused", "failed")
    assert [found[f'onrecord_questions_total{{end="{end}"}}'] for end in ends] == [1, 3, 5, 1]
    reasons = ("invalid", "quota", "stranger", "busy")
    counted = [found[f'onrecord_refusals_total{{reason="{reason}"}}'] for reason in reasons]
    assert counted == [1, 2, 1, 1]
    sent = found['onrecord_telegram_calls_total{method="sendMessage",outcome="ok"}']
    assert sent == len(api.called("sendMessage"))
    assert found["onrecord_index_documents"] == 1204


async def ask_busy(api: FakeBotApi, bob: Person) -> None:
    group = api.group()
    asked = bob.send("@onrecord_bot what now?", chat=group)
    (reply,) = await api.wait_for(group, after=asked)
    assert "I'm busy" in (reply.text or "")


async def test_a_bot_that_answers_is_healthy(
    api: FakeBotApi, tmp_path: Path, port: int, operator: httpx.AsyncClient
) -> None:
    async with running(api, folder=tmp_path, metrics_port=port):
        await tell(api, api.private_chat(1), "Which borders?")
        found = await operator.get("/healthz")
    assert found.status_code == 200
    assert found.json()["documents"] == 1204
    assert found.json()["silence_s"] < 60


async def test_a_bot_to_which_updates_are_brought_needs_no_polls(
    api: FakeBotApi, tmp_path: Path, port: int, operator: httpx.AsyncClient
) -> None:
    given = {"webhook_url": "https://bot.example.org/hook", "webhook_port": 0}
    async with running(api, folder=tmp_path, metrics_port=port, **given):
        found = await operator.get("/healthz")
    assert found.status_code == 200
    assert found.json()["silence_s"] is None
    assert not api.called("getUpdates")


async def test_a_broken_index_is_told(
    api: FakeBotApi, tmp_path: Path, port: int, operator: httpx.AsyncClient, log: io.StringIO
) -> None:
    shelf = Shelf(tmp_path)
    shelf.write("fox.txt", "The red fox sleeps in the old mill.")
    shelf.sync()
    library = shelf.open()
    ann = api.private_chat(1)
    async with running(api, library, tmp_path, metrics_port=port):
        assert "old mill" in await tell(api, ann, "Where does the red fox sleep?")
        assert (await operator.get("/healthz")).json()["documents"] == 1
        shelf.close()
        (shelf.data / "index.db").write_bytes(b"no database" * 1000)
        assert "reference" in await tell(api, ann, "Who sleeps in the mill?")
        found = await operator.get("/healthz")
        figures = await metrics(operator)
    assert found.status_code == 503
    assert "the index cannot be read" in found.json()["reason"]
    assert figures["onrecord_index_readable"] == 0
    assert "onrecord_index_documents" not in figures
    assert figures['onrecord_questions_total{end="failed"}'] == 1


async def test_a_taken_port_ends_the_process_with_one_line(api: FakeBotApi, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = await spawn(api, tmp_path, metrics_port=taken.getsockname()[1])
        _, log = await process.communicate()
    assert process.returncode == 1
    assert "ONRECORD_METRICS_PORT: cannot listen" in log.decode().splitlines()[-1]


async def test_an_error_is_logged_under_its_reference(
    api: FakeBotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(api, StubLibrary(error=RuntimeError("broken")), tmp_path):
        text = await tell(api, api.private_chat(1), "Which borders?")
    (record,) = [record for record in caplog.records if record.name == "bot.telegram.processor"]
    told = vars(record)
    assert text.endswith(told["reference"])
    assert told["question"] == "Which borders?"


async def test_a_hangup_signal_brings_new_settings(api: FakeBotApi, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("ONRECORD_ALLOWED=1\nONRECORD_LOG_LEVEL=warning\n")
    process = await spawn(api, tmp_path / "data", cwd=tmp_path)
    ann, bob = api.private_chat(1), api.private_chat(2)
    assert "your id: 2" in await tell(api, bob, "Which borders?")
    assert "Iran" in await tell(api, ann, "Which borders?")
    file.write_text(
        "ONRECORD_ALLOWED=2\nONRECORD_LOG_LEVEL=info\nONRECORD_QUESTIONS_PER_MINUTE=2\n"
        "ONRECORD_MIN_CONFIDENCE=0.95\nONRECORD_DATA=elsewhere\nONRECORD_KEEP_DAYS=1\n"
    )
    process.send_signal(signal.SIGHUP)
    # Nothing reports that it is done.
    async with asyncio.timeout(PATIENCE_S):
        while "your id: 1" not in await tell(api, ann, "Which borders?"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert "can't find this" in await tell(api, bob, "Which borders?")
    await tell(api, bob, "And then?")
    assert "I answer 2 questions a minute" in await tell(api, bob, "And before?")
    process.terminate()
    _, log = await process.communicate()
    lines = log.decode()
    assert process.returncode == 0
    assert "changed: ONRECORD_ALLOWED, ONRECORD_QUESTIONS_PER_MINUTE, ONRECORD_LOG_LEVEL" in lines
    assert "only from the next start on: ONRECORD_KEEP_DAYS\n" in lines
    assert lines.index("changed: ") < lines.index("abstained in")


async def test_a_file_that_cannot_be_used_changes_nothing(api: FakeBotApi, tmp_path: Path) -> None:
    process = await spawn(api, tmp_path / "data", cwd=tmp_path)
    ann = api.private_chat(1)
    await tell(api, ann, "Which borders?")
    (tmp_path / ".env").write_text("ONRECORD_ALLOWED=Ann\n")
    process.send_signal(signal.SIGHUP)
    assert "Iran" in await tell(api, ann, "And then?")
    process.terminate()
    _, log = await process.communicate()
    assert process.returncode == 0
    assert "the settings stay as they are: ONRECORD_ALLOWED" in log.decode()


async def test_a_hangup_signal_before_the_bot_is_ready_ends_nothing(
    api: FakeBotApi, tmp_path: Path
) -> None:
    api.fail_next("getMe", 502, times=2)
    process = await spawn(api, tmp_path / "data", cwd=tmp_path)
    await api.wait_until(lambda: bool(api.called("getMe")))
    (tmp_path / ".env").write_text("ONRECORD_ALLOWED=1\n")
    bob = api.private_chat(2)
    process.send_signal(signal.SIGHUP)
    async with asyncio.timeout(PATIENCE_S):
        while "your id: 2" not in await tell(api, bob, "Which borders?"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    process.terminate()
    await process.communicate()
    assert process.returncode == 0
