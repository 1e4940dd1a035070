"""Many questions at once: shared, remembered, counted, and refused with a reason."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from bot.conversation.conversation import Conversation
from bot.conversation.questions import Request
from bot.conversation.replies import AnswerReply, Reply
from bot.errors import BusyError
from bot.scheduling.answers import MAX_RECENT, Answers
from bot.scheduling.inference import Inference
from bot.scheduling.quota import MAX_REMEMBERED, Quota
from tests.benchmarks.load import measure
from tests.botapi import FakeBotApi
from tests.support import PATIENCE_S
from tests.support.library import StubLibrary
from tests.support.running import running


def answers_of(library: StubLibrary, max_waiting: int = 9) -> Answers:
    return Answers(Conversation(library), Inference(max_waiting))


async def reply(answers: Answers, text: str) -> Reply:
    return await asyncio.shield(answers.submit(Request.read(text)))


async def begun(library: StubLibrary) -> None:
    """Wait until a question is being answered, which is held back."""
    async with asyncio.timeout(PATIENCE_S):
        while not library.asked:  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def test_a_question_that_is_being_answered_is_shared() -> None:
    library = StubLibrary()
    library.free.clear()
    answers = answers_of(library, max_waiting=0)
    asking = [asyncio.create_task(reply(answers, text)) for text in ("Who?", " Who?\n", "Who?")]
    await begun(library)
    with pytest.raises(BusyError):
        await reply(answers, "Who else?")
    asking[0].cancel()
    library.free.set()
    assert await asking[1] == await asking[2]
    assert library.asked == ["Who?"]
    answers.inference.close()


@pytest.mark.slow
async def test_a_recent_answer_is_given_again_until_the_index_changes() -> None:
    library = StubLibrary()
    answers = answers_of(library)
    for _ in range(3):
        assert isinstance(await reply(answers, "Who?"), AnswerReply)
        assert answers.position(Request.read("Who?")) == 0
    assert library.asked == ["Who?"]
    library.index_revision += 1
    await reply(answers, "Who?")
    assert library.asked == ["Who?"] * 2
    for number in range(MAX_RECENT):
        await reply(answers, f"Who is {number}?")
    await reply(answers, "Who?")
    assert len(library.asked) == MAX_RECENT + 3
    answers.inference.close()


async def test_an_answer_from_an_index_that_changed_meanwhile_is_not_kept() -> None:
    library = StubLibrary()
    library.free.clear()
    answers = answers_of(library)
    old = asyncio.create_task(reply(answers, "Who?"))
    await begun(library)
    library.index_revision += 1
    new = asyncio.create_task(reply(answers, "Who?"))
    await asyncio.sleep(0)
    library.free.set()
    await asyncio.gather(old, new)
    assert library.asked == ["Who?"] * 2
    answers.inference.close()


async def test_an_error_is_not_kept() -> None:
    library = StubLibrary(error=RuntimeError("broken"))
    answers = answers_of(library)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            await reply(answers, "Who?")
    library.error = None
    await reply(answers, "Who?")
    assert len(library.asked) == 3
    answers.inference.close()


async def test_the_patient_wait_also_for_a_full_queue() -> None:
    free = threading.Event()
    inference = Inference(max_waiting=0)

    def wait(text: str) -> str:
        assert free.wait(PATIENCE_S)
        return text

    first = asyncio.create_task(inference.run(wait, "a"))
    await asyncio.sleep(0)
    patient = asyncio.create_task(inference.run(wait, "b", patient=True))
    await asyncio.sleep(0)
    assert inference.waiting == 1
    free.set()
    assert await asyncio.gather(first, patient) == ["a", "b"]
    inference.close()


def test_a_quota_is_a_sliding_minute() -> None:
    now = 0.0
    quota = Quota(2, clock=lambda: now)
    assert [quota.take(1), quota.take(2), quota.take(1)] == [0, 0, 0]
    now = 40.0
    assert quota.take(1) == 20
    assert quota.take(2) == 0
    now = 60.0
    assert quota.take(1) == 0
    for user_id in range(10, 12 + MAX_REMEMBERED):
        quota.take(user_id)
    now = 200.0
    quota.take(1)
    assert len(quota.asked) == 1


async def test_who_asks_too_often_is_told_for_how_long_to_wait(
    api: FakeBotApi, tmp_path: Path
) -> None:
    async with running(api, folder=tmp_path, questions_per_minute=2) as library:
        ann, bob = api.private_chat(1), api.private_chat(2)
        for number in range(3):
            asked = ann.send(f"Question {number}?")
            (message,) = await api.wait_for(ann, after=asked)
        bob.send("Question 3?")
        await api.wait_for(bob)
    assert message.text is not None
    assert message.text.startswith("I answer 2 questions a minute. Please ask again in ")
    assert message.reply_to is asked
    assert library.asked == ["Question 0?", "Question 1?", "Question 3?"]


async def test_who_has_too_many_waiting_is_told_at_once(api: FakeBotApi, tmp_path: Path) -> None:
    library = StubLibrary(echo=True)
    library.free.clear()
    async with running(api, library, tmp_path, waiting_per_user=2):
        ann = api.private_chat(1)
        first, _, third = (ann.send(f"Question {n}?") for n in range(3))
        (refusal,) = await api.wait_for(ann, after=first)
        assert refusal.text == (
            "You have 2 questions waiting. Please ask this again when they are answered."
        )
        assert refusal.reply_to is third
        library.free.set()
        await api.wait_for(ann, 3)
        ann.send("Question 3?")
        await api.wait_for(ann, 4)
    assert library.asked == ["Question 0?", "Question 1?", "Question 3?"]


async def test_a_long_line_is_announced(api: FakeBotApi, tmp_path: Path) -> None:
    library = StubLibrary(echo=True)
    library.free.clear()
    async with running(api, library, tmp_path, long_line=2):
        people = [api.private_chat(n) for n in range(1, 4)]
        for person in people:
            person.send(f"Question of {person.id}?")
        last = people[-1]
        (notice,) = await api.wait_for(last)
        assert notice.text == ("I'm busy: you are number 2 in line. Your answer will come here.")
        library.free.set()
        await api.wait_for(last, 2)
        await api.wait_for(people[1])
    assert [len(person.chat.sent) for person in people] == [1, 1, 2]
    assert last.chat.sent[1].entity_texts("blockquote") == ["Question of 3?"]


@pytest.mark.slow
@pytest.mark.soak
async def test_nobody_in_a_rush_is_left_without_a_word(tmp_path: Path, soak: bool) -> None:
    rate, seconds = (60, 10) if soak else (30, 2)
    # How many are refused depends on the machine.
    *_, unanswered = await measure(tmp_path, "0.005", rate, seconds)
    assert unanswered == "0"
