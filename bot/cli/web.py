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
    from collections.abc import Sequence

    from bot.conversation.drafts import Draft
    from bot.telegram.context import Services
    from bot.web.chats import Chats
    from index.answering.draft_check import Checked
    from index.core.answers import Quote


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
    """Serve beside the bot, on its queue and with its rights, if an address is set.

    The bot gets its reports from there, too.
    """
    services.make_reports = make_reports
    if settings.web is None:
        return nullcontext()
    from bot.web import server  # noqa: PLC0415

    return server.reading_room(settings.web, settings, services.answers, chats_of(services))


def chats_of(services: Services) -> Chats | None:
    """Return what the reading room opens to the chats of a bot; None if it links to no page."""
    from bot.web.chats import Chats  # noqa: PLC0415

    settings, signer = services.settings, services.signer
    if signer is None or settings.telegram_bot_token is None:
        return None

    def may_read(chat: int) -> bool:
        # A private chat has the number of its user.
        return services.access.may_ask(chat if chat > 0 else None, chat)

    def quotes_of(answer: str, chat: int) -> Sequence[Quote]:
        exchange = services.records.exchanges.get(answer)
        return exchange.quotes if exchange is not None and exchange.chat_id == chat else ()

    opens_inside = settings.opens_in_telegram
    token = settings.telegram_bot_token.get_secret_value() if opens_inside else ""
    return Chats(signer, token, may_read, quotes_of, services.intake.file_of)


def beside_terminal(
    settings: BotSettings, conversation: Conversation
) -> AbstractContextManager[str | None]:
    """Serve beside a dialogue in the terminal, and only if somebody sits there."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return nullcontext()
    from bot.web import server  # noqa: PLC0415

    return server.beside_terminal(settings, conversation)


def make_reports(draft: Draft, checked: Sequence[Checked]) -> dict[str, bytes]:
    """Return the report on a draft as files, by their endings."""
    from bot.web import reports  # noqa: PLC0415  # only a report needs templates

    return {
        "html": reports.html(draft, checked).encode(),
        "docx": reports.docx(draft, checked),
    }
