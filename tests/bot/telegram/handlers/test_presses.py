"""Each press is answered, whatever becomes of it, and obeyed once."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest

from bot.storage import exchanges as presses
from bot.telegram.rendering.keyboards import read_data
from tests.botapi import FakeBotApi
from tests.support import PATIENCE_S
from tests.support.chat import SEVEN, ask, labels, outcome, press
from tests.support.library import BORDERS, StubLibrary, answered
from tests.support.running import running

EXPIRED = "I no longer know this answer. Please ask again."
TWICE = "That is here already, or on its way."


pytestmark = pytest.mark.usefixtures("folder")


async def test_a_double_press_sends_once(api: FakeBotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(api, StubLibrary(answered(*SEVEN))):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        for label in ("Context", "Show source", "More quotes"):
            before = len(ann.chat.sent)
            both = [ann.press(reply, label), ann.press(reply, label)]
            await api.wait_until(lambda both=both: all(query.answer for query in both))
            assert sorted(query.answer["text"] for query in both if query.answer) == ["", TWICE]
            await api.wait_until(lambda before=before: len(ann.chat.sent) > before)
            assert len(ann.chat.sent) == before + 1
        monkeypatch.setattr(presses, "AGAIN_AFTER_S", -1.0)
        toast, sent = await press(api, ann, reply, "Context")
    assert (toast, len(sent)) == ("", 1)


async def test_buttons_work_after_a_restart(api: FakeBotApi) -> None:
    ann = api.private_chat(1)
    async with running(api, StubLibrary(answered(*SEVEN))):
        reply = await ask(api, ann)
        await press(api, ann, reply, "Context")
    async with running(api, StubLibrary(answered(*SEVEN))):
        assert (await press(api, ann, reply, "Context"))[0] == TWICE
        assert len((await press(api, ann, reply, "More quotes"))[1]) == 1
        assert (await press(api, ann, reply, "👍 Helpful"))[0] == "Thank you. Noted as helpful."


@pytest.mark.parametrize(
    "data",
    ["context:AAAAAAAAAAAA:1", "context", "context:", "nothing:x", "", "😀" * 16, "context:x:x"],
)
async def test_an_unknown_button_says_so(api: FakeBotApi, data: str) -> None:
    async with running(api):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        toast, sent = await outcome(api, reply, ann.press_data(reply, data))
    assert toast == EXPIRED
    assert not sent


async def test_a_forged_number_says_so(api: FakeBotApi) -> None:
    async with running(api):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        data = read_data(reply.button("Context").callback_data or "")
        for number in (0, 2, 10**20):
            forged = str(replace(data, number=number)) if data else ""
            toast, sent = await outcome(api, reply, ann.press_data(reply, forged))
            assert (toast, sent) == (EXPIRED, [])


async def test_an_answer_is_open_to_its_own_chat_only(api: FakeBotApi) -> None:
    async with running(api):
        ann, bob = api.private_chat(1), api.private_chat(2)
        secret = (await ask(api, ann)).button("Context").callback_data or ""
        reply = await ask(api, bob)
        toast, sent = await outcome(api, reply, bob.press_data(reply, secret))
    assert (toast, sent) == (EXPIRED, [])


async def test_strangers_press_in_vain(api: FakeBotApi) -> None:
    group = api.group()
    ann, eve = api.private_chat(1), api.private_chat(2)
    async with running(api, allowed=frozenset({1})):
        asked = ann.send("@onrecord_bot which borders?", chat=group)
        (reply,) = await api.wait_for(group, after=asked)
        for label in ("Context", "👍 Helpful"):
            toast, sent = await press(api, eve, reply, label)
            assert (toast, sent) == ("I'm sorry, I only answer people on a list.", [])
        toast, (context,) = await press(api, ann, reply, "Context")
    assert context.reply_to is reply


async def test_a_failed_press_is_answered_and_can_be_repeated(
    api: FakeBotApi, log: io.StringIO
) -> None:
    library = StubLibrary(answered(*SEVEN))
    async with running(api, library):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        library.error = RuntimeError("cannot parse: Which borders?")
        toast, (apology,) = await press(api, ann, reply, "More quotes")
        library.error = None
        _, (second,) = await press(api, ann, reply, "More quotes")
    assert toast == ""
    assert "the button did nothing" in (apology.text or "")
    assert "RuntimeError" in log.getvalue()
    assert "Which borders" not in log.getvalue()
    assert second.entity_texts("blockquote") == [q.text for q in SEVEN[3:6]]


async def test_a_press_too_old_to_be_answered_is_obeyed(api: FakeBotApi, log: io.StringIO) -> None:
    api.fail_next("answerCallbackQuery", 400, description="Bad Request: query is too old")
    async with running(api):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        ann.press(reply, "Context")
        (context,) = await api.wait_for(ann, after=reply)
    assert context.entity_texts("bold") == [BORDERS]
    assert "Traceback" not in log.getvalue()


async def test_the_message_of_a_press_may_be_gone(api: FakeBotApi) -> None:
    async with running(api):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        query: dict[str, Any] = {
            "id": "77",
            "from": ann.user.to_json(),
            "chat_instance": "1",
            "data": reply.button("Context").callback_data,
            "message": {"message_id": 9999, "date": 0, "chat": ann.chat.to_json()},
        }
        api.push_update({"callback_query": query})
        (context,) = await api.wait_for(ann, after=reply)
    assert context.entity_texts("bold") == [BORDERS]


async def test_an_answer_that_may_have_arrived_is_found_with_its_buttons(api: FakeBotApi) -> None:
    api.fail_next("sendMessage", timeout_s=PATIENCE_S)
    async with running(api, request_timeout_s=2):
        ann = api.private_chat(1)
        ann.send("Which borders?")
        await api.wait_for(ann)
        await api.wait_until(lambda: bool(api.called("editMessageText")))
        probe = api.called("editMessageText")[0]
    assert probe.status == 400
    (reply,) = ann.chat.sent
    assert labels(reply) == [
        "Context",
        "Show source",
        "👍 Helpful",
        "👎 Not it",
        "Certificate",
        "Keep",
    ]
