"""The server for assistants, spoken to by the SDK's own client, and by hand."""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp_types import CallToolResult

import bot.mcp
from bot.cli.mcp import mcp
from bot.conversation.conversation import Conversation
from bot.errors import SettingsError
from bot.mcp import documents
from bot.mcp.server import BoundedLines
from bot.mcp.tools import DEFINITIONS, descriptions
from index.core.settings import SEEDS, IndexSettings
from index.library import Library
from tests.support import ROOT
from tests.support.folders import Shelf, temporary_folder

pytestmark = pytest.mark.slow  # to import
QUESTION = "Which borders did the Taliban reach?"
DRAFT = (
    "They write “the Taliban has overrun areas bordering five countries”, then “As US-led forces "
    "begin their two-decade intervention and the domestic security situation deteriorates”, and "
    "“every baker of the town was given seven cakes”."
)


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """Return a folder with the index of the article that ships."""
    with temporary_folder() as folder:
        library = Library(IndexSettings(data=folder))
        library.index_seeds()
        library.close()
        yield folder


def command(data: Path) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable,
        args=["-W", "error", "-m", "bot", "mcp", "--data", str(data)],
        env={"PYTHONPATH": str(ROOT), "ONRECORD_HOME": os.environ["ONRECORD_HOME"]},
        cwd=data,
    )


@asynccontextmanager
async def connected(data: Path) -> AsyncIterator[Client]:
    with (data / "errors.txt").open("w") as errors:
        async with Client(stdio_client(command(data), errlog=errors)) as client:
            yield client
    assert (data / "errors.txt").read_text() == ""


def result(called: CallToolResult) -> Any:
    """Return the structured result, which the text repeats; the client checks its schema."""
    assert not called.is_error
    assert json.loads(called.content[0].text) == called.structured_content  # type: ignore[union-attr]
    return called.structured_content


def reason(called: CallToolResult) -> str:
    assert called.is_error
    (content,) = called.content
    assert content.type == "text"
    assert len(content.text.splitlines()) == 1
    return content.text


async def test_an_assistant_asks_checks_and_verifies(data: Path) -> None:
    async with connected(data) as client:
        listed = (await client.list_tools()).tools
        # Calls at the same time get each its own answer.
        answer, none = map(
            result,
            await asyncio.gather(
                client.call_tool("ask", {"question": QUESTION}),
                client.call_tool("ask", {"question": "Who is the mayor of Paris?"}),
            ),
        )
        checked = result(await client.call_tool("check", {"text": DRAFT}))
        bare = result(await client.call_tool("check", {"text": answer["quotes"][0]["text"]}))
        certificate = answer["quotes"][0]["certificate"]
        verified = result(await client.call_tool("verify", {"certificate": certificate}))
        limited = result(await client.call_tool("ask", {"question": QUESTION, "since": "2022"}))
        (resource,) = (await client.list_resources()).resources
        (content,) = (await client.read_resource(resource.uri)).contents
    assert [tool.name for tool in listed] == ["ask", "check", "verify"]
    assert all(tool.output_schema and tool.input_schema for tool in listed)
    quote = answer["quotes"][0]
    text = (SEEDS / quote["document"]).read_text(encoding="utf-8")
    assert content.text == text  # type: ignore[union-attr]
    assert text[quote["start"] : quote["end"]] == quote["text"]
    assert "Iran, Tajikistan" in quote["text"]
    assert (answer["question"], answer["state"]) == (QUESTION, "answered")
    assert (none["state"], none["quotes"]) == ("none", [])
    assert limited["state"] == "none"
    marks = [one["mark"] for one in checked["quotations"]]
    assert marks == ["exact", "altered", "not found"]
    assert [one["mark"] for one in bare["quotations"]] == ["exact"]
    assert (verified["state"], verified["text"]) == ("unchanged", quote["text"])


async def test_what_cannot_be_done_is_one_clear_line(data: Path) -> None:
    async with connected(data) as client:
        await client.list_tools()
        given: list[tuple[str, dict[str, Any], str]] = [
            ("ask", {"question": ""}, "question: "),
            ("ask", {"question": "w" * 1001}, "question: "),
            ("ask", {"question": 7}, "question: "),
            ("ask", {"question": QUESTION, "untill": "2021"}, "untill: "),
            ("ask", {"question": QUESTION, "since": "soon"}, "'soon'"),
            ("ask", {}, "question: "),
            ("check", {"text": "x" * 1_000_001}, "text: "),
            ("verify", {"certificate": "0000-0000-0000"}, "no quote was sent"),
            ("verify", {"certificate": "forged"}, "is no certificate"),
            ("translate", {}, "use one of ask, check, verify"),
        ]
        for name, arguments, expected in given:
            assert expected in reason(await client.call_tool(name, arguments))
        with pytest.raises(MCPError, match="no such document"):
            await client.read_resource("onrecord://document/forged")


def test_nothing_but_the_protocol_is_on_standard_output(data: Path, tmp_path: Path) -> None:
    """A new index, whose progress is shown, and lines that are no message."""
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "by hand", "version": "1"},
        },
    }
    said = json.dumps(hello).encode() + b"\nno message\n\xff\n" + b"x" * 9_000_000 + b"\n"
    chosen = command(tmp_path)
    with subprocess.Popen(
        [chosen.command, *chosen.args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as server:
        assert server.stdin
        assert server.stdout
        server.stdin.write(said)
        server.stdin.flush()
        first = server.stdout.readline()
        rest, errors = server.communicate(timeout=600)
    lines = [json.loads(line) for line in (first + rest).decode().splitlines()]
    assert lines[0]["result"]["serverInfo"]["name"] == "onrecord"
    assert all(line["jsonrpc"] == "2.0" for line in lines)
    assert b"Indexing the example documents" in errors
    assert b"Traceback" not in errors
    assert server.returncode == 0


async def test_a_line_that_is_too_long_is_left_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.mcp.server.MAX_LINE_BYTES", 8)
    stream = io.BytesIO(b"short\n" + b"x" * 30 + b"\n1234567\nlast")
    assert [line async for line in BoundedLines(stream)] == ["short\n", "\n", "1234567\n", "last"]


def test_every_schema_is_whole() -> None:
    for tool in descriptions():
        schema = tool.output_schema or {}
        assert schema["type"] == "object"
        named = json.dumps(schema).split(DEFINITIONS)[1:]
        assert {part.partition('"')[0] for part in named} <= set(schema["$defs"])


def test_documents_are_listed_in_parts(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        shelf.write(name, f"This is the file {name}.")
    shelf.sync()
    conversation = Conversation(shelf.open())
    monkeypatch.setattr(documents, "PAGE_SIZE", 2)
    first = documents.list_part(conversation, None)
    second = documents.list_part(conversation, first.next_cursor)
    assert [one.name for one in first.resources] == ["a.txt", "b.txt"]
    assert [one.name for one in second.resources] == ["c.txt"]
    assert second.next_cursor is None
    monkeypatch.setattr(documents, "MAX_CHARS", 5)
    with pytest.raises(Exception, match="ask about it instead"):
        documents.read(conversation, first.resources[0].uri)


def test_without_the_sdk_one_line_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "bot.mcp.server", raising=False)
    monkeypatch.delattr(bot.mcp, "server", raising=False)
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(SettingsError, match=r"pip install 'onrecord\[mcp\]'"):
        mcp()
