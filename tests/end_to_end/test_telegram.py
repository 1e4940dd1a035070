"""The real application talks over HTTP to a server with Telegram's rules."""

import asyncio
import io
import re
import signal
from pathlib import Path

import pytest

from bot.telegram.commands import PUBLIC_COMMANDS
from index.answering.quote_check import Finding, Verdict
from index.answering.verification import State
from tests.botapi import FakeBotApi
from tests.support import PATIENCE_S
from tests.support.chat import busy_with, labels, press, text_of
from tests.support.library import (
    BORDERS,
    EXAMPLES,
    StubLibrary,
    abstained,
    answered,
    document,
    quote,
    verification,
)
from tests.support.running import introduced, running, spawn

SOURCE = "Taliban seize a key district · 10 July 2021 · ¶ 2 · “In the past week”: 3–10 Jul 2021"
HOSTILE = '<b>&"</b></blockquote> 😀 [/bold] &amp; *a* _b_'


pytestmark = pytest.mark.usefixtures("folder")


async def logged(log: io.StringIO, text: str) -> None:
    """Wait until the bot has logged it."""
    async with asyncio.timeout(PATIENCE_S):
        while text not in log.getvalue():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_start(api: FakeBotApi) -> None:
    async with running(api):
        ann = api.private_chat(1)
        ann.send("/start payload")
        (reply,) = await api.wait_for(ann)
        assert labels(reply) == list(EXAMPLES)
        _toast, (answer,) = await press(api, ann, reply, EXAMPLES[0])
    for part in ("1,204 documents", "31 December 2021", "machine"):
        assert part in text_of(reply)
    assert text_of(answer).startswith(EXAMPLES[0])
    assert answer.entity_texts("blockquote") == [BORDERS]


async def test_help_and_sources(api: FakeBotApi) -> None:
    async with running(api):
        ann = api.private_chat(1)
        asked = ann.send("/help")
        (reply,) = await api.wait_for(ann)
        assert all(f"/{name}" in text_of(reply) for name in PUBLIC_COMMANDS)
        asked = ann.send("/sources")
        (reply,) = await api.wait_for(ann, after=asked)
        assert "• Taliban seize a key district · 10 July 2021" in text_of(reply)
        asked = ann.send("/sourcse")
        (reply,) = await api.wait_for(ann, after=asked)
        assert "/help" in text_of(reply)


async def test_a_question(api: FakeBotApi) -> None:
    async with running(api) as library:
        ann = api.private_chat(1)
        ann.send("Which borders?")
        (reply,) = await api.wait_for(ann)
    assert library.asked == ["Which borders?"]
    assert reply.entity_texts("blockquote") == [BORDERS]
    assert reply.entity_texts("bold") == ["Iran, Tajikistan"]
    assert text_of(reply) == f"{BORDERS}\n{SOURCE}"
    assert reply.reply_to is None
    assert reply.link_preview_options == {"is_disabled": True}


async def test_an_abstention(api: FakeBotApi) -> None:
    async with running(api, StubLibrary(abstained(quote()))):
        ann = api.private_chat(1)
        ann.send("Who won the cup?")
        (reply,) = await api.wait_for(ann)
    assert text_of(reply).startswith("I can't find this in the documents.")
    assert reply.entity_texts("blockquote") == [BORDERS]


async def test_typing_comes_first(api: FakeBotApi) -> None:
    library = StubLibrary()
    library.free.clear()
    async with running(api, library):
        people = [api.private_chat(n) for n in range(1, 21)]
        for person in people:
            person.send("Which borders?")
        await api.wait_until(lambda: all(person.chat.actions for person in people))
        assert not api.called("sendMessage")
        library.free.set()
        for person in people:
            await api.wait_for(person)


async def test_an_answer_does_not_need_the_typing_action(api: FakeBotApi) -> None:
    api.fail_next("sendChatAction", 502, times=100)
    async with running(api):
        ann = api.private_chat(1)
        ann.send("Which borders?")
        await api.wait_for(ann)


async def test_a_group_hears_only_what_was_asked_of_the_bot(api: FakeBotApi) -> None:
    api.world.privacy_mode = False
    async with running(api) as library:
        ann, bob = api.private_chat(1), api.private_chat(2)
        group = api.group()
        ann.send("Lunch?", chat=group)
        ann.send("/help@other_bot", chat=group)
        ann.send("/roll", chat=group)
        ann.send("@other_bot which borders?", chat=group)
        ann.send_photo(chat=group)
        ann.send("See above", chat=group, reply_to=bob.send("Yes", chat=group))
        asked = ann.send("Hey @Onrecord_Bot, which borders?", chat=group)
        (reply,) = await api.wait_for(group)
        assert library.asked == ["Hey which borders?"]
        assert reply.reply_to is asked

        asked = bob.send("Who denied the reports?", chat=group, reply_to=reply)
        (reply,) = await api.wait_for(group, after=asked)
        assert library.asked[1:] == ["Who denied the reports?"]
        assert reply.reply_to is asked

        asked = ann.send("/sources@onrecord_bot", chat=group)
        (reply,) = await api.wait_for(group, after=asked)
        assert "Taliban seize" in text_of(reply)
    assert len(group.sent) == 3


async def test_a_question_deleted_meanwhile_is_answered(api: FakeBotApi) -> None:
    library = StubLibrary()
    library.free.clear()
    async with running(api, library):
        group = api.group()
        asked = api.private_chat(1).send("@onrecord_bot which borders?", chat=group)
        await api.wait_until(lambda: bool(group.actions))
        del group.messages[asked.message_id]
        library.free.set()
        (reply,) = await api.wait_for(group)
    assert reply.reply_to is None


async def test_only_new_messages_of_people_are_answered(api: FakeBotApi) -> None:
    async with running(api) as library:
        ann = api.private_chat(1)
        asked = ann.send("Which borders?")
        await api.wait_for(ann)
        ann.edit(asked, "Which borders?")
        channel = {"id": -1002, "type": "channel", "title": "News"}
        api.push_update(
            {"channel_post": {"message_id": 5, "date": 1, "chat": channel, "text": "A"}}
        )
        robot = {"id": 7, "is_bot": True, "first_name": "Robot"}
        chat = {"id": 1, "type": "private", "first_name": "Ann"}
        api.push_update(
            {"message": {"message_id": 9, "date": 1, "chat": chat, "from": robot, "text": "Beep"}}
        )
        asked = ann.send("And then?")
        await api.wait_for(ann, after=asked)
    assert library.asked == ["Which borders?", "And then?"]


async def test_attachments_are_declined_in_private_only(api: FakeBotApi) -> None:
    async with running(api):
        ann = api.private_chat(1)
        group = api.group()
        ann.send_photo(chat=group)
        ann.send_document("a.txt", b"a", chat=group)
        for send in (ann.send_photo, ann.send_sticker, ann.send_voice):
            sent = send()
            (reply,) = await api.wait_for(ann, after=sent)
            assert re.search(r"^I got .* type (the|a) question[.;]|type one\.$", text_of(reply))
    assert not group.sent


async def test_a_long_answer_comes_in_order(api: FakeBotApi) -> None:
    texts = [f"{letter * 1499}." for letter in "abc"]
    async with running(api, StubLibrary(answered(*map(quote, texts)))):
        ann = api.private_chat(1)
        ann.send("Which borders?")
        replies = await api.wait_for(ann, 2)
    assert [reply.entity_texts("expandable_blockquote") for reply in replies] == [
        texts[:2],
        texts[2:],
    ]


async def test_markup_in_documents_stays_text(api: FakeBotApi) -> None:
    source = document(title=None, path=f"news/{HOSTILE.replace('/', '')}.md")
    library = StubLibrary(answered(quote(HOSTILE, '&"', source=source, speaker=HOSTILE)))
    async with running(api, library):
        ann = api.private_chat(1)
        ann.send(f"Who wrote {HOSTILE}?")
        (reply,) = await api.wait_for(ann)
    assert library.asked == [f"Who wrote {HOSTILE}?"]
    assert reply.entity_texts("blockquote") == [HOSTILE]
    assert reply.entity_texts("bold") == ['&"']
    # A file without a title is named by its words, free of what looks like markup or a link.
    assert f"\n— {HOSTILE}, in b b blockquote bold amp a b · " in text_of(reply)


@pytest.mark.parametrize("status", [429, 500, 502])
async def test_a_passing_failure_costs_no_answer(api: FakeBotApi, status: int) -> None:
    async with running(api):
        ann = api.private_chat(1)
        api.fail_next("sendMessage", status, times=1 if status == 429 else 3)
        ann.send("Which borders?")
        (reply,) = await api.wait_for(ann)
    assert reply.entity_texts("blockquote") == [BORDERS]


@pytest.mark.parametrize("lost", [False, True])
async def test_a_message_that_timed_out_comes_once(api: FakeBotApi, lost: bool) -> None:
    async with running(api, request_timeout_s=2):
        ann, bob = api.private_chat(1), api.private_chat(2)
        api.fail_next("sendMessage", timeout_s=PATIENCE_S, lost=lost, chat_id=ann.id)
        ann.send("Which borders?")
        bob.send("And which others?")
        await api.wait_for(bob)
        ann.send("And then?")
        await api.wait_for(ann, 2)
    assert len(ann.chat.sent) == 2
    assert [message.entity_texts("blockquote") for message in ann.chat.sent] == [[BORDERS]] * 2
    assert len(api.called("sendMessage")) == 3 + lost


async def test_a_user_who_blocked_the_bot_is_no_error(api: FakeBotApi, log: io.StringIO) -> None:
    library = StubLibrary()
    library.free.clear()
    async with running(api, library):
        ann = api.private_chat(1)
        ann.send("Which borders?")
        await api.wait_until(lambda: bool(ann.chat.actions))
        ann.block()
        library.free.set()
        await logged(log, "closed to the bot")
    assert len(api.called("sendMessage")) == 1
    assert "ERROR" not in log.getvalue()


async def test_a_full_queue_says_so(api: FakeBotApi) -> None:
    library = StubLibrary()
    library.free.clear()
    async with running(api, library, queue_size=2):
        people = [api.private_chat(n) for n in range(1, 4)]
        for person in people:
            person.send(f"Which borders, {person.id}?")
        await busy_with(api, len(people))
        late = api.private_chat(4)
        late.send("And then?")
        (reply,) = await api.wait_for(late)
        assert text_of(reply) == "I'm busy: 2 questions are waiting. Please ask again in a minute."
        library.free.set()
        for person in people:
            (reply,) = await api.wait_for(person)
            assert reply.entity_texts("blockquote") == [BORDERS]


async def test_an_error_is_told_under_a_reference(api: FakeBotApi, log: io.StringIO) -> None:
    question = "Which borders were reached?"
    library = StubLibrary(error=RuntimeError(f"{api.base_url}{api.token}/x: no {question!r}"))
    async with running(api, library):
        ann = api.private_chat(1)
        ann.send(question)
        (reply,) = await api.wait_for(ann)
    found = re.search(r"not answered.*reference: ([0-9a-f]{8})$", text_of(reply))
    assert found is not None
    assert f"reference {found[1]}" in log.getvalue()
    assert "RuntimeError: http" in log.getvalue()
    assert api.token.partition(":")[2] not in log.getvalue()
    assert question not in log.getvalue()


async def test_only_those_on_the_list_are_answered(api: FakeBotApi) -> None:
    async with running(api, allowed={1, -1001000000002}) as library:
        ann, bob = api.private_chat(1), api.private_chat(22)
        closed, opened = api.group(), api.group(-1001000000002)
        bob.send("@onrecord_bot which borders?", chat=closed)
        bob.send("Which borders?")
        (reply,) = await api.wait_for(bob)
        assert "your id: 22" in text_of(reply)
        photo = api.private_chat(23).send_photo()
        (reply,) = await api.wait_for(photo.chat, after=photo)
        assert "your id: 23" in text_of(reply)
        bob.send("@onrecord_bot who denied it?", chat=opened)
        await api.wait_for(opened)
        ann.send("And then?")
        await api.wait_for(ann)
    assert sorted(library.asked) == ["And then?", "who denied it?"]
    assert not closed.sent
    assert not closed.actions


async def test_the_bot_introduces_itself(api: FakeBotApi) -> None:
    async with running(api):
        await introduced(api)
    assert api.called("setMyCommands")
    assert all(api.world.descriptions[name, ""] for name in ("description", "short_description"))


async def test_the_bot_works_without_an_introduction(api: FakeBotApi, log: io.StringIO) -> None:
    api.fail_next("setMyCommands", 502)
    async with running(api):
        ann = api.private_chat(1)
        ann.send("Which borders?")
        await api.wait_for(ann)
    assert "WARNING bot.telegram.profile: the commands" in log.getvalue()


async def test_the_process_survives_outages_and_ends_in_peace(
    api: FakeBotApi, folder: Path
) -> None:
    api.fail_next("getMe", 502)
    process = await spawn(api, folder)
    ann = api.private_chat(1)
    ann.send("Which borders?")
    await api.wait_for(ann)
    api.fail_next("getUpdates", 502)
    for text in ("And then?", "And before?"):
        asked = ann.send(text)
        await api.wait_for(ann, after=asked)
    process.send_signal(signal.SIGTERM)
    _, log = await process.communicate()
    assert process.returncode == 0
    assert "answering as @onrecord_bot" in log.decode()
    assert "WARNING bot.telegram.receiving.polling: Telegram is out of reach" in log.decode()
    assert "Traceback" not in log.decode()
    assert api.token.partition(":")[2] not in log.decode()


async def test_a_refused_token_ends_the_process_with_one_line(
    api: FakeBotApi, folder: Path
) -> None:
    process = await spawn(api, folder, token="1:AAWrong")
    _, log = await process.communicate()
    assert process.returncode == 1
    connecting, error = log.decode().splitlines()
    assert "connecting to http" in connecting
    assert "TELEGRAM_BOT_TOKEN" in error
    assert "@BotFather" in error


async def test_a_sentence_is_checked_and_a_quote_verified(api: FakeBotApi) -> None:
    library = StubLibrary(
        findings=[Finding(BORDERS, Verdict.EXACT, quote())],
        verification=verification(State.UNCHANGED, quote()),
    )
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send(f"/check {BORDERS}")
        (reply,) = await api.wait_for(ann, after=asked)
        assert SOURCE in text_of(reply)
        asked = ann.send("/verify 7K3M-Q2XA-90VB")
        (reply,) = await api.wait_for(ann, after=asked)
        assert BORDERS in text_of(reply)
    assert library.checked == [BORDERS]
