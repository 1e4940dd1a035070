"""The commands `onrecord reader train` and `onrecord attribution train`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli import DataOption, open_corpus, step_bars
from index.core.settings import DEFAULT_READER
from index.evaluation.evaluate import Scores
from index.evaluation.questions import read_questions
from index.reader.loading import SHIPPED

app = typer.Typer(help="Readers: the models that find the sentence that answers.")
attribution = typer.Typer(help="The network that finds who says what.")


@app.callback()
def _group() -> None:
    """Keep `train` a subcommand although it is the only one."""


@app.command()
def train(  # noqa: PLR0917  # options
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS", help="JSON lines with gold answers.")
    ],
    corpus: Annotated[Path, typer.Argument(metavar="CORPUS", help="The folder they are about.")],
    out: Annotated[Path, typer.Option(help="Folder of the new reader.")],
    held_out: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            metavar="QUESTIONS CORPUS",
            help="What to fit on and to judge by; unset, a tenth of the documents.",
            show_default=False,
        ),
    ] = None,
    epochs: Annotated[float, typer.Option(help="Passes over the questions.")] = 2.0,
    learning_rate: Annotated[float, typer.Option(help="The highest, after the warm-up.")] = 1.5e-4,
    start: Annotated[
        Path | None,
        typer.Option(
            help="Folder of a reader to train further, or of another encoder to start from; "
            f"{DEFAULT_READER} is the reader that ships.",
            show_default=False,
        ),
    ] = None,
    average: Annotated[
        tuple[Path, float] | None,
        typer.Option(
            metavar="DIR SHARE",
            help="Another reader, and the share of its weights in those to start from.",
            show_default=False,
        ),
    ] = None,
    teacher: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="ONNX file of a cross-encoder to learn from as well, beside its tokenizer.json.",
            show_default=False,
        ),
    ] = None,
    taught: Annotated[
        str,
        typer.Option(
            metavar="KIND,KIND", help="The kinds of questions it teaches; unset, all of them."
        ),
    ] = "",
    seed: Annotated[int, typer.Option(help="Of all chance.")] = 17,
    data: DataOption = None,
) -> None:
    """Train a reader on questions with known answers; ONRECORD_READER=DIR then uses it.

    On two cores 20 questions a second are learned from. The corpora get indexes of their own,
    which a second run finds ready.
    """
    # Training needs PyTorch, which takes seconds to import.
    from index.training.build import Source, build  # noqa: PLC0415
    from index.training.train import Recipe  # noqa: PLC0415

    def source(asked: Path, folder: Path) -> Source:
        gold = read_questions(asked)
        library, _ = open_corpus(folder, data)
        return Source(library, gold)

    training = source(questions, corpus)
    judged = source(*held_out) if held_out else None
    if start == Path(DEFAULT_READER):
        start = SHIPPED
    kinds = tuple(filter(None, taught.split(",")))
    recipe = Recipe(epochs=epochs, learning_rate=learning_rate, taught=kinds, seed=seed)
    with step_bars() as step:
        scores = build(training, judged, recipe, out, step, start, teacher, average)
    Console(highlight=False).print(score_table(scores))


@attribution.callback()
def _attribution_group() -> None:
    """Keep `train` a subcommand although it is the only one."""


@attribution.command("train")
def train_attribution(
    corpus: Annotated[
        Path, typer.Argument(metavar="CORPUS", help="Folder with `train` and `dev`, as PolNeAR's.")
    ],
    out: Annotated[Path, typer.Option(help="Folder of the new network.")],
    epochs: Annotated[int, typer.Option(help="Passes over the articles.")] = 3,
    minutes: Annotated[
        float, typer.Option(help="If they are over before, it ends then.", show_default=False)
    ] = math.inf,
    seed: Annotated[int, typer.Option(help="Of all chance.")] = 17,
) -> None:
    """Train the network that finds who says what, on articles in which people marked it."""
    # Training needs PyTorch, which takes seconds to import.
    from index.evaluation.attribution import score_rows  # noqa: PLC0415
    from index.training.attribution import AttributionRecipe  # noqa: PLC0415
    from index.training.attribution_build import build_attribution  # noqa: PLC0415

    recipe = AttributionRecipe(epochs=epochs, minutes=minutes, seed=seed)
    with step_bars() as step:
        scores = build_attribution(corpus, recipe, out, step)
    table = Table("measure", *scores, title="Articles not trained on")
    for row in score_rows(scores):
        table.add_row(*row)
    Console(highlight=False).print(table)


def score_table(scores: Mapping[str, Scores]) -> Table:
    """Return the scores of readers, by name, as a table for a person."""
    from index.training.build import score_rows  # noqa: PLC0415

    table = Table("measure", *scores, title="Questions about documents not trained on")
    for row in score_rows(scores):
        table.add_row(*row)
    return table
