"""The names that `index` offers, and what it costs to import them."""

from __future__ import annotations

import subprocess
import sys

import pytest

import index
from index.library import Library
from tests.support import ROOT


def test_public_names() -> None:
    assert index.__all__ == ["Answer", "Document", "Library", "OnrecordError", "Quote", "Scope"]
    assert all(getattr(index, name).__name__ == name for name in index.__all__)
    assert index.Library is Library


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "slow"),
    [
        ("index", "faiss tantivy onnxruntime sqlalchemy torch transformers"),
        ("index.library", "torch transformers sentence_transformers scipy"),
    ],
)
def test_what_is_slow_to_import_waits(module: str, slow: str) -> None:
    program = f"import {module}, sys; print(*set({slow.split()}) & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "\n"
