"""The command `onrecord serve`, and the reading room beside the other front ends."""

from __future__ import annotations

import sys
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import DataOption, open_ready
from bot.conversation.conversation import Conversation
from bot.monitoring import logs
from bot.reload import read_configuration
from bot.settings import BotSettings

if TYPE_CHECKING:
    from bot.telegram.context import Services


def serve(
    listen: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Where to listen.")
    ] = "127.0.0.1:8080",
    data: DataOption = None,
) -> None:
    """Serve the reading room, a web site of the documents, until Ctrl-C."""
    from bot.web import server  # noqa: PLC0415  # only who serves needs a web server

    settings = read_configuration(data).bot
    library = open_ready(data)
    library.warm_up()
    logs.follow(settings)
    server.serve(
        listen, settings, Conversation(library), lambda url: typer.echo(f"Reading room: {url}")
    )


def beside_bot(
    settings: BotSettings, services: Services
) -> AbstractAsyncContextManager[str | None]:
    """Serve beside the bot, on its queue and with its rights, if an address is set."""
    if settings.web is None:
        return nullcontext()
    from bot.web import server  # noqa: PLC0415

    def may_read(chat: int) -> bool:
        # A private chat has the number of its user.
        return services.access.may_ask(chat if chat > 0 else None, chat)

    return server.reading_room(settings.web, settings, services.answers, services.signer, may_read)


def beside_terminal(
    settings: BotSettings, conversation: Conversation
) -> AbstractContextManager[str | None]:
    """Serve beside a dialogue in the terminal, and only if somebody sits there."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return nullcontext()
    from bot.web import server  # noqa: PLC0415

    return server.beside_terminal(settings, conversation)
