"""Rows that belong to a user are deleted from every table, and their words from the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from bot.settings import BotSettings
from bot.storage.access import Access, Grant
from bot.storage.chats import Chats
from bot.storage.erasure import KEPT, Forgetting
from bot.storage.messages import Outbox
from bot.storage.schema import schema, updates
from bot.storage.updates import Inbox
from index.store.database import writing

SECRET = "Which zanzibarine borders?"
PAYLOAD = {"text": "Yes.", "entities": []}


def message(number: int, user_id: int, chat_id: int, **more: Any) -> dict[str, Any]:
    chat = {"id": chat_id, "type": "private" if chat_id > 0 else "supergroup"}
    body = {"message_id": number, "chat": chat, "from": {"id": user_id}, "text": SECRET}
    return {"update_id": number, "message": body | more}


def words_in(folder: Path) -> bytes:
    """Return all that the files of the bot's database hold."""
    return b"".join(file.read_bytes() for file in folder.glob("bot.db*"))


NAMELESS = {"introductions", "linked_questions", "replicas", "changes"}


class TestForgetting:
    def test_others_rights_and_silence_stay(self, engine: Engine) -> None:
        inbox, outbox = Inbox(engine), Outbox(engine)
        access, chats = Access(engine, BotSettings(_env_file=None)), Chats(engine)
        access.give(1, 22, Grant.ADMIN)
        access.give(22, 5, Grant.QUESTIONS)
        chats.hush(22)
        inbox.put([message(1, 22, 22), message(2, 5, 5), message(3, 5, -5), message(4, 22, 22)])
        for number in (1, 2, 3):
            outbox.plan(number, 22 if number == 1 else 5, [PAYLOAD])
            inbox.finish(number)
        for letter in outbox.unsent(1) or []:
            outbox.mark_sent(letter.id, 9)
        assert Forgetting(engine).forget(22, 4)["updates"] == 1
        assert Inbox(engine).counts() == {"forgotten": 1, "answered": 2, "waiting": 1}
        assert [received.update_id for received in inbox.unanswered()] == [4]
        assert Chats(engine).is_quiet(22)
        assert Access(engine, BotSettings(_env_file=None)).has(22, Grant.ADMIN)
        assert len(access.acts(9)) == 2

    @pytest.mark.file
    def test_every_table_is_forgotten_or_kept_on_purpose(self, engine: Engine) -> None:
        """A new table with a user's id is covered without being named anywhere."""
        Inbox(engine).put([message(1, 22, 22), message(2, 22, 22)])
        Inbox(engine).finish(1)
        filled = [
            table
            for table in schema.sorted_tables
            if table.name not in {*KEPT, *NAMELESS} and table is not updates
        ]
        with writing(engine) as connection:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            keys: dict[Any, Any] = {updates.c.update_id: 1}
            for table in filled:
                row: dict[str, Any] = {}
                for column in table.c:
                    parent = next((key.column for key in column.foreign_keys), None)
                    number = 22 if column.name in {"user_id", "chat_id"} else 1
                    text = "sent" if column.name == "status" else "1"
                    is_number = not isinstance(column.type.python_type(), str)
                    row[column.name] = keys.get(parent, number if is_number else text)
                    keys[column] = row[column.name]
                connection.execute(insert(table), row)
        counts = Forgetting(engine).forget(22, 2)
        assert all(counts[table.name] == 1 for table in filled)
        with engine.connect() as connection:
            assert not any(connection.execute(select(table)).all() for table in filled)

    @pytest.mark.file
    def test_deleted_words_leave_the_file(self, engine: Engine, tmp_path: Path) -> None:
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
        inbox = Inbox(engine)
        for number in range(1, 200):
            inbox.put([message(number, 22 + number % 2, 22 + number % 2)])
        Forgetting(engine).forget(22, 199)
        Forgetting(engine).forget(23, 199)
        assert words_in(tmp_path).count(b"zanzibarine") == 1
        Forgetting(engine).close(199)
        assert b"zanzibarine" not in words_in(tmp_path)

    def test_words_that_came_with_others_replies_are_deleted(self, engine: Engine) -> None:
        inbox = Inbox(engine)
        quoted = {"message_id": 1, "from": {"id": 22, "is_bot": False}, "text": SECRET}
        inbox.put([message(1, 5, -5, text="Yes", reply_to_message=quoted)])
        inbox.put([message(2, 5, -5, text="No"), message(3, 22, 22)])
        inbox.finish(1)
        inbox.finish(2)
        Forgetting(engine).forget(22, 3)
        with engine.connect() as connection:
            rows = connection.execute(select(updates.c.payload).order_by(updates.c.id)).scalars()
            payloads = [json.loads(payload) for payload in rows]
        assert payloads[0] == {}
        assert payloads[1]["message"]["text"] == "No"

    def test_what_a_crash_left_is_swept_at_the_start(self, engine: Engine) -> None:
        inbox, outbox = Inbox(engine), Outbox(engine)
        inbox.put([message(1, 22, -5), message(2, 22, 22)])
        outbox.plan(1, -5, [PAYLOAD])
        Forgetting(engine).forget(22, 2)
        assert outbox.unsent(1)
        Forgetting(engine).sweep()
        assert outbox.unsent(1) is None
