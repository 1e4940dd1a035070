"""Documents sent to the bot over HTTP: taken in, asked about, shared, removed, refused."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.conversation import Conversation
from bot.settings import BotSettings
from bot.telegram.app import serving
from index.core.scope import Scope
from index.library import Library
from index.sources import transport
from tests.botapi import Chat, FakeBotApi, Message, Person
from tests.support import PATIENCE_S
from tests.support.chat import press, text_of
from tests.support.embedder import Gate
from tests.support.folders import Shelf, temporary_folder
from tests.support.running import spawn
from tests.support.website import Site, serve

OWNER = 1
FERRY = "The ferry to Norderney leaves at nine from the eastern quay of the old harbour."
BRIDGE = "The bridge over the Elbe was closed by the council on Tuesday after a storm."
LIBRARY = "The museum in Kiel opens its new hall of maps to visitors in the coming spring."
FERRY_QUESTION = "When does the ferry to Norderney leave?"
BRIDGE_QUESTION = "Who closed the bridge over the Elbe?"
REPORT = "\n\n".join(f"Chapter {n}. {FERRY}" + f" Number {n}." * 20 for n in range(200))


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with temporary_folder() as made:
        monkeypatch.chdir(made)
        yield made


@pytest.fixture
def shelf(folder: Path) -> Iterator[Shelf]:
    made = Shelf(folder)
    made.write("museum.txt", LIBRARY)
    made.sync()
    yield made
    made.close()


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as made:
        yield made


@asynccontextmanager
async def running(
    api: FakeBotApi, shelf: Shelf, edit_gap_s: float = 0.01, **settings: Any
) -> AsyncIterator[Library]:
    given = BotSettings(
        _env_file=None,
        telegram_bot_token=api.token,
        telegram_api_url=api.root,
        **{"owner": OWNER} | settings,
    )
    library = shelf.open()
    serve_it = serving(given, Conversation(library), shelf.data, 0.01, edit_gap_s)
    async with serve_it:
        yield library


async def finished(api: FakeBotApi, chat: Chat | Person, after: Message) -> Message:
    """Return the one message about an upload, once it reports the end."""
    (progress,) = await api.wait_for(chat, after=after)
    await api.wait_until(lambda: not unfinished(progress))
    return progress


def unfinished(message: Message) -> bool:
    return bool(re.search(r"(…|: received\.|before it\.)$", text_of(message)))


def id_in(message: Message) -> str:
    found = re.search(r"/remove (\d+)", text_of(message))
    assert found is not None
    return found[1]


async def asked(api: FakeBotApi, person: Person, text: str, chat: Chat | None = None) -> Message:
    """Return the reply to a text."""
    sent = person.send(text if chat is None else f"@onrecord_bot {text}", chat=chat)
    place = chat or person
    await api.wait_for(place, after=sent)
    return (await api.wait_for(place, after=sent))[-1]


async def test_a_file_is_taken_in_and_asked_about(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf):
        ann = api.private_chat(OWNER)
        sent = ann.send_document("ferries.txt", FERRY.encode())
        progress = await finished(api, ann, sent)
        assert "ferries.txt is ready." in text_of(progress)
        assert progress.entity_texts("code") == ["ferries.txt"]
        assert progress.reply_to is sent
        reply = await asked(api, ann, FERRY_QUESTION)
    assert reply.entity_texts("blockquote")[0] == FERRY
    assert "[1] The ferry to Norderney leaves at nine… · ¶ 1" in text_of(reply)
    (stored,) = (shelf.data / "uploads").glob("*/*")
    assert stored.read_text() == FERRY
    assert re.fullmatch(
        r"chat_1/[0-9a-f]{16}\.txt", str(stored.relative_to(shelf.data / "uploads"))
    )


async def test_questions_are_answered_while_a_file_is_read(api: FakeBotApi, shelf: Shelf) -> None:
    shelf.embedder.before = gate = Gate(least=2)
    async with running(api, shelf, edit_gap_s=1.0):
        ann = api.private_chat(OWNER)
        sent = ann.send_document("report.txt", REPORT.encode())
        (progress,) = await api.wait_for(ann, after=sent)
        await api.wait_until(lambda: "% read…" in text_of(progress))
        reply = await asked(api, ann, "Which museum opens a hall of maps?")
        assert unfinished(progress)
        assert reply.entity_texts("blockquote")[0] == LIBRARY
        gate.open()
        await api.wait_until(lambda: not unfinished(progress))
    assert "is ready" in text_of(progress)
    edits = [call.time for call in api.called("editMessageText")]
    assert len(edits) >= 2
    assert all(later - earlier >= 0.99 for earlier, later in pairwise(edits))


async def test_a_chat_is_not_answered_from_the_documents_of_another(
    api: FakeBotApi, shelf: Shelf
) -> None:
    async with running(api, shelf, uploaders=frozenset({2})):
        ann, bob, group = api.private_chat(OWNER), api.private_chat(2), api.group()
        await finished(api, ann, ann.send_document("ferries.txt", FERRY.encode()))
        sent = bob.send_document("a.txt", BRIDGE.encode(), chat=group, caption="@onrecord_bot")
        await finished(api, group, sent)
        for person, chat in ((bob, None), (bob, group)):
            reply = await asked(api, person, FERRY_QUESTION, chat)
            assert FERRY not in text_of(reply)
            listed = await asked(api, person, "/sources", chat)
            assert "ferry" not in text_of(listed)
            assert "The museum in Kiel" in text_of(listed)
        for person in (ann, bob):
            assert BRIDGE not in text_of(await asked(api, person, BRIDGE_QUESTION))
            assert "Not found" in text_of(await asked(api, person, f"/check {BRIDGE}"))
        assert BRIDGE in text_of(await asked(api, ann, BRIDGE_QUESTION, group))


async def test_the_same_text_in_two_chats_is_not_cited_across(
    api: FakeBotApi, shelf: Shelf
) -> None:
    long = f"{FERRY} {BRIDGE} {LIBRARY}"
    async with running(api, shelf, uploaders=frozenset({2})):
        ann, bob = api.private_chat(OWNER), api.private_chat(2)
        await finished(api, ann, ann.send_document("secret.txt", long.encode()))
        await finished(api, bob, bob.send_document("mine.txt", long.encode()))
        reply = await asked(api, bob, FERRY_QUESTION)
        _, (named,) = await press(api, bob, reply, "Show sources")
        assert "mine.txt" in text_of(named)
        assert "secret.txt" not in text_of(named)


async def test_a_shared_document_answers_everywhere(api: FakeBotApi, shelf: Shelf) -> None:
    shelf.write("ferries.txt", "Another document has this name, and says little of use.")
    shelf.sync()
    async with running(api, shelf, uploaders=frozenset({2})) as library:
        ann, bob, group = api.private_chat(OWNER), api.private_chat(2), api.group()
        sent = bob.send_document("ferries.txt", FERRY.encode(), chat=group, caption="@onrecord_bot")
        number = id_in(await finished(api, group, sent))
        refused = await asked(api, bob, f"/share {number}", group)
        assert "administrators" in text_of(refused)
        elsewhere = await asked(api, ann, f"/share {number}")
        assert "no document" in text_of(elsewhere)
        shared = await asked(api, ann, f"/share {number}", group)
        assert "ferries (2).txt" in text_of(shared)
        reply = await asked(api, ann, FERRY_QUESTION)
        assert reply.entity_texts("blockquote")[0] == FERRY
        assert library.rank("ferry Norderney quay", Scope(("chat:-1001000000001",)), 5) == {
            "dense": [],
            "lexical": [],
            "fusion": [],
        }
        assert len(library.rank("ferry Norderney quay", Scope(), 5)["lexical"]) == 1


async def test_who_may_remove_a_document(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf, uploaders=frozenset({2, 3, 4})):
        ann, bob = api.private_chat(OWNER), api.private_chat(2)
        cem, dia = api.private_chat(3), api.private_chat(4)
        group = api.group(administrators=[dia])
        numbers = []
        for n in range(3):
            content = f"Number {n}. {FERRY}".encode()
            sent = bob.send_document(f"{n}.txt", content, chat=group, caption="@onrecord_bot")
            numbers.append(id_in(await finished(api, group, sent)))
        listed = text_of(await asked(api, cem, "/remove", group))
        assert all(f"{number}  {n}.txt" in listed for n, number in enumerate(numbers))
        assert "museum" not in listed
        for person in (cem, bob, dia, ann):
            command = f"/remove {numbers[0 if person is cem else -1]}"
            reply = text_of(await asked(api, person, command, group))
            if person is cem:
                assert "0.txt stays" in reply
            else:
                assert f"{len(numbers) - 1}.txt is removed." in reply
                numbers.pop()
        assert "No documents" in text_of(await asked(api, bob, "/remove", group))
        assert "no document 1" in text_of(await asked(api, bob, "/remove 1"))
    assert shelf.paths() == ["museum.txt"]
    assert not list((shelf.data / "uploads").glob("*/*"))


async def test_hostile_names(api: FakeBotApi, shelf: Shelf) -> None:
    names = {
        "../../../etc/passwd.txt": "passwd.txt",
        "..\\..\\boot.txt": "boot.txt",
        "report\u202efdp.txt": "reportfdp.txt",
        "line\nbreak\x00\x1b[31m.TXT": "line break[31m.txt",
        f"{'long' * 200}.txt": f"{('long' * 200)[:79]}…",
        ".txt": "document.txt",
        "passwd.txt": "passwd (2).txt",
        "PASSWD.TXT": "PASSWD (3).txt",
        "دليل.txt": "\u2068دليل.txt\u2069",
    }
    async with running(api, shelf):
        ann = api.private_chat(OWNER)
        for number, (name, shown) in enumerate(names.items()):
            content = f"{FERRY} It is number {number}.".encode()
            progress = await finished(api, ann, ann.send_document(name, content))
            assert text_of(progress).startswith(f"{shown} is ready"), name
    for file in (shelf.data / "uploads").rglob("*.txt"):
        assert re.fullmatch(r"[0-9a-f]{16}\.txt", file.name)
        assert file.parent.name == "chat_1"
    assert all("/" not in path and len(path) <= 120 for path in shelf.paths())


async def test_limits_are_told_in_one_line(api: FakeBotApi, shelf: Shelf) -> None:
    limits = {"max_file_mb": 0.01, "uploads_per_chat": 2, "upload_mb_per_chat": 0.015}
    async with running(api, shelf, **limits):
        ann = api.private_chat(OWNER)

        async def end(name: str, content: bytes) -> str:
            return text_of(await finished(api, ann, ann.send_document(name, content)))

        large = (FERRY + "\n\n").encode() * 120
        assert "the limit is 0.01 MB; split it" in await end("large.txt", large * 2)
        assert "not a format that can be read" in await end("tune.mp3", b"ID3")
        assert "is ready" in await end("large.txt", large)
        assert "may have 0.015 MB" in await end("more.txt", large[:-1])
        assert "is ready" in await end("small.txt", BRIDGE.encode())
        assert "2 documents, as many as it may" in await end("third.txt", LIBRARY.encode())
    assert len(list((shelf.data / "uploads").glob("*/*"))) == 2


async def test_an_upload_is_told_in_the_language_of_its_sender(
    api: FakeBotApi, shelf: Shelf
) -> None:
    shelf.embedder.before = gate = Gate()
    async with running(api, shelf, max_file_mb=1.5):
        ann = api.private_chat(OWNER, language_code="de")
        sent = ann.send_document("report.txt", REPORT.encode())
        (progress,) = await api.wait_for(ann, after=sent)
        await api.wait_until(lambda: bool(re.search(r": \d+ % gelesen …$", text_of(progress))))
        gate.open()
        assert await german_end(api, ann, sent) is progress
        assert "report.txt ist bereit." in text_of(progress)
        assert "Nur dieser Chat bekommt Antworten daraus" in text_of(progress)
        edits = [call.params["text"] for call in api.called("editMessageText")]
        assert not any("passages" in text for text in edits)
        refused = await german_end(api, ann, ann.send_document("large.txt", b"x" * 2_345_678))
        assert "large.txt: 2,3 MB, erlaubt sind 1,5 MB; teilen" in text_of(refused)
        listed = await asked(api, ann, "/remove")
        assert "/remove und eine Nummer entfernt eines." in text_of(listed)
        removed = await asked(api, ann, f"/remove {id_in(progress)}")
        assert text_of(removed) == "report.txt ist entfernt."


async def german_end(api: FakeBotApi, chat: Person, after: Message) -> Message:
    (progress,) = await api.wait_for(chat, after=after)
    ends = ("ist bereit", "erlaubt sind")
    await api.wait_until(lambda: any(end in text_of(progress) for end in ends))
    return progress


async def test_what_cannot_be_read_is_said(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf):
        ann = api.private_chat(OWNER)
        for name, content, reason in (
            ("empty.txt", b"", "an empty file"),
            ("broken.pdf", b"%PDF-1.4 nonsense", "broken.pdf: "),
            ("fake.docx", b"PK\x03\x04", "fake.docx: "),
        ):
            text = text_of(await finished(api, ann, ann.send_document(name, content)))
            assert reason in text
            assert "ready" not in text
            assert "\n" not in text
    assert not list((shelf.data / "uploads").glob("*/*"))


async def test_rows_that_cannot_be_read_are_told(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf):
        ann = api.private_chat(OWNER)
        sent = ann.send_document("news.csv", f"title,text\nFerries,{FERRY}\nTwo\n".encode())
        progress = await finished(api, ann, sent)
        assert "news.csv is ready." in text_of(progress)
        assert "Left out: line 3 has 1 field where" in text_of(progress)


async def test_the_same_file_twice_is_one_document(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf):
        ann = api.private_chat(OWNER)
        await finished(api, ann, ann.send_document("a.txt", FERRY.encode()))
        again = await finished(api, ann, ann.send_document("b.txt", FERRY.encode()))
        assert text_of(again).startswith("a.txt is here already")
    assert shelf.paths() == ["a.txt", "museum.txt"]


async def test_links(
    api: FakeBotApi, shelf: Shelf, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The site is on this machine, where no link in a chat may lead.
    monkeypatch.setattr(transport, "is_public", lambda _address: True)
    page = site.put("/ferries", FERRY)
    async with running(api, shelf):
        ann, group = api.private_chat(OWNER), api.group()
        progress = await finished(api, ann, ann.send(page))
        assert text_of(progress).startswith(f"{page} is ready")
        assert FERRY in text_of(await asked(api, ann, FERRY_QUESTION))
        again = await finished(api, ann, ann.send(f"/add {page}"))
        assert "is here already" in text_of(again)
        missing = await finished(api, group, ann.send(f"/add {site.url('/no')}", chat=group))
        assert "404 Not Found" in text_of(missing)
        usage = await asked(api, ann, "/add ferries")
        assert "such as https://" in text_of(usage)
        removed = await asked(api, ann, f"/remove {id_in(again)}")
        assert "is removed" in text_of(removed)
    assert shelf.paths() == ["museum.txt"]


async def test_addresses_inside_the_network_are_refused(
    api: FakeBotApi, shelf: Shelf, site: Site
) -> None:
    given = BotSettings(
        _env_file=None, telegram_bot_token=api.token, telegram_api_url=api.root, owner=OWNER
    )
    async with serving(given, Conversation(shelf.open()), shelf.data, 0.01, 0.01):
        ann = api.private_chat(OWNER)
        progress = await finished(api, ann, ann.send(site.put("/secret", FERRY)))
    assert "ONRECORD_FETCH_PRIVATE" in text_of(progress) or "private" in text_of(progress)
    assert not site.requests


async def test_a_stranger_is_told_whom_to_ask(api: FakeBotApi, shelf: Shelf) -> None:
    api.world.privacy_mode = False
    async with running(api, shelf):
        bob, group = api.private_chat(2), api.group()
        sent = bob.send_document("a.txt", FERRY.encode())
        (reply,) = await api.wait_for(bob, after=sent)
        assert "send the operator your id: 2" in text_of(reply)
        bob.send_document("a.txt", FERRY.encode(), chat=group)
        bob.send_document("a.txt", FERRY.encode(), chat=group, caption="Look, everybody")
        sent = bob.send_document("a.txt", FERRY.encode(), chat=group, caption="@onrecord_bot")
        (reply,) = await api.wait_for(group, after=sent)
        assert "people on a list" in text_of(reply)
    assert len(group.sent) == 1
    assert not api.called("getFile")


async def test_files_in_a_group_that_are_not_meant_for_the_bot(
    api: FakeBotApi, shelf: Shelf
) -> None:
    api.world.privacy_mode = False
    async with running(api, shelf):
        ann, group = api.private_chat(OWNER), api.group()
        other = ann.send_document("b.txt", FERRY.encode(), chat=group)
        progress = await finished(api, group, ann.send("/add", chat=group, reply_to=other))
        assert "b.txt is ready" in text_of(progress)
        reply = ann.send_document("c.txt", BRIDGE.encode(), chat=group, reply_to=progress)
        assert "c.txt is ready" in text_of(await finished(api, group, reply))
    assert len(group.sent) == 2


async def test_telegram_fails_for_a_while(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf):
        ann = api.private_chat(OWNER)
        api.fail_next("getFile", 502, times=2)
        api.fail_next("getFile", 429, retry_after=1)
        api.fail_next("editMessageText", 502, times=8)
        progress = await finished(api, ann, ann.send_document("a.txt", FERRY.encode()))
        assert "is ready" in text_of(progress)
        api.fail_next("getFile", 400, description="Bad Request: file is too big")
        progress = await finished(api, ann, ann.send_document("b.txt", BRIDGE.encode()))
        assert "20 MB" in text_of(progress)


async def test_a_deleted_progress_message_is_replaced_at_the_end(
    api: FakeBotApi, shelf: Shelf
) -> None:
    shelf.embedder.before = gate = Gate()
    async with running(api, shelf):
        ann = api.private_chat(OWNER)
        sent = ann.send_document("a.txt", FERRY.encode())
        (progress,) = await api.wait_for(ann, after=sent)
        del ann.chat.messages[progress.message_id]
        ann.chat.sent.remove(progress)
        gate.open()
        (end,) = await api.wait_for(ann, after=sent)
        assert "a.txt is ready" in text_of(end)


async def test_a_group_that_becomes_a_supergroup_keeps_its_documents(
    api: FakeBotApi, shelf: Shelf
) -> None:
    async with running(api, shelf):
        ann, group = api.private_chat(OWNER), api.group(-7)
        sent = ann.send_document("a.txt", FERRY.encode(), chat=group, caption="@onrecord_bot")
        await finished(api, group, sent)
        new = ann.migrate(group, -1000000000007)
        reply = await asked(api, ann, FERRY_QUESTION, new)
        while FERRY not in text_of(reply):
            reply = await asked(api, ann, FERRY_QUESTION, new)


async def test_an_upload_goes_on_after_a_stop(api: FakeBotApi, shelf: Shelf) -> None:
    shelf.embedder.before = gate = Gate()
    ann = api.private_chat(OWNER)
    async with running(api, shelf) as library:
        library.interrupt = gate.open  # type: ignore[method-assign]  # as the bot ends
        sent = ann.send_document("report.txt", REPORT.encode())
        (progress,) = await api.wait_for(ann, after=sent)
        await api.wait_until(lambda: "% read…" in text_of(progress))
    assert shelf.paths() == ["museum.txt"]
    async with running(api, shelf):
        assert await finished(api, ann, sent) is progress
    assert "report.txt is ready" in text_of(progress)
    assert len(ann.chat.sent) == 1


@pytest.mark.slow
@pytest.mark.soak
async def test_uploads_survive_kills(api: FakeBotApi, folder: Path) -> None:
    ann = api.private_chat(OWNER)
    sent = [ann.send_document("report.txt", f"{REPORT} {n}".encode()) for n in range(3)]

    def begun() -> bool:
        return len(ann.chat.sent) == len(sent)

    def is_indexing() -> bool:
        return any("% read…" in text_of(message) for message in ann.chat.sent)

    def is_indexed() -> bool:
        return bool(paths_in(folder))

    def is_ready() -> bool:
        return all("is ready" in text_of(message) for message in ann.chat.sent)

    for state in (begun, is_indexing, is_indexed, is_ready):
        api.faults.plans.clear()
        if state is is_indexed:
            api.fail_next("editMessageText", 502, times=10_000)
        process = await spawn(api, folder, "shelf", owner=OWNER, drain_s=0)
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not state():  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        except TimeoutError:
            pytest.fail(f"never {state.__name__}: {[text_of(sent) for sent in ann.chat.sent]}")
        finally:
            process.kill()
        _, log = await process.communicate()
        assert "Traceback" not in log.decode()
    names = {message.reply_to: text_of(message) for message in ann.chat.sent}
    starts = [names[message].partition(" is ready")[0] for message in sent]
    assert starts == ["report.txt", "report (2).txt", "report (3).txt"]
    assert len(ann.chat.sent) == len(sent)
    assert paths_in(folder) == sorted(starts)
    assert len(list((folder / "uploads").glob("*/*.txt"))) == len(sent)


def paths_in(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "index.db")) as connection:
        rows = connection.execute("SELECT path FROM documents ORDER BY path").fetchall()
    return [path for (path,) in rows]
