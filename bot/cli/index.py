"""The commands that work on the index: `onrecord index …` and `onrecord eval`."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.evaluate import evaluation_tables
from bot.cli.progress import progress_bar, step_bars
from index.answering.json import document_to_json
from index.core.errors import DocumentError, OnrecordError
from index.core.settings import DEFAULT_COLLECTION, IndexSettings
from index.evaluation.evaluate import run_questions, summarize
from index.evaluation.fitting import cases_of, fit_reader
from index.evaluation.questions import read_questions
from index.ingest import IndexReport
from index.library import Library

DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the index.", envvar="ONRECORD_DATA", show_default=False),
]
CollectionOption = Annotated[str, typer.Option(help="The collection the documents belong to.")]
EmptyOption = Annotated[
    bool,
    typer.Option("--allow-empty", help="Remove what was synced though DIR holds no file."),
]

app = typer.Typer(help="Put documents into the index and see what it holds.", no_args_is_help=True)
_COLUMNS = {
    "ID": "id",
    "Document": "document",
    "Title": "title",
    "Author": "author",
    "Publisher": "publisher",
    "Date": "published",
    "Language": "language",
    "Collection": "collection",
    "Passages": "passages",
}
_WIDE = 120
_console = Console(stderr=True, highlight=False)


def read_settings(data: Path | None) -> IndexSettings:
    """Return the settings, with the folder of the index where one is given."""
    settings = IndexSettings()
    return settings if data is None else settings.model_copy(update={"data": data})


def open_library(data: Path | None) -> Library:
    """Return the library in `data`, or in the folder that the settings name."""
    return Library(read_settings(data))


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
    told: set[str] = set()

    def tell(report: IndexReport) -> None:
        failed = {str(error) for error in report.failed}
        for line in sorted(failed - told):
            _console.print(f"failed: {line}", markup=False, soft_wrap=True)
        _tell_left_out(report)
        told.clear()
        told.update(failed)
        typer.echo(str(report))

    def fail_once(error: OnrecordError) -> None:
        if str(error) not in told:
            told.add(str(error))
            _console.print(f"failed: {error}", markup=False, soft_wrap=True)

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        follow(
            folder,
            read_settings(data).data,
            lambda: library.sync(folder, collection, allow_empty=allow_empty),
            tell,
            fail_once,
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
            _console.print(f"failed: {error}", markup=False)
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
    columns = dict(_COLUMNS)
    if console.width < _WIDE:
        for name in ("Author", "Publisher", "Language"):
            del columns[name]
    table = Table(*columns)
    for document in documents:
        known = document_to_json(document)
        cells = (known[field] for field in columns.values())
        table.add_row(*("" if cell is None else str(cell) for cell in cells))
    console.print(table)


@app.command()
def show(
    document_id: Annotated[int, typer.Argument(metavar="ID", help="See `index list`.")],
    text: Annotated[bool, typer.Option("--text", help="Print the canonical text alone.")] = False,
    data: DataOption = None,
) -> None:
    """Show what is known of a document, or its canonical text, whose offsets quotes give."""
    library = open_library(data)
    document = library.document(document_id)
    if text:
        # As bytes: standard output must not translate line ends or choose another encoding.
        stdout = typer.get_binary_stream("stdout")
        stdout.write(library.store.text(document_id).encode())
        return
    metadata = document.metadata
    facts = {
        "document": document.path,
        "title": metadata.title,
        "author": metadata.author,
        "publisher": metadata.publisher,
        "date": metadata.published,
        "language": metadata.language,
        "url": metadata.url,
        "fetched": document.fetched and f"{document.fetched:%Y-%m-%d %H:%M:%S} UTC",
        "collection": document.collection,
        "characters": document.characters,
        "passages": document.passages,
        "sha256": document.sha256,
    }
    for name, value in facts.items():
        typer.echo(f"{name:<11} {'' if value is None else value}")


@app.command()
def rebuild(data: DataOption = None) -> None:
    """Make the search indexes anew from the stored documents; nothing is embedded again."""
    library = open_library(data)
    with progress_bar("Rebuilding") as progress:
        library.rebuild(progress)


@app.command()
def verify(data: DataOption = None) -> None:
    """Check every hash and offset of the index, changing nothing; exit with 1 if one is wrong."""
    library = open_library(data)
    with progress_bar("Verifying") as progress:
        findings = library.find_faults(progress)
    for finding in findings:
        _console.print(f"wrong: {finding}", markup=False, soft_wrap=True)
    if not findings:
        documents = library.documents()
        passages = sum(document.passages for document in documents)
        typer.echo(f"sound: {len(documents):,} documents, {passages:,} passages, both indexes")
    raise typer.Exit(bool(findings))


def evaluate(
    corpus: Annotated[Path, typer.Argument(metavar="CORPUS", help="A folder of documents.")],
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS", help="JSON lines with gold answers.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    fit: Annotated[
        bool,
        typer.Option(
            "--fit", help="First fit the reader's order and confidence to these questions."
        ),
    ] = False,
    data: DataOption = None,
) -> None:
    """Measure retrieval, quotes, abstention and latency on questions with known answers.

    The corpus gets an index of its own, beside the library's, which a second run finds ready. With
    --fit the library uses what was fitted from then on; measure it on other questions.
    """
    asked = read_questions(questions)
    library = Library(read_settings(data).for_corpus(corpus))
    with progress_bar(f"Indexing {corpus.name}") as progress:
        report = library.sync(corpus, progress=progress)
    _tell_faults(report)
    library.warm_up()
    if fit:
        with step_bars() as step:
            fit_reader(library.reader, list(cases_of(library, asked, [DEFAULT_COLLECTION])), step)
        library.keep_fitted()
    with progress_bar("Asking") as progress:
        outcomes = run_questions(library, asked, [DEFAULT_COLLECTION], progress)
    summary = summarize(outcomes)
    if as_json:
        typer.echo(json.dumps(summary))
    else:
        Console(highlight=False).print(*evaluation_tables(summary))


def fail(error: OnrecordError) -> typer.Exit:
    """Print an expected error as one line; return the exit to raise."""
    _console.print(f"error: {error}", markup=False)
    return typer.Exit(1)


def _tell_faults(report: IndexReport) -> None:
    for error in report.failed:
        _console.print(f"failed: {error}", markup=False, soft_wrap=True)
    _tell_left_out(report)


def _tell_left_out(report: IndexReport) -> None:
    for error in report.left_out:
        _console.print(f"left out: {error}", markup=False, soft_wrap=True)


def _finish(report: IndexReport) -> None:
    """Print what was done; exit with 1 where a file failed, or a part of one."""
    _tell_faults(report)
    typer.echo(str(report))
    raise typer.Exit(1 if report.failed or report.left_out else 0)
