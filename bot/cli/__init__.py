"""Commands of the terminal, and what they share: the option --data, the library, progress bars."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from pathlib import Path
from threading import Thread
from typing import Annotated

import typer
from rich import progress as rich_progress
from rich.console import Console
from rich.text import Text

from bot.reload import read_index_settings
from index.core.documents import Progress, Step
from index.core.errors import OnrecordError
from index.ingest import IndexReport
from index.library import Library
from index.parsers.ocr import reporting

DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the index.", envvar="ONRECORD_DATA", show_default=False),
]


_console = Console(stderr=True)


class _RateColumn(rich_progress.ProgressColumn):
    """How many a second are done, once that is known."""

    def render(self, task: rich_progress.Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.1f}/s" if speed else "", style="progress.data.speed")


def tell_of_conversion() -> None:
    """Say why the first start takes longer than others."""
    _console.print("Preparing the language model for this machine, once: about 15 seconds")


def open_library(data: Path | None) -> Library:
    """Return the library in `data`, or in the folder that the settings name."""
    return Library(read_index_settings(data))


def open_ready(data: Path | None) -> Library:
    """Return the library in `data`; a new one gets the example documents."""
    library = open_library(data)
    if library.store.revision() == 0:
        with progress_bar("Indexing the example documents") as progress:
            library.index_seeds(progress)
        library.attributions.tagger.rest()  # what answers comes in its place
    return library


def begin_loading(library: Library) -> Thread:
    """Load the models of a library on another thread, while its index is opened."""

    def load() -> None:
        with suppress(OnrecordError):  # whoever needs the models is told
            library.embedder.embed_question("")
            _ = library.reader

    thread = Thread(target=copy_context().run, args=(load,), name="loading")
    thread.start()
    return thread


def open_corpus(folder: Path, data: Path | None) -> tuple[Library, IndexReport]:
    """Return the library of a folder to measure on, beside the one in `data`, after a sync."""
    library = Library(read_index_settings(data).for_corpus(folder))
    with progress_bar(f"Indexing {folder.name}") as progress:
        return library, library.sync(folder, progress=progress)


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """Show one bar on standard error; it stays when the work is done.

    Another one comes with the first page that is read by OCR.
    """
    with step_bars() as step:
        progress = step(title)
        pages: list[Progress] = []

        def report(done: int, total: int) -> None:
            if not pages:
                pages.append(step("Reading pictures of pages"))
            pages[0](done, total)

        with reporting(report):
            yield progress


@contextmanager
def step_bars() -> Iterator[Step]:
    """Show a bar for each step on standard error."""
    columns = (
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.MofNCompleteColumn(),
        _RateColumn(),
        rich_progress.TimeElapsedColumn(),
        rich_progress.TimeRemainingColumn(),
    )
    with rich_progress.Progress(*columns, console=_console) as bars:

        def step(title: str) -> Progress:
            task = bars.add_task(title, total=None)
            return lambda done, total: bars.update(task, completed=done, total=total)

        yield step
