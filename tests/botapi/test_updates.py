"""Updates are polled, confirmed and hidden as Telegram does it."""

import asyncio
import json

import httpx
import pytest
from telegram.error import BadRequest
from telegram.ext import ExtBot

from tests.botapi import FakeBotApi
from tests.botapi.client import call


async def test_refusals_have_the_real_shape(api: FakeBotApi) -> None:
    not_found = {"ok": False, "error_code": 404, "description": "Not Found"}
    assert (await call(api, "makeCoffee")).json() == not_found
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{api.root}/")).json() == not_found
        wrong = await client.get(f"{api.base_url}1:wrong/getMe")
    assert wrong.status_code == 401
    assert wrong.json()["description"] == "Unauthorized"


async def test_an_offset_confirms(api: FakeBotApi) -> None:
    ann = api.private_chat(1)
    for text in "abcd":
        ann.send(text)
    first, second, *_ = (await call(api, "getUpdates", limit=3)).json()["result"]
    assert len((await call(api, "getUpdates")).json()["result"]) == 4
    rest = (await call(api, "getUpdates", offset=second["update_id"])).json()["result"]
    assert [update["message"]["text"] for update in rest] == ["b", "c", "d"]
    assert first["update_id"] + 1 == second["update_id"]
    (last,) = (await call(api, "getUpdates", offset=-1)).json()["result"]
    assert last["message"]["text"] == "d"
    assert (await call(api, "getUpdates", offset=last["update_id"] + 1)).json()["result"] == []


async def test_a_second_poller_ends_the_first(api: FakeBotApi) -> None:
    first = asyncio.create_task(call(api, "getUpdates", timeout=30))
    await api.polled()
    second = asyncio.create_task(call(api, "getUpdates", timeout=30))
    answer = await first
    assert answer.status_code == 409
    assert "terminated by other getUpdates request" in answer.json()["description"]
    api.private_chat(1).send("hello")
    assert len((await second).json()["result"]) == 1


async def test_a_dropped_poll_loses_nothing(api: FakeBotApi) -> None:
    dropped = asyncio.create_task(call(api, "getUpdates", timeout=30))
    await api.polled()
    dropped.cancel()
    await api.wait_until(lambda: len(api.called("getUpdates")) == 1)
    api.private_chat(1).send("hello")
    for _ in range(2):
        assert len((await call(api, "getUpdates")).json()["result"]) == 1


async def test_an_open_poll_ends_with_the_server() -> None:
    async with FakeBotApi() as api:
        poll = asyncio.create_task(call(api, "getUpdates", timeout=30))
        await api.polled()
    with pytest.raises(httpx.RemoteProtocolError):
        await poll


async def test_half_a_surrogate_pair_is_refused(api: FakeBotApi) -> None:
    api.private_chat(1)
    for params in ({"text": "\ud83d"}, {"text": "a", "reply_parameters": {"quote": "\ud83d"}}):
        body = json.dumps({"chat_id": 1, **params})
        async with httpx.AsyncClient(verify=False) as client:
            url = f"{api.base_url}{api.token}/sendMessage"
            headers = {"Content-Type": "application/json"}
            answer = await client.post(url, content=body, headers=headers)
        assert answer.json()["description"] == "Bad Request: strings must be encoded in UTF-8"


async def test_a_poll_needs_the_webhook_gone(api: FakeBotApi) -> None:
    await call(api, "setWebhook", url="https://example.com/hook")
    assert (await call(api, "getUpdates")).status_code == 409
    api.private_chat(1).send("hello")
    assert (await call(api, "getWebhookInfo")).json()["result"]["pending_update_count"] == 1
    await call(api, "deleteWebhook", drop_pending_updates=True)
    assert (await call(api, "getUpdates")).json()["result"] == []


async def test_only_allowed_updates_are_queued(api: FakeBotApi) -> None:
    ann = api.private_chat(1)
    await call(api, "getUpdates", allowed_updates=["callback_query"])
    ann.send("unseen")
    ann.press_data(ann.send("unseen"), "x")
    (update,) = (await call(api, "getUpdates")).json()["result"]
    assert update["callback_query"]["data"] == "x"


@pytest.mark.parametrize("privacy_mode", [True, False])
async def test_privacy_mode_hides_chatter(privacy_mode: bool) -> None:
    addressed = ["/ask", "/ask@onrecord_bot a", "hi @OnRecord_bot"]
    chatter = ["chatter", "/ask@other_bot"]
    async with FakeBotApi(privacy_mode=privacy_mode) as api:
        ann, group = api.private_chat(1), api.group()
        await call(api, "sendMessage", chat_id=group.id, text="hello")
        for text in addressed + chatter:
            ann.send(text, chat=group)
        ann.send("thanks", chat=group, reply_to=group.sent[0])
        updates = (await call(api, "getUpdates")).json()["result"]
    seen = addressed if privacy_mode else addressed + chatter
    assert [update["message"]["text"] for update in updates] == [*seen, "thanks"]


async def test_every_kind_of_message_is_understood(api: FakeBotApi, bot: ExtBot[None]) -> None:
    ann, group = api.private_chat(1), api.group(bot_status="left")
    ann.edit(ann.send("a"), "b")
    ann.send_photo(caption="@ann")
    ann.send_voice()
    ann.send_sticker()
    ann.add_bot(group)
    ann.remove_bot(group)
    ann.block()
    updates = await bot.get_updates()
    assert [update.update_id - updates[0].update_id for update in updates] == list(range(9))
    edited, photo, voice, sticker = updates[1:5]
    assert edited.edited_message is not None
    assert edited.edited_message.text == "b"
    assert photo.message is not None
    assert photo.message.photo
    assert voice.message is not None
    assert voice.message.voice
    assert sticker.message is not None
    assert sticker.message.sticker
    assert updates[5].my_chat_member is not None
    assert updates[5].my_chat_member.new_chat_member.status == "member"


async def test_topics_and_threads(api: FakeBotApi, bot: ExtBot[None]) -> None:
    ann, forum, group = api.private_chat(1), api.group(), api.group(-1001000000002)
    api.world.privacy_mode = False
    topic = ann.open_topic(forum)
    inside, general = ann.send("a", chat=forum, topic=topic), ann.send("b", chat=forum)
    ann.send("d", chat=group, reply_to=ann.send("c", chat=group))
    opened, first, *others = [update.message for update in await bot.get_updates()]
    assert opened is not None
    assert first is not None
    assert opened.forum_topic_created is not None
    assert first.reply_to_message is not None
    assert first.reply_to_message.message_id == first.message_thread_id == topic
    assert first.is_topic_message
    threads = [(found.message_thread_id, found.is_topic_message) for found in others if found]
    assert threads == [(None, None), (None, None), (1, None)]
    for target in (inside, general):
        await bot.send_message(forum.id, "e", reply_to_message_id=target.message_id)
    assert [sent.thread_id for sent in forum.sent] == [topic, None]
    for chat, thread in ((group, 1), (forum, 99)):
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(chat.id, "f", message_thread_id=thread)


async def test_posts_in_a_channel_are_no_messages(api: FakeBotApi, bot: ExtBot[None]) -> None:
    ann, channel = api.private_chat(1), api.channel()
    ann.edit(ann.send("a", chat=channel), "b")
    post, edited = await bot.get_updates()
    assert post.channel_post is not None
    assert post.channel_post.from_user is None
    assert edited.edited_channel_post is not None
    assert edited.edited_channel_post.text == "b"
