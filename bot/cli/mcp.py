"""The command `onrecord mcp`: the tools for assistants."""

from __future__ import annotations

from bot.cli import DataOption, open_ready
from bot.conversation.conversation import Conversation
from bot.errors import SettingsError
from bot.reload import read_configuration


def mcp(data: DataOption = None) -> None:
    """Serve ask, check and verify to an assistant, on standard input and output."""
    try:
        from bot.mcp import server  # noqa: PLC0415  # only who serves needs the protocol
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"{error.name} is not installed; the tools for assistants need it: "
            "pip install 'onrecord[mcp]'"
        ) from error
    queue_size = read_configuration(data).bot.queue_size
    server.serve(Conversation(open_ready(data)), queue_size)
