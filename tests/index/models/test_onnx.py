"""Texts are run in small batches, and a network that is none is an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.core.errors import ModelError
from index.models.onnx import OnnxSession, _batches


@given(st.lists(st.integers(1, 512)))
def test_every_text_is_in_one_batch_and_batches_are_small(lengths: list[int]) -> None:
    batches = _batches(lengths)
    assert sorted(at for batch in batches for at in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[at] for at in batch) <= 512


def test_a_missing_network_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot load the network"):
        OnnxSession(tmp_path / "none.onnx")
    (tmp_path / "broken.onnx").write_bytes(b"broken")
    with pytest.raises(ModelError, match=r"broken\.onnx"):
        OnnxSession(tmp_path / "broken.onnx")
