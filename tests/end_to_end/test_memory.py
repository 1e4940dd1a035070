"""What the bot keeps of each question is on the disk."""

from pathlib import Path

import pytest

from tests.benchmarks.memory import measure


@pytest.mark.slow
async def test_memory_does_not_grow_with_the_questions(tmp_path: Path) -> None:
    first, *_, last = await measure(tmp_path, 3_000)
    assert last < first * 1.1
