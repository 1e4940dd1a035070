"""What the bot keeps of each question is on the disk."""

from pathlib import Path

import pytest

from tests.benchmarks.memory import measure


@pytest.mark.slow
@pytest.mark.soak
async def test_memory_does_not_grow_with_the_questions(tmp_path: Path, soak: bool) -> None:
    first, *_, last = await measure(tmp_path, 10_000 if soak else 1_000, 1_000 if soak else 250)
    assert last < first * 1.1
