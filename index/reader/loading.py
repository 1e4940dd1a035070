"""Opens the reader of the settings: a trained one, a foreign model, or the untrained one.

A trained reader is a folder with its network, its tokenizer, and a manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path

from pydantic import BaseModel, ValidationError

from index.core.documents import Passage
from index.core.errors import ModelError
from index.core.files import replacing, sha256_of_file
from index.core.settings import DEFAULT_READER, MULTILINGUAL_MODEL
from index.models import Embedder
from index.models.onnx import OnnxSession
from index.reader import Reader, multilingual
from index.reader.by_language import ACROSS, WITHIN, LanguageReader
from index.reader.calibration import Calibration, Logistic
from index.reader.late_interaction import LateInteractionReader
from index.reader.multilingual import MultilingualModel
from index.reader.spans import PairEncoder, ReadingModel, Unit, header_of, units_of
from index.reader.trained import CONFIDENCE_FEATURES, FAR_AHEAD, RANKING_FEATURES, TrainedReader
from index.reader.word_overlap import Words
from index.text.answer_types import expected_answer, fits

UNTRAINED = "embedding"
"""The value of `ONRECORD_READER` for the reader that needs no training."""

SHIPPED = Path(__file__).parent / "shipped"
NETWORK, TOKENIZER, MANIFEST, CARD = "network.onnx", "tokenizer.json", "reader.json", "README.md"
START, END, EVIDENCE = range(3)
"""The network's outputs for each word piece: see `ReadingNetwork`."""

_FORMAT = 1


class Manifest(BaseModel):
    """The content of `reader.json`; `sha256` is that of each other file, by name."""

    format: int = _FORMAT
    sha256: dict[str, str]
    ranking: Logistic
    calibration: Calibration


class Fitted(BaseModel):
    """Ranking and calibration fitted to the user's own questions, for the reader of one name."""

    reader: str
    ranking: Logistic | None  # None for readers that are not ordered by one
    calibration: Calibration


class NetworkModel:
    """A network and its tokenizer, which read all passages of a question in a few batches."""

    def __init__(self, network: Path, tokenizer: Path) -> None:
        """Load both files.

        Raises:
            ModelError: one of them cannot be read.
        """
        self._session = OnnxSession(network)
        self._encoder = PairEncoder(tokenizer)

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[Unit]]:
        """Return the sentences of each passage, with evidence and short answer."""
        pairs = [self._encoder.encode(question, header_of(p), p.text) for p in passages]
        outputs = self._session.run([pair.ids for pair in pairs], [pair.types for pair in pairs])
        accepts = partial(fits, expected_answer(question), question)
        units = []
        for passage, pair, logits in zip(passages, pairs, outputs, strict=True):
            starts, ends, evidence = logits[:, START], logits[:, END], logits[:, EVIDENCE]
            units.append(units_of(passage, pair, starts, ends, evidence, accepts=accepts))
        return units


class _Later:
    """A reading model that is loaded when it first reads."""

    def __init__(self, load: Callable[[], ReadingModel]) -> None:
        self._load = load

    @cached_property
    def _model(self) -> ReadingModel:
        return self._load()

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[Unit]]:
        return self._model.read(question, passages)


def open_reader(name: str, embedder: Embedder, words: Words, fitted: Path, models: Path) -> Reader:
    """Return the reader of a name, with the values in `fitted`, if `write_fitted` wrote this file.

    With the multilingual embedding model, the one that ships reads many languages.

    The name is DEFAULT_READER, UNTRAINED, a folder that `onrecord reader train` wrote, or the name
    or folder of a `transformers` model that marks answers or scores pairs of texts. `models` is the
    folder of converted models.

    Raises:
        ModelError: there is no such reader, or its files are damaged.
    """
    reader = _open(name, embedder, words, models)
    own = _read_fitted(fitted)
    if own is not None and own.reader == reader.name:
        if own.calibration.features != reader.calibration.features:
            raise ModelError(f"{fitted} was written by another version; delete it, then fit again")
        reader.calibration = own.calibration
        if own.ranking is not None and isinstance(reader, TrainedReader):
            reader.ranking = own.ranking
    return reader


def write_fitted(file: Path, reader: Reader) -> None:
    """Write a reader's calibration, and its ranking if it has one."""
    ranking = reader.ranking if isinstance(reader, TrainedReader) else None
    _write(file, Fitted(reader=reader.name, ranking=ranking, calibration=reader.calibration))


def write_manifest(folder: Path, ranking: Logistic, calibration: Calibration) -> None:
    """Write `reader.json` for the network and the tokenizer in a folder."""
    sha256 = {name: sha256_of_file(folder / name) for name in (NETWORK, TOKENIZER)}
    _write(folder / MANIFEST, Manifest(sha256=sha256, ranking=ranking, calibration=calibration))


def _open(name: str, embedder: Embedder, words: Words, models: Path) -> Reader:
    if name == UNTRAINED:
        return LateInteractionReader(embedder, words)
    if name == DEFAULT_READER and embedder.name == MULTILINGUAL_MODEL:
        return _open_by_language(words, models)
    folder = SHIPPED if name == DEFAULT_READER else Path(name)
    if name == DEFAULT_READER or (folder / MANIFEST).is_file():
        return _open_trained(folder, words)
    # Foreign models need PyTorch, which takes seconds to import.
    from index.reader.huggingface import open_model  # noqa: PLC0415

    return TrainedReader(name, open_model(name), words)


def _open_by_language(words: Words, models: Path) -> LanguageReader:
    """The English reader, and the multilingual one within a language and across two.

    A collection may need one of them alone.
    """
    english = _open_trained(SHIPPED, words, later=True)
    folder = multilingual.SHIPPED
    shipped = multilingual.read_manifest(folder)
    model = _Later(partial(MultilingualModel, folder / multilingual.NETWORK, models))
    within, across = (
        TrainedReader(shipped.network, model, words, fit.ranking, fit.calibration, blank=blank)
        for fit, blank in ((shipped.within, WITHIN), (shipped.across, ACROSS))
    )
    name = f"{english.name}, {shipped.network}"
    return LanguageReader(name, english, within, across, english.calibration)


def _open_trained(folder: Path, words: Words, *, later: bool = False) -> TrainedReader:
    manifest = _read_manifest(folder)
    for name, sha256 in manifest.sha256.items():
        try:
            found = sha256_of_file(folder / name)
        except OSError as error:
            raise ModelError(f"the reader in {folder} cannot be read: {error}") from error
        if found != sha256:
            raise ModelError(
                f"{folder / name} has sha256 {found}, not {sha256}; reinstall onrecord, or train "
                "the reader again"
            )
    load = partial(NetworkModel, folder / NETWORK, folder / TOKENIZER)
    name = manifest.sha256[NETWORK]
    model = _Later(load) if later else load()
    fitted = manifest.ranking, manifest.calibration
    return TrainedReader(name, model, words, *fitted, ahead=FAR_AHEAD)


def _read_manifest(folder: Path) -> Manifest:
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        what = str(error).splitlines()[0]
        raise ModelError(f"there is no reader in {folder}: {what}") from error
    fits = (
        manifest.format == _FORMAT
        and manifest.ranking.features == RANKING_FEATURES
        and manifest.calibration.features == CONFIDENCE_FEATURES
    )
    if not fits:
        raise ModelError(
            f"the reader in {folder} was made by another version of onrecord; train it again with "
            "`onrecord reader train`"
        )
    return manifest


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


def _write(file: Path, content: BaseModel) -> None:
    with replacing(file) as written:
        written.write_text(content.model_dump_json(indent=2) + "\n", encoding="utf-8")
