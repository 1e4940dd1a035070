"""Foreign reading models: extractive question answering models and cross-encoders."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from sentence_transformers import CrossEncoder
from transformers import AutoConfig, AutoModelForQuestionAnswering, AutoTokenizer

from index.core.documents import Passage
from index.core.errors import ModelError
from index.reader.spans import EncodedPair, ReadingModel, Unit, header_of, under, units_of
from index.text.answer_types import expected_answer, fits

_BATCH = 8
_MAX_TOKENS = 512


def open_model(name: str) -> ReadingModel:
    """Return a model by its folder or its name on the hub.

    Raises:
        ModelError: there is none, or it is of another kind.
    """
    try:
        architectures = AutoConfig.from_pretrained(name).architectures or [""]
        if architectures[0].endswith("ForQuestionAnswering"):
            return ExtractiveModel(name)
        if architectures[0].endswith("ForSequenceClassification"):
            return PairModel(name)
    except (OSError, ValueError) as error:
        what = str(error).splitlines()[0]
        raise ModelError(
            f"cannot load the reader {name}: {what}; set ONRECORD_READER to the folder of a reader "
            "or to the name of a model"
        ) from error
    raise ModelError(
        f"the reader {name} is a {architectures[0] or 'model of no known kind'}; what can read are "
        "models for question answering and cross-encoders for pairs of texts"
    )


class ExtractiveModel:
    """A model that marks the start and the end of an answer, as for SQuAD."""

    def __init__(self, name: str) -> None:
        self._model: Any = AutoModelForQuestionAnswering.from_pretrained(name).eval()
        self._tokenizer: Any = AutoTokenizer.from_pretrained(name)
        # A tokenizer without a limit has a huge number here.
        self._max_tokens = min(self._tokenizer.model_max_length, _MAX_TOKENS)

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[Unit]]:
        """Return the sentences of each passage; the evidence of one is its answer's margin."""
        units = []
        for start in range(0, len(passages), _BATCH):
            units += self._read(question, passages[start : start + _BATCH])
        return units

    @torch.inference_mode()
    def _read(self, question: str, passages: Sequence[Passage]) -> list[list[Unit]]:
        headers = [header_of(passage) for passage in passages]
        contexts = [under(h, passage.text) for h, passage in zip(headers, passages, strict=True)]
        encoded = self._tokenizer(
            [question] * len(passages),
            contexts,
            truncation="only_second",
            max_length=self._max_tokens,
            padding=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        spans = encoded.pop("offset_mapping").numpy()
        logits = self._model(**encoded)
        accepts = partial(fits, expected_answer(question), question)
        units = []
        for at, (passage, header) in enumerate(zip(passages, headers, strict=True)):
            of_context = np.array([part == 1 for part in encoded.sequence_ids(at)])
            pair = EncodedPair.of_context(
                encoded["input_ids"][at].numpy(),
                of_context.astype(int),
                spans[at],
                of_context,
                header,
            )
            starts, ends = logits.start_logits[at].numpy(), logits.end_logits[at].numpy()
            units.append(units_of(passage, pair, starts, ends, None, accepts=accepts))
        return units


class PairModel:
    """A cross-encoder: one score for a question and a sentence under its header."""

    def __init__(self, name: str) -> None:
        self._model = CrossEncoder(name, activation_fn=torch.nn.Identity())

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[Unit]]:
        """Return the sentences of each passage with their scores, without answers."""
        pairs = [
            (question, under(header_of(p), p.cut(sentence.span)))
            for p in passages
            for sentence in p.sentences
        ]
        scores = iter(np.asarray(self._model.predict(pairs), float).reshape(len(pairs), -1)[:, -1])
        return [
            [Unit(at, at, float(next(scores))) for at in range(len(passage.sentences))]
            for passage in passages
        ]
