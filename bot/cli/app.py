"""The command `onrecord`."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
from dataclasses import replace
from functools import partial
from typing import Annotated

import typer
from rich.console import Console

from bot.cli import DataOption, begin_loading, open_ready, tell_of_conversion, terminal
from bot.cli.backup import backup, restore
from bot.cli.check import check
from bot.cli.evaluate import evaluate
from bot.cli.failures import explain
from bot.cli.feedback import feedback
from bot.cli.index import app as index_app
from bot.cli.lines import check_text, lines_of, readable
from bot.cli.mcp import mcp
from bot.cli.migrate import migrate
from bot.cli.train import app as reader_app
from bot.cli.train import attribution as attribution_app
from bot.cli.web import beside_bot, beside_terminal, serve
from bot.conversation import listing
from bot.conversation.collection import about_the_collection
from bot.conversation.conversation import Conversation
from bot.conversation.followups.dialogue import ALONE
from bot.conversation.replies import AnswerReply, Reply, VerificationReply
from bot.i18n.language import speaking
from bot.monitoring import logs
from bot.reload import read_configuration
from index.answering.json import answer_to_json
from index.answering.verification import State
from index.core.answers import Answer
from index.core.conversion import when_it_begins
from index.core.errors import QuestionError
from index.core.scope import Scope, first_day, last_day

app = typer.Typer(
    help="Answers from your documents, in their own words.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(index_app, name="index")
app.add_typer(reader_app, name="reader")
app.add_typer(attribution_app, name="attribution")
app.command("eval")(evaluate)


@app.callback()
def configure(data: DataOption = None) -> None:
    """Answers from your documents, in their own words."""
    if data is not None:
        os.environ["ONRECORD_DATA"] = str(data)
    logs.configure(None, logging.WARNING)
    when_it_begins(tell_of_conversion)


@app.command()
def run(data: DataOption = None) -> None:
    """Start the Telegram bot if TELEGRAM_BOT_TOKEN is set, else a conversation in the terminal."""
    configuration = read_configuration(data)
    library = open_ready(data)
    conversation = Conversation(library)
    if configuration.bot.telegram_bot_token is None:
        with (
            speaking(configuration.bot.interface),
            beside_terminal(configuration.bot, conversation) as url,
        ):
            terminal.run(conversation, url=url)
        return
    from bot.telegram import app as telegram  # noqa: PLC0415  # python-telegram-bot is slow to import

    logs.follow(configuration.bot)
    library.warm_up()
    telegram.run(
        configuration,
        conversation,
        library.folder,
        lambda: read_configuration(data),
        partial(beside_bot, configuration.bot),
    )


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question; - reads one a line.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, see the README.")] = False,
    since: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="Published then or later: 2021-07-10, 2021-07."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="Published then or earlier.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Part of the title, file, publisher or address.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Answer one question, or with - each line of standard input."""
    scope = Scope(
        since=first_day(since) if since else None,
        until=last_day(until) if until else None,
        source=check_text(source) if source else None,
    )
    library = open_ready(data)
    lines = lines_of(sys.stdin) if question == "-" else [question]
    failed, loading = False, None
    for line in filter(None, map(str.strip, lines)):
        # A program that reads JSON asks for an answer, whatever the words.
        if not as_json and (about := about_the_collection(line)):
            _print_reply(listing.reply(library, about, scope, ALONE))
            continue
        loading = loading or begin_loading(library)
        try:
            answer = library.ask(check_text(line), scope)
        except QuestionError as error:
            failed = True
            typer.echo(f"error: {error}", err=True)
            if not as_json:
                continue
            # Each question gets its line of output, so that the lines can be matched.
            answer = Answer(
                readable(line), (), confidence=0.0, elapsed_ms=0.0, state="none", reason=str(error)
            )
        if as_json:
            quotes = answer.quotes + answer.closest
            kept = library.certify(
                place for quote in quotes for place in (quote, *quote.also, *quote.beside)
            )
            typer.echo(json.dumps(answer_to_json(answer, kept), ensure_ascii=False))
        else:
            reply = AnswerReply(answer, library.status(), scope, answer.understood)
            _print_reply(replace(reply, is_certified=library.certify(reply.shown)))
    raise typer.Exit(failed)


@app.command()
def doctor(
    deep: Annotated[bool, typer.Option("--deep", help="Read all of the index file, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    data: DataOption = None,
) -> None:
    """Check what a bot needs, and say what to do where something is missing."""
    from bot.doctor import examine, findings  # noqa: PLC0415  # its models are slow to import

    found = list(examine(data, deep))
    if as_json:
        typer.echo(json.dumps(findings.to_json(found), ensure_ascii=False))
    else:
        Console(highlight=False).print(findings.render(found), soft_wrap=True)
    raise typer.Exit(findings.failed(found))


@app.command()
def verify(
    certificate: Annotated[str, typer.Argument(help="As in 7K3M-Q2XA-90VB.")],
    data: DataOption = None,
) -> None:
    """Tell what became of an earlier quote; exit with 1 where its words no longer stand."""
    reply = VerificationReply(open_ready(data).verify(check_text(certificate)))
    _print_reply(reply)
    raise typer.Exit(reply.verification.state not in {State.UNCHANGED, State.MOVED})


for command in (serve, mcp, check, feedback, backup, restore, migrate):
    app.command()(command)


def _print_reply(reply: Reply) -> None:
    Console(highlight=False).print(terminal.render_reply(reply))


def main() -> None:
    """Run the command line; an error is one line and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    os.umask(0o077)  # documents, questions and backups are for their owner's eyes
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001  # whatever it is, nobody is helped by a traceback
        typer.echo(f"error: {explain(error)}", err=True)
        sys.exit(1)
