"""One question after another, and no more than fit the queue."""

import asyncio
import threading

import pytest

from bot.errors import BusyError
from bot.scheduling.inference import Inference
from tests.support import PATIENCE_S


async def test_questions_run_in_order_on_one_thread() -> None:
    inference = Inference(max_waiting=9)
    ran: list[tuple[str, int]] = []

    def note(text: str) -> None:
        ran.append((text, threading.get_ident()))

    await asyncio.gather(*(inference.run(note, text) for text in "abc"))
    assert [text for text, _ in ran] == ["a", "b", "c"]
    assert len({thread for _, thread in ran} - {threading.get_ident()}) == 1
    inference.close()


async def test_a_full_queue_refuses_and_recovers() -> None:
    inference = Inference(max_waiting=1)
    free = threading.Event()

    def wait(text: str) -> str:
        assert free.wait(PATIENCE_S)
        return text

    accepted = [asyncio.create_task(inference.run(wait, text)) for text in "ab"]
    await asyncio.sleep(0)
    with pytest.raises(BusyError, match="1 question is waiting"):
        await inference.run(wait, "c")
    free.set()
    assert await asyncio.gather(*accepted) == ["a", "b"]
    assert await inference.run(wait, "d") == "d"
    inference.close()


async def test_an_error_frees_its_place() -> None:
    inference = Inference(max_waiting=0)
    for _ in range(2):
        with pytest.raises(ValueError, match="could not convert"):
            await inference.run(float, "a")
    assert inference.waiting == 0
    inference.close()


async def test_the_next_waits_for_a_function_whose_caller_is_cancelled() -> None:
    inference = Inference(max_waiting=9)
    free, begun = threading.Event(), list[str]()

    def wait(text: str) -> str:
        assert free.wait(PATIENCE_S)
        return text

    first = asyncio.create_task(inference.run(wait, "a"))
    await asyncio.sleep(0)
    skipped = asyncio.create_task(inference.run(wait, "b", begins=lambda: begun.append("b")))
    second = asyncio.create_task(inference.run(wait, "c", begins=lambda: begun.append("c")))
    await asyncio.sleep(0)
    first.cancel()
    skipped.cancel()
    await asyncio.wait([first, skipped])
    assert first.cancelled()
    assert skipped.cancelled()
    assert begun == []
    free.set()
    assert await second == "c"
    assert begun == ["c"]
    inference.close()


async def test_after_the_end_no_other_starts() -> None:
    inference = Inference(max_waiting=9)
    free = threading.Event()
    first = asyncio.create_task(inference.run(lambda _: free.wait(PATIENCE_S), "a"))
    await asyncio.sleep(0)
    second = asyncio.create_task(inference.run(str, "b"))
    await asyncio.sleep(0)
    inference.close()
    await asyncio.wait([second])
    assert second.cancelled()
    free.set()
    assert await first


async def test_an_error_before_its_turn_frees_the_turn() -> None:
    inference = Inference(max_waiting=0)

    def fail() -> None:
        raise ValueError("no disk")

    with pytest.raises(ValueError, match="no disk"):
        await inference.run(str, "a", begins=fail)
    assert await inference.run(str, "b") == "b"
    inference.close()
