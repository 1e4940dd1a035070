"""The server on standard input and output; nothing but the protocol is on these."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Any, BinaryIO, cast

import anyio
from anyio import AsyncFile
from mcp import MCPError, stdio_server
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListResourcesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    TextContent,
)

from bot.conversation.conversation import Conversation
from bot.errors import BotError
from bot.mcp import documents
from bot.mcp.tools import Tools, descriptions
from bot.scheduling.inference import Inference
from index.core.errors import OnrecordError

logger = logging.getLogger(__name__)

MAX_LINE_BYTES = 8_000_000
"""Of a message: a text to check has up to a million characters, which JSON may write as more."""
INSTRUCTIONS = (
    "Onrecord answers from the user's documents in their own words. Ask it before you quote them, "
    "cite the text of a quote unchanged with its source and certificate, and say so if the "
    "documents do not answer. Check a draft that quotes them before you hand it over."
)
BROKEN = "something went wrong in Onrecord; its standard error says what"

Call = ServerRequestContext[Any]


def serve(conversation: Conversation, queue_size: int) -> None:
    """Serve until standard input ends."""
    asyncio.run(_serve(conversation, queue_size))


async def _serve(conversation: Conversation, queue_size: int) -> None:
    inference = Inference(queue_size)
    server = make_server(Tools(conversation, inference))
    given = cast("AsyncFile[str]", BoundedLines(sys.stdin.buffer))
    try:
        async with stdio_server(given) as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())
    finally:
        inference.close()


def make_server(tools: Tools) -> Server[Any]:
    """Return the server of some tools, and of the documents that these answer from."""
    conversation = tools.conversation

    async def list_tools(_call: Call, _params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=descriptions())

    async def call_tool(_call: Call, params: CallToolRequestParams) -> CallToolResult:
        try:
            result = await tools.call(params.name, params.arguments or {})
        except (OnrecordError, BotError) as error:
            return _failed(" ".join(str(error).split()))
        except Exception:
            logger.exception("the tool %s failed", params.name)
            return _failed(BROKEN)
        text = json.dumps(result, ensure_ascii=False)
        return CallToolResult(content=[TextContent(text=text)], structured_content=result)

    async def list_resources(
        _call: Call, params: PaginatedRequestParams | None
    ) -> ListResourcesResult:
        cursor = params.cursor if params else None
        try:
            return await asyncio.to_thread(documents.list_part, conversation, cursor)
        except (OnrecordError, BotError) as error:
            raise MCPError(INVALID_PARAMS, str(error)) from error

    async def read_resource(_call: Call, params: ReadResourceRequestParams) -> ReadResourceResult:
        try:
            content = await asyncio.to_thread(documents.read, conversation, str(params.uri))
        except (OnrecordError, BotError) as error:
            raise MCPError(INVALID_PARAMS, str(error)) from error
        return ReadResourceResult(contents=[content])

    return Server(
        "onrecord",
        version=version("onrecord"),
        title="Onrecord",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


def _failed(reason: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=reason)], is_error=True)


class BoundedLines:
    """The lines of a stream; of one that is too long, a few characters that are no message."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[str]:
        """Yield each line without reading more than one ahead."""
        while line := await anyio.to_thread.run_sync(self._read, abandon_on_cancel=True):
            yield line

    def _read(self) -> str:
        line = self._stream.readline(MAX_LINE_BYTES)
        if len(line) < MAX_LINE_BYTES or line.endswith(b"\n"):
            return line.decode(errors="replace")
        while (rest := self._stream.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
            pass
        logger.error("a message of more than %s bytes was left unread", MAX_LINE_BYTES)
        return "\n"
