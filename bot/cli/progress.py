"""A progress bar on standard error, for whatever takes its time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars

from index.core.documents import Progress, Step


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """Give a function that is told of (done, of all); the bar stays when it is done."""
    with step_bars() as step:
        yield step(title)


@contextmanager
def step_bars() -> Iterator[Step]:
    """Give a function that begins a step of a title and gives what is told of its progress."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True)) as bars:

        def step(title: str) -> Progress:
            task = bars.add_task(title, total=None)

            def show(done: int, total: int) -> None:
                bars.update(task, completed=done, total=total)

            return show

        yield step
