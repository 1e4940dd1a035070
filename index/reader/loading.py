"""Which reader answers: the one that ships, one of the user's own, or none that was trained."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ValidationError

from index.core.errors import ModelError
from index.core.files import replacing
from index.core.settings import DEFAULT_READER
from index.models import Embedder
from index.reader import Reader, package
from index.reader.calibration import Calibration, Logistic
from index.reader.late_interaction import LateInteractionReader
from index.reader.trained import TrainedReader
from index.reader.word_overlap import Words

UNTRAINED = "embedding"
"""What `ONRECORD_READER` may name beside the default, a folder or a model."""


class Fitted(BaseModel):
    """What was fitted to the user's own questions, for one reader.

    Attributes:
        reader: its name; what was fitted for one is not used for another.
        ranking: what sentences are ordered by; None for readers with an order of their own.
        calibration: how surely the first of them answers.
    """

    reader: str
    ranking: Logistic | None
    calibration: Calibration


def open_reader(name: str, embedder: Embedder, words: Words, fitted: Path) -> Reader:
    """Return the reader of a name, with what was fitted for it.

    Args:
        name: DEFAULT_READER, UNTRAINED, a folder that `onrecord reader train` wrote, or the name
            or folder of a `transformers` model that marks answers or scores pairs of texts.
        embedder: for the reader that has no model of its own.
        words: compares words.
        fitted: a file that `write_fitted` wrote, or that is not there.

    Raises:
        ModelError: there is no such reader, or its files are damaged.
    """
    reader = _open(name, embedder, words)
    own = _read_fitted(fitted)
    if own is not None and own.reader == reader.name:
        if own.calibration.features != reader.calibration.features:
            raise ModelError(f"{fitted} was written by another version; delete it, then fit again")
        reader.calibration = own.calibration
        if own.ranking is not None and isinstance(reader, TrainedReader):
            reader.ranking = own.ranking
    return reader


def write_fitted(file: Path, reader: Reader) -> None:
    """Keep a reader's calibration, and its ranking where it has one."""
    ranking = reader.ranking if isinstance(reader, TrainedReader) else None
    own = Fitted(reader=reader.name, ranking=ranking, calibration=reader.calibration)
    with replacing(file) as written:
        written.write_text(own.model_dump_json(indent=2) + "\n", encoding="utf-8")


def _open(name: str, embedder: Embedder, words: Words) -> Reader:
    if name == UNTRAINED:
        return LateInteractionReader(embedder, words)
    folder = package.SHIPPED if name == DEFAULT_READER else Path(name)
    if name == DEFAULT_READER or package.is_package(folder):
        return package.load(folder, words)
    # They need PyTorch, which takes seconds to import.
    from index.reader.huggingface import open_model  # noqa: PLC0415

    return TrainedReader(name, open_model(name), words)


def _read_fitted(file: Path) -> Fitted | None:
    try:
        return Fitted.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise ModelError(
            f"{file} is not what `onrecord eval --fit` wrote ({error.error_count()} errors); "
            "delete it, then fit again"
        ) from error
