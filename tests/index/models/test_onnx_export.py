"""A network that was exported gives what PyTorch gives, in any company."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from index.models.onnx import OnnxSession
from index.models.onnx_export import TokenStates, export, quantize
from tests.support.tiny_models import save_tiny

pytestmark = pytest.mark.slow


def test_it_runs_what_was_exported_in_any_company(tmp_path: Path) -> None:
    network = TokenStates.from_folder(save_tiny(tmp_path / "tiny", hidden_size=32))
    export(network, tmp_path / "whole.onnx")
    session = OnnxSession(tmp_path / "whole.onnx")
    rng = np.random.default_rng(0)
    texts = [rng.integers(1, 30000, length) for length in (3, 400, 17, 16, 1, 90)]
    types = [np.zeros_like(text) for text in texts]
    together = session.run(texts, types)
    for text, of_text, found in zip(texts, types, together, strict=True):
        ids = torch.from_numpy(text)[None]
        with torch.inference_mode():
            expected = network(ids, torch.ones_like(ids), torch.zeros_like(ids))[0].numpy()
        assert found.shape == (len(text), 32)
        assert found == pytest.approx(expected, abs=1e-4)
        assert session.run([text], [of_text])[0] == pytest.approx(found, abs=1e-4)

    quantize(tmp_path / "whole.onnx", tmp_path / "small.onnx")
    sizes = [(tmp_path / name).stat().st_size for name in ("small.onnx", "whole.onnx")]
    assert sizes[0] < sizes[1] / 3
    small = OnnxSession(tmp_path / "small.onnx").run(texts, types)
    for one, other in zip(together, small, strict=True):
        cosine = (one * other).sum() / (np.linalg.norm(one) * np.linalg.norm(other))
        assert cosine > 0.95
    apart = OnnxSession(tmp_path / "small.onnx")
    for text, of_text, found in zip(texts, types, small, strict=True):
        assert np.array_equal(apart.run([text], [of_text])[0], found)
