"""The reader for many languages: the multilingual embedder's word vectors under trained layers.

The package has the layers and the head; word vectors and tokenizer are those that the embedding
model was converted to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ValidationError
from tokenizers import Tokenizer

from index.core.documents import Passage, Span
from index.core.errors import ModelError
from index.core.files import replacing, sha256_of_file
from index.models.multilingual import converted, open_tokenizer
from index.models.onnx import OnnxSession
from index.models.words import WordVectors
from index.reader.calibration import Calibration, Logistic
from index.reader.spans import MAX_TOKENS, EncodedPair, Unit, header_of, under, units_of

SHIPPED = Path(__file__).parent / "shipped_multilingual"
NETWORK, MANIFEST = "network.onnx", "reader.json"

_START_ID, _END_ID = 0, 2
_WORD = re.compile(r"[^\W\d_]+")
_MIN_CASED = 4  # letters: shorter ones are mostly function words at the start of a sentence
_BETWEEN = 4  # special pieces: one before, two between, one after


class Fit(BaseModel):
    """What was fitted for one lane; see `by_language`."""

    ranking: Logistic
    calibration: Calibration


class Manifest(BaseModel):
    """The content of `reader.json`: within one language, across two, and the network's sha256."""

    network: str
    within: Fit
    across: Fit


class JoinedEncoder:
    """Joins question and passage as XLM-RoBERTa does, with any tokenizer of its pieces.

    The tokenizer is another's as well, so it is used as it stands. A piece counts as the letters
    and digits in it, so that no short answer ends in the punctuation that some pieces have.
    """

    def __init__(self, tokenizer: Tokenizer, max_tokens: int = MAX_TOKENS) -> None:
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens

    def encode(self, question: str, header: str, text: str) -> EncodedPair:
        joined = under(header, text)
        asked, read = (
            self._tokenizer.encode(one, add_special_tokens=False)
            for one in (_cased_as(joined, question), joined)
        )
        first = asked.ids[: self._max_tokens // 2]
        second = read.ids[: self._max_tokens - _BETWEEN - len(first)]
        ids = [_START_ID, *first, _END_ID, _END_ID, *second, _END_ID]
        offsets = np.zeros((len(ids), 2), np.int64)
        start = len(first) + _BETWEEN - 1
        for at, (begin, end) in enumerate(read.offsets[: len(second)], start=start):
            offsets[at] = _bare(joined, begin, end)
        is_text = offsets[:, 0] < offsets[:, 1]
        types = np.zeros(len(ids), np.int64)
        return EncodedPair.of_context(np.array(ids, np.int64), types, offsets, is_text, header)


def _cased_as(text: str, question: str) -> str:
    """The question with capitals for the words that a text has with one alone.

    The network tells "Eintritt" from "eintritt", which people write when they are in a hurry.
    """
    words = frozenset(_WORD.findall(text))

    def cased(found: re.Match[str]) -> str:
        word = found[0]
        is_written = word in words or len(word) < _MIN_CASED or word[0].isupper()
        return word if is_written or word.capitalize() not in words else word.capitalize()

    return _WORD.sub(cased, question)


class MultilingualModel:
    """The network that ships, with the word vectors in a cache."""

    def __init__(self, network: Path, cache: Path) -> None:
        """Load both, and convert the embedding model if it is not in the cache.

        Raises:
            ModelError: its package is missing, or a file is damaged.
        """
        files = converted(cache)
        self._encoder = JoinedEncoder(open_tokenizer(files.tokenizer))
        self._session = OnnxSession(network, WordVectors(files.words))

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[Unit]]:
        """Return the sentences of each passage, with evidence and short answer."""
        pairs = [self._encoder.encode(question, header_of(p), p.text) for p in passages]
        outputs = self._session.run([pair.ids for pair in pairs], [pair.types for pair in pairs])
        return [
            [
                _with_whole_words(unit, passage)
                for unit in units_of(passage, pair, *logits.T, accepts=_accepts)
            ]
            for passage, pair, logits in zip(passages, pairs, outputs, strict=True)
        ]


def read_manifest(folder: Path) -> Manifest:
    """Return what `write_manifest` wrote, if it was for the network in the folder.

    Raises:
        ModelError: the files cannot be read, or do not belong together.
    """
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
        found = sha256_of_file(folder / NETWORK)
    except (OSError, ValidationError) as error:
        what = str(error).splitlines()[0]
        raise ModelError(
            f"cannot read the reader in {folder}: {what}; reinstall onrecord"
        ) from error
    if found != manifest.network:
        raise ModelError(
            f"{folder / NETWORK} has sha256 {found}, not {manifest.network}; reinstall onrecord"
        )
    return manifest


def write_manifest(folder: Path, within: Fit, across: Fit) -> None:
    """Write `reader.json` for the network in a folder."""
    made = Manifest(network=sha256_of_file(folder / NETWORK), within=within, across=across)
    with replacing(folder / MANIFEST) as written:
        written.write_text(made.model_dump_json(indent=2) + "\n", encoding="utf-8")


def _accepts(answer: str, sentence: str, at: int) -> bool:  # noqa: ARG001
    """What kind of words answers a question is known for English alone."""
    return True


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """A piece without what stands around its letters and digits; nothing but that stays whole."""
    first, last = start, end
    while last > first and not text[last - 1].isalnum():
        last -= 1
    while first < last and not text[first].isalnum():
        first += 1
    return (first, last) if first < last else (start, end)


def _with_whole_words(unit: Unit, passage: Passage) -> Unit:
    """The unit with an answer that ends where words do.

    Pieces are parts of words, or the space before a mark and the mark: " «".
    """
    if unit.answer is None:
        return unit
    text, base = passage.text, passage.span.start
    start, end = unit.answer.start - base, unit.answer.end - base
    end = start + len(text[start:end].rstrip())
    start = end - len(text[start:end].lstrip())
    if start == end:
        return Unit(unit.first, unit.last, unit.evidence, unit.margin)
    while start > 0 and _is_letter(text[start]) and _is_letter(text[start - 1]):
        start -= 1
    while end < len(text) and _is_letter(text[end]) and _is_letter(text[end - 1]):
        end += 1
    answer = Span(base + start, base + end)
    return Unit(unit.first, unit.last, unit.evidence, unit.margin, answer)


def _is_letter(character: str) -> bool:
    """Whether a word goes on with it; Arabic and Persian write marks and joiners within words."""
    return character.isalnum() or unicodedata.category(character) in {"Mn", "Cf"}
