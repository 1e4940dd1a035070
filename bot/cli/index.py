"""The commands `onrecord index …`, which change and show the index."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli import DataOption, open_library, progress_bar
from bot.cli.report import report_lines
from bot.reload import read_index_settings
from bot.texts.answers import shorten
from index.answering.json import attribution_to_json, document_to_json
from index.core.errors import DocumentError, OnrecordError
from index.core.settings import DEFAULT_COLLECTION
from index.ingest import IndexReport
from index.ingest.model_change import change_model_in
from index.library import Library

CollectionOption = Annotated[str, typer.Option(help="The collection the documents belong to.")]
EmptyOption = Annotated[
    bool,
    typer.Option("--allow-empty", help="Remove what was synced though DIR holds no file."),
]

app = typer.Typer(help="Put documents into the index and see what it holds.", no_args_is_help=True)
_COLUMNS = (
    *("id", "document", "title", "author", "publisher", "published", "language"),
    *("collection", "passages"),
)
_HEADINGS = {"id": "ID", "published": "Date"}
_ONLY_IF_WIDE = {"author", "publisher", "language"}
_WIDE = 120
_MAX_FACT_CHARS = 2000
_console = Console(stderr=True, highlight=False)


@app.command()
def sync(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of documents.")],
    collection: CollectionOption = DEFAULT_COLLECTION,
    allow_empty: EmptyOption = False,
    data: DataOption = None,
) -> None:
    """Make the index equal to a folder: add new, re-read changed, drop removed files."""
    library = open_library(data)
    with progress_bar(f"Indexing {folder.name}") as progress:
        report = library.sync(folder, collection, progress, allow_empty=allow_empty)
    _finish(report)


@app.command()
def watch(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of documents.")],
    poll: Annotated[
        bool, typer.Option("--poll", help="Look again and again, as network folders need.")
    ] = False,
    collection: CollectionOption = DEFAULT_COLLECTION,
    allow_empty: EmptyOption = False,
    data: DataOption = None,
) -> None:
    """Sync a folder, then again whenever it changes, until Ctrl-C; one line each time."""
    from index.ingest.watcher import follow  # noqa: PLC0415  # nothing else needs what it imports

    library = open_library(data)
    printed: set[str] = set()

    def print_report(report: IndexReport) -> None:
        failed = {str(error) for error in report.failed}
        print_each("failed", sorted(failed - printed))
        print_each("left out", report.left_out)
        printed.clear()
        printed.update(failed)
        typer.echo(str(report))

    def print_once(error: OnrecordError) -> None:
        if str(error) not in printed:
            printed.add(str(error))
            print_each("failed", [error])

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        follow(
            folder,
            library.folder,
            lambda: library.sync(folder, collection, allow_empty=allow_empty),
            print_report,
            print_once,
            poll=poll,
        )
    except KeyboardInterrupt:
        typer.echo("stopped")
    finally:
        library.close()


@app.command()
def add(
    locations: Annotated[
        list[str], typer.Argument(metavar="PATH|URL...", help="Files, folders or web pages.")
    ],
    collection: CollectionOption = DEFAULT_COLLECTION,
    data: DataOption = None,
) -> None:
    """Add files and web pages beside the synced folder; a later sync leaves them be.

    A URL that was added before is fetched again.
    """
    library = open_library(data)
    with progress_bar("Indexing") as progress:
        report = library.add(locations, collection, progress)
    _finish(report)


@app.command()
def remove(
    document_ids: Annotated[list[int], typer.Argument(metavar="ID...", help="See `index list`.")],
    data: DataOption = None,
) -> None:
    """Remove documents from the index; their files stay."""
    library = open_library(data)
    failed = False
    for document_id in document_ids:
        try:
            library.remove(document_id)
        except DocumentError as error:
            failed = True
            print_each("failed", [error])
    raise typer.Exit(failed)


@app.command("list")
def list_documents(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print all that is known, one JSON object a line.")
    ] = False,
    data: DataOption = None,
) -> None:
    """List the documents; author, publisher and language where the terminal has room for them."""
    documents = open_library(data).documents()
    if as_json:
        for document in documents:
            typer.echo(json.dumps(document_to_json(document)))
        return
    console = Console(highlight=False, markup=False)
    is_wide = console.width >= _WIDE
    columns = [name for name in _COLUMNS if is_wide or name not in _ONLY_IF_WIDE]
    table = Table(*(_HEADINGS.get(name, name.capitalize()) for name in columns))
    for document in documents:
        known = document_to_json(document)
        cells = (known[name] for name in columns)
        table.add_row(*(_shown(cell) for cell in cells))
    console.print(table)


@app.command()
def show(
    document_id: Annotated[int, typer.Argument(metavar="ID", help="See `index list`.")],
    text: Annotated[bool, typer.Option("--text", help="Print the canonical text alone.")] = False,
    speakers: Annotated[
        bool, typer.Option("--speakers", help="List who says what in it, one a line.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --speakers: one JSON object a line.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Show what is known of a document, its canonical text, or who says what in it."""
    library = open_library(data)
    document = library.document(document_id)
    if speakers or as_json:
        for line in _attributions(library, document_id, as_json):
            typer.echo(line)
        return
    if text:
        # As bytes: standard output must not translate line ends or choose another encoding.
        stdout = typer.get_binary_stream("stdout")
        stdout.write(library.store.text(document_id).encode())
        return
    facts = document_to_json(document)
    facts["fetched"] = document.fetched and f"{document.fetched:%Y-%m-%d %H:%M:%S} UTC"
    del facts["id"]
    for name, value in facts.items():
        label = "date" if name == "published" else name
        typer.echo(f"{label:<11} {_shown(value)}")


def _attributions(library: Library, document_id: int, as_json: bool) -> Iterator[str]:
    text = library.store.text(document_id)
    for one in library.store.attributions.of(document_id):
        if as_json:
            yield json.dumps(attribution_to_json(one), ensure_ascii=False)
            continue
        speaker = one.speaker.text if one.speaker else "?"
        cue, content = (
            " … ".join(span.cut(text) for span in spans) for spans in (one.cue, one.content)
        )
        yield " ".join(f"{speaker} | {cue} | {content}".split())


@app.command()
def report(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    data: DataOption = None,
) -> None:
    """Show how each document was read, and what went wrong, the worst first.

    Each line gives the share of the document that may be quoted, and its title, date and author
    with where each was read.
    """
    library = open_library(data)
    for line in report_lines(library, as_json=as_json):
        typer.echo(line)


@app.command()
def rebuild(
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Embed everything with this model first."),
    ] = None,
    data: DataOption = None,
) -> None:
    """Make the search indexes anew from the stored documents; embeds nothing without --model.

    With --model, the old model answers until all vectors of the new one are there; a bot that
    runs follows. A killed change goes on where it was.
    """
    settings = read_index_settings(data)
    if model is not None:
        configured, settings = settings.model, settings.model_copy(update={"model": model})
        with progress_bar(f"Embedding with {model}") as progress:
            change_model_in(settings, progress)
        if configured != model:
            typer.echo(f"the index is of {model} now; set ONRECORD_MODEL={model}", err=True)
    library = Library(settings)
    with progress_bar("Rebuilding") as progress:
        library.rebuild(progress)


@app.command()
def verify(data: DataOption = None) -> None:
    """Check every hash and offset of the index, changing nothing; exit with 1 if one is wrong."""
    library = open_library(data)
    with progress_bar("Verifying") as progress:
        findings = library.find_faults(progress)
    print_each("wrong", findings)
    if not findings:
        documents = library.documents()
        passages = sum(document.passages for document in documents)
        typer.echo(f"sound: {len(documents):,} documents, {passages:,} passages, both indexes")
    raise typer.Exit(bool(findings))


def print_faults(report: IndexReport) -> None:
    """Print a line on standard error for each file, or part of one, that was not indexed."""
    print_each("failed", report.failed)
    print_each("left out", report.left_out)


def _shown(value: object) -> str:
    """A fact on one line, without characters that a terminal would obey."""
    return "" if value is None else shorten(str(value), _MAX_FACT_CHARS)


def print_each(label: str, errors: Iterable[object]) -> None:
    """Print a line on standard error for each error."""
    for error in errors:
        _console.print(f"{label}: {error}", markup=False, soft_wrap=True)


def _finish(report: IndexReport) -> None:
    """Print the report; exit with 1 if a file, or a part of one, failed."""
    print_faults(report)
    typer.echo(str(report))
    raise typer.Exit(1 if report.failed or report.left_out else 0)
