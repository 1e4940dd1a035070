"""Chats exported from Telegram: each message with who wrote it and when."""

from __future__ import annotations

import json
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers import parse
from tests.support.containers import check, headings, quotable, speakers


def message(number: int = 1, text: object = "It is.", **more: object) -> dict[str, object]:
    return {
        "id": number,
        "type": "message",
        "date": "2021-07-10T08:05:09",
        "date_unixtime": "1625904309",
        "from": "Ann Lee",
        "from_id": "user1",
        "text": text,
        "text_entities": [{"type": "plain", "text": text}],
        **more,
    }


def chat(*messages: object, **more: object) -> dict[str, object]:
    return {"name": "The team", "type": "private_group", "id": 7, "messages": messages, **more}


def export(found: object) -> Parsed:
    return check(parse("result.json", json.dumps(found, ensure_ascii=False).encode()))


class TestMessages:
    def test_each_has_its_writer_day_and_time(self) -> None:
        parsed = export(chat(message(1), message(2, "So it is.", **{"from": "Bob"})))
        assert parsed.metadata.title == "The team"
        assert parsed.metadata.published is None
        assert quotable(parsed) == ["It is.", "So it is."]
        assert speakers(parsed) == ["Ann Lee", "Bob"]
        assert parsed.entries[0].published == date(2021, 7, 10)
        assert parsed.entries[0].time == time(8, 5, 9)
        assert parsed.entries[0].url is None
        assert parsed.text == "Ann Lee\n\nIt is.\n\nBob\n\nSo it is."

    def test_text_of_pieces_is_joined_as_it_is(self) -> None:
        pieces = ["See ", {"type": "link", "text": "http://a.example"}, "\n", "and ", "wait."]
        assert quotable(export(chat(message(1, pieces)))) == ["See http://a.example", "and wait."]

    def test_captions_and_polls(self) -> None:
        poll = {"question": "When do we meet?", "answers": [{"text": "At noon", "voters": 3}]}
        parsed = export(chat(message(1, "A caption.", photo="a.jpg"), message(2, "", poll=poll)))
        assert quotable(parsed) == [
            "A caption.",
            "When do we meet?",
            "At noon: 3 votes",
        ]

    def test_service_messages_and_empty_ones_are_passed_over(self) -> None:
        service = {**message(1), "type": "service", "actor": "Ann", "action": "pin_message"}
        parsed = export(chat(service, message(2, ""), message(3, " \n"), message(4)))
        assert quotable(parsed) == ["It is."]
        assert len(parsed.entries) == 1

    def test_a_deleted_account(self) -> None:
        assert speakers(export(chat(message(**{"from": None})))) == ["Deleted account"]

    def test_a_post_of_no_account(self) -> None:
        post = message()
        del post["from"]
        assert speakers(export(chat(post))) == [None]

    def test_a_forwarded_message_is_of_its_first_writer(self) -> None:
        parsed = export(chat(message(forwarded_from="Bob")))
        assert speakers(parsed) == ["Bob"]
        assert quotable(parsed) == ["It is."]
        assert "forwarded by Ann Lee" in parsed.text

    def test_a_date_that_is_none(self) -> None:
        entry = export(chat(message(date="soon"))).entries[0]
        assert (entry.published, entry.time) == (None, None)


class TestReplies:
    def test_what_is_answered_stands_above_and_is_not_quoted(self) -> None:
        question = message(1, "When do we\nmeet? " + "And where " * 20)
        parsed = export(chat(question, message(2, "At noon.", reply_to_message_id=1)))
        above = parsed.text.split("\n\n")[-2]
        assert above.startswith("in reply to Ann Lee: When do we meet? And where")
        assert above.endswith("…")
        assert len(above) < 120
        assert quotable(parsed)[-1] == "At noon."
        assert not any("in reply to" in cut for cut in quotable(parsed))

    @pytest.mark.parametrize("reply", [{"reply_to_message_id": 99}, {"reply_to_message_id": "x"}])
    def test_one_to_a_message_that_is_gone(self, reply: dict[str, object]) -> None:
        assert "in reply" not in export(chat(message(1), message(2, **reply))).text

    def test_one_to_another_chat(self) -> None:
        reply = message(2, reply_to_message_id=1, reply_to_peer_id="channel5")
        assert "in reply" not in export(chat(message(1), reply)).text


class TestExports:
    def test_all_chats(self) -> None:
        other = {**chat(message(1, "Of another.")), "name": None}
        saved = {**chat(message(1, "A note.")), "type": "saved_messages"}
        del saved["name"]
        found = {
            "about": "Here is the data",
            "personal_information": {"first_name": "Ann"},
            "chats": {"list": [chat(message()), other]},
            "left_chats": {"list": [saved]},
        }
        parsed = export(found)
        names = ["The team", "Deleted account", "Saved Messages"]
        assert parsed.metadata.title is None
        assert quotable(parsed) == ["It is.", "Of another.", "A note."]
        assert headings(parsed) == names
        assert [entry.title for entry in parsed.entries] == names

    def test_replies_stay_in_their_chat(self) -> None:
        one, other = chat(message(1, "One.")), chat(message(2, "Two.", reply_to_message_id=1))
        assert "in reply" not in export({"chats": {"list": [one, other]}}).text

    def test_a_public_name_gives_addresses(self) -> None:
        parsed = export(chat(message(5), username="the_team"))
        assert parsed.entries[0].url == "https://t.me/the_team/5"
        assert export(chat(message(5), username="a/../b")).entries[0].url is None

    def test_a_text_of_another_shape_is_refused(self) -> None:
        with pytest.raises(DocumentError, match="message 3 has a text of a shape"):
            export(chat(message(3, ["a", 7])))

    @pytest.mark.parametrize(
        "found", [{"messages": [{"role": "user", "value": "x"}]}, {"chats": {"list": [{"a": 1}]}}]
    )
    def test_messages_of_others_are_refused(self, found: object) -> None:
        with pytest.raises(DocumentError, match="Telegram Desktop"):
            export(found)

    @given(st.lists(st.text(alphabet="ab \n\r\t\u2028é😀\x00", max_size=20), max_size=6))
    def test_any_texts_are_slices(self, texts: list[str]) -> None:
        messages = [message(at, text, **{"from": text}) for at, text in enumerate(texts)]
        parsed = export(chat(message(99), *messages))
        assert len(parsed.entries) >= 1


def test_a_topic_of_a_forum_is_the_heading_of_its_messages() -> None:
    found = {
        "name": "Village",
        "messages": [
            {"id": 1, "type": "service", "date": "", "action": "topic_created", "title": "Roads"},
            message(2, "In May.", reply_to_message_id=1),
            message(3, "Why?", reply_to_message_id=2),
            message(4, "It rains."),
        ],
    }
    parsed = parse("result.json", json.dumps(found).encode())
    assert [paragraph.heading for paragraph in parsed.paragraphs] == ["Roads", "Roads", ""]
