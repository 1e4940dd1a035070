"""The command `onrecord`."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.cli import terminal
from bot.cli.feedback import read_labels
from bot.cli.index import DataOption, evaluate, open_library
from bot.cli.index import app as index_app
from bot.cli.progress import progress_bar
from bot.cli.train import app as reader_app
from bot.conversation.conversation import Conversation
from bot.conversation.replies import AnswerReply, CheckReply, VerificationReply
from bot.doctor import findings
from bot.errors import BotError
from bot.i18n.language import speaking
from bot.monitoring import logs
from bot.reload import Configuration, read_configuration
from bot.storage.exchanges import Votes
from bot.storage.updates import open_inbox
from index.answering.json import answer_to_json
from index.answering.quote_check import Verdict
from index.answering.verification import State
from index.core.answers import Answer
from index.core.errors import OnrecordError, QuestionError
from index.core.scope import Scope, first_day, last_day
from index.core.settings import DEFAULT_COLLECTION
from index.library import Library

app = typer.Typer(
    help="Answers from your documents, in their own words.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(index_app, name="index")
app.add_typer(reader_app, name="reader")
app.command("eval")(evaluate)


@app.callback()
def configure(data: DataOption = None) -> None:
    """Answers from your documents, in their own words."""
    if data is not None:
        os.environ["ONRECORD_DATA"] = str(data)
    logs.configure(None, logging.WARNING)


@app.command()
def run(data: DataOption = None) -> None:
    """Start the Telegram bot if TELEGRAM_BOT_TOKEN is set, else a conversation in the terminal."""
    configuration = read_configuration(data)
    library = _open_ready(data)
    conversation = Conversation(library)
    if configuration.bot.telegram_bot_token is None:
        with speaking(configuration.bot.interface):
            terminal.run(conversation)
    else:
        _run_telegram(configuration, library, conversation, lambda: read_configuration(data))


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
        source=source,
    )
    library = _open_ready(data)
    lines = sys.stdin if question == "-" else [question]
    failed = False
    for line in filter(None, map(str.strip, lines)):
        try:
            answer = library.ask(line, scope)
        except QuestionError as error:
            failed = True
            typer.echo(f"error: {error}", err=True)
            if not as_json:
                continue
            # Its line of output must not be missing, so that lines can be matched.
            answer = Answer(line, (), confidence=0.0, elapsed_ms=0.0, reason=str(error))
        library.certify(answer)
        if as_json:
            typer.echo(json.dumps(answer_to_json(answer), ensure_ascii=False))
        else:
            reply = AnswerReply(answer, library.status(), scope, answer.understood)
            Console(highlight=False).print(terminal.render_reply(reply))
    raise typer.Exit(failed)


@app.command()
def doctor(
    deep: Annotated[bool, typer.Option("--deep", help="Read all of the index file, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    data: DataOption = None,
) -> None:
    """Check what a bot needs, and say what to do where something is missing."""
    from bot.doctor.checkup import examine  # noqa: PLC0415  # its models are slow to import

    found = list(examine(data, deep))
    if as_json:
        typer.echo(json.dumps(findings.to_json(found), ensure_ascii=False))
    else:
        Console(highlight=False).print(findings.render(found), soft_wrap=True)
    raise typer.Exit(findings.failed(found))


@app.command()
def check(
    text: Annotated[str, typer.Argument(help="One or more sentences, or a part of one.")],
    data: DataOption = None,
) -> None:
    """Tell whether a sentence is in the documents; exit with 1 where it is altered or not found."""
    reply = CheckReply(_open_ready(data).check(text))
    Console(highlight=False).print(terminal.render_reply(reply))
    raise typer.Exit(any(f.verdict in {Verdict.ALTERED, Verdict.NOT_FOUND} for f in reply.findings))


@app.command()
def verify(
    certificate: Annotated[str, typer.Argument(help="As in 7K3M-Q2XA-90VB.")],
    data: DataOption = None,
) -> None:
    """Tell what became of an earlier quote; exit with 1 where its words no longer stand."""
    reply = VerificationReply(_open_ready(data).verify(certificate))
    Console(highlight=False).print(terminal.render_reply(reply))
    raise typer.Exit(reply.verification.state not in {State.UNCHANGED, State.MOVED})


@app.command()
def feedback(
    out: Annotated[
        Path | None, typer.Option(help="Where to write them, in place of standard output.")
    ] = None,
    down: Annotated[
        Path | None,
        typer.Option(help="Where to write the rejected quotes, for somebody to find the answer."),
    ] = None,
    collection: Annotated[
        str, typer.Option(help="Only answers from this one.")
    ] = DEFAULT_COLLECTION,
    data: DataOption = None,
) -> None:
    """Write the answers that users found helpful as a questions file for `eval`."""
    library = open_library(data)
    current = {document.path: document.sha256 for document in library.documents([collection])}
    engine = open_inbox(library.folder)
    labels = read_labels(Votes(engine).tally(), current, collection)
    engine.dispose()
    library.close()
    lines = labels.gold_lines()
    if out is None:
        for line in lines:
            typer.echo(line)
    else:
        _write_lines(out, lines)
    if down is not None:
        _write_lines(down, labels.rejected_lines())
    typer.echo(f"{len(lines)} questions with an answer, {len(labels.rejected)} without", err=True)
    for reason, number in labels.left_out.items():
        typer.echo(f"left out: {number} {reason}", err=True)


def _write_lines(path: Path, lines: Sequence[str]) -> None:
    try:
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be written: {error.strerror}") from error


def _run_telegram(
    configuration: Configuration,
    library: Library,
    conversation: Conversation,
    read: Callable[[], Configuration],
) -> None:
    from bot.telegram import app as telegram  # noqa: PLC0415  # python-telegram-bot is slow to import

    logs.follow(configuration.bot)
    library.warm_up()
    telegram.run(configuration, conversation, library.folder, read)


def _open_ready(data: Any) -> Library:
    """The library, with the documents that ship indexed where there are none."""
    library = open_library(data)
    if library.is_new():
        with progress_bar("Indexing the example documents") as progress:
            library.index_seeds(progress)
    return library


def main() -> None:
    """Run the command line; an expected error is one line and exit code 1."""
    try:
        app()
    except (OnrecordError, BotError) as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(1)
