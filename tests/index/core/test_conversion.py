"""Whoever waits for a conversion is told that it begins, and why it fails."""

from __future__ import annotations

from contextvars import copy_context
from pathlib import Path

import pytest

from index.core.conversion import convert_apart, when_it_begins
from index.core.errors import ModelError


@pytest.mark.slow
def test_it_tells_when_it_begins(tmp_path: Path) -> None:
    told: list[str] = []

    def convert() -> None:
        when_it_begins(lambda: told.append("begins"))
        convert_apart("index.models.no_such_module", tmp_path / "a.onnx", needs="nothing")

    with pytest.raises(ModelError, match="No module named"):
        copy_context().run(convert)
    assert told == ["begins"]
    with pytest.raises(ModelError, match="it takes nothing"):
        convert_apart("index.models.no_such_module", tmp_path / "a.onnx", needs="nothing")
    assert told == ["begins"]
