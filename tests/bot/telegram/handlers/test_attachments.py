"""Messages that are no questions get one helpful line."""

import pytest

from bot.texts.notices import ATTACHMENTS
from tests.botapi import FakeBotApi
from tests.support.chat import quotes, text_of
from tests.support.library import ScriptedLibrary
from tests.support.running import running

pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.parametrize("kind", sorted(set(ATTACHMENTS)))
async def test_each_kind_of_attachment_gets_its_line(api: FakeBotApi, kind: str) -> None:
    file = {"file_id": "BQACAgIAAxk1", "file_unique_id": "AgAD1"}
    timed = file | {"duration": 3}
    size = {"width": 9, "height": 9}
    user = {"id": 1, "is_bot": False, "first_name": "Ann"}
    place = {"latitude": 34.3, "longitude": 62.2}
    values: dict[str, object] = {
        "photo": [file | size],
        "audio": timed,
        "voice": timed,
        "video": timed | size,
        "animation": timed | size,
        "sticker": file | size | {"type": "regular", "is_animated": False, "is_video": False},
        "video_note": timed | {"length": 9},
        "location": place,
        "venue": {"location": place, "title": "Herat", "address": "1"},
        "contact": {"phone_number": "1", "first_name": user["first_name"]},
        "dice": {"emoji": "🎲", "value": 3},
        "poll": {
            "id": "1",
            "question": "Which borders?",
            "options": [{"text": "Iran", "voter_count": 0, "persistent_id": "1"}],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        },
    }
    async with running(api) as library:
        ann = api.private_chat(1)
        sent = ann.send_media(kind, values.get(kind, file))
        (reply,) = await api.wait_for(ann, after=sent)
    assert text_of(reply) == ATTACHMENTS[kind]
    assert not library.asked


async def test_a_caption_that_is_a_question_is_answered(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        sent = ann.send_photo(caption="Who fled?")
        (reply,) = await api.wait_for(ann, after=sent)
        assert quotes(reply) == ["A thousand people fled."]
        ann.edit(sent, "Who spoke?")
        await api.wait_until(lambda: quotes(reply) == ["A spokesman spoke."])
        sent = ann.send_photo(caption="Our cat")
        (reply,) = await api.wait_for(ann, after=sent)
    assert text_of(reply) == ATTACHMENTS["photo"]


async def test_nothing_asked_is_told_kindly(api: FakeBotApi) -> None:
    async with running(api) as library:
        ann, group = api.private_chat(1), api.group()
        asked = ann.send("@onrecord_bot", chat=group)
        (reply,) = await api.wait_for(group, after=asked)
        assert "Please write it behind @onrecord_bot" in text_of(reply)
        asked = ann.send("/ask")
        (reply,) = await api.wait_for(ann, after=asked)
        assert "Please write it behind /ask" in text_of(reply)
    assert not library.asked
