"""A reader as a folder: network, tokenizer, and what was fitted with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ValidationError

from index.core.documents import Passage
from index.core.errors import ModelError
from index.core.files import replacing, sha256_of_file
from index.models.onnx import OnnxSession
from index.reader.calibration import Calibration, Logistic
from index.reader.encoding import PairEncoder, header_of
from index.reader.spans import Unit, units_of
from index.reader.trained import CONFIDENCE_FEATURES, RANKING_FEATURES, TrainedReader
from index.reader.word_overlap import Words

SHIPPED = Path(__file__).parent / "shipped"
NETWORK, TOKENIZER, MANIFEST, CARD = "network.onnx", "tokenizer.json", "reader.json", "README.md"
_FORMAT = 1


class Manifest(BaseModel):
    """What `reader.json` holds.

    Attributes:
        sha256: of each other file that is loaded, by name.
        ranking: what sentences are ordered by.
        calibration: how surely the first of them answers.
    """

    format: int = _FORMAT
    sha256: dict[str, str]
    ranking: Logistic
    calibration: Calibration


def is_package(folder: Path) -> bool:
    """Whether a folder holds a reader of this kind."""
    return (folder / MANIFEST).is_file()


def load(folder: Path, words: Words) -> TrainedReader:
    """Return the reader in a folder, its files checked.

    Raises:
        ModelError: a file is missing, damaged, or of a version that this program does not know.
    """
    manifest = read_manifest(folder)
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
    model = NetworkModel(folder / NETWORK, folder / TOKENIZER)
    name = manifest.sha256[NETWORK]
    return TrainedReader(name, model, words, manifest.ranking, manifest.calibration)


def read_manifest(folder: Path) -> Manifest:
    """Return what `reader.json` says.

    Raises:
        ModelError: there is none, or it does not fit this program.
    """
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


def write_manifest(folder: Path, ranking: Logistic, calibration: Calibration) -> None:
    """Write `reader.json` for the network and tokenizer that lie in a folder."""
    sha256 = {name: sha256_of_file(folder / name) for name in (NETWORK, TOKENIZER)}
    manifest = Manifest(sha256=sha256, ranking=ranking, calibration=calibration)
    with replacing(folder / MANIFEST) as written:
        written.write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")


START, END, EVIDENCE = range(3)
"""The network's output for each word piece: see `ReadingNetwork`."""


class NetworkModel:
    """Reads all passages of a question in a few batches of about the same length."""

    def __init__(self, network: Path, tokenizer: Path) -> None:
        """Load a network and its `tokenizer.json`.

        Raises:
            ModelError: one of them cannot be read.
        """
        self._session = OnnxSession(network)
        self._encoder = PairEncoder(tokenizer)

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[Unit]]:
        """Return the sentences of each passage, with evidence and short answer."""
        pairs = [self._encoder.encode(question, header_of(p), p.text) for p in passages]
        outputs = self._session.run([pair.ids for pair in pairs], [pair.types for pair in pairs])
        return [
            units_of(passage, pair, logits[:, START], logits[:, END], logits[:, EVIDENCE])
            for passage, pair, logits in zip(passages, pairs, outputs, strict=True)
        ]
