"""Archives that people send: their names and counts cost one line, and reach nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.texts.uploads import left_out_of_archive
from index.ingest import IndexReport, Room
from index.library import Library
from tests.support.containers import zipped
from tests.support.folders import Shelf

FOX = "The red fox sleeps in the mill."


def add(library: Library, location: Path, room: Room) -> IndexReport:
    return library.add_document(location, "chat:1", lambda *_: None, "pack.zip", room)


def sent(shelf: Shelf, members: dict[str, str | bytes]) -> Path:
    location = shelf.root / "sent" / "a1b2.zip"
    location.parent.mkdir(exist_ok=True)
    location.write_bytes(zipped(members))
    return location.resolve()


@pytest.mark.slow
def test_thousands_of_files_are_a_count(shelf: Shelf) -> None:
    location = sent(shelf, {f"{n}.txt": f"{n}: {FOX}" for n in range(5_000)})
    report = add(shelf.open(), location, Room(3, 10**9))
    assert (report.added, report.no_room) == (3, 4_997)
    assert len(shelf.paths()) == 3


@pytest.mark.slow
def test_room_is_counted_in_bytes_unpacked(shelf: Shelf) -> None:
    location = sent(shelf, {"a.txt": FOX * 400, "b.txt": FOX, "c.txt": FOX * 400})
    report = add(shelf.open(), location, Room(9, 13_000))
    assert (report.added, report.no_room) == (2, 1)


@pytest.mark.slow
def test_names_cannot_pass_for_our_words_nor_fill_a_message(shelf: Shelf) -> None:
    endless = f"{'x' * 9_000}.txt"
    members: dict[str, str | bytes] = {
        "a.txt": FOX,
        endless: FOX,
        "b\u202etxt.txt": FOX,
        "The Times · also in 9 other sources.txt": "",
        "../../c.txt": f"{FOX} Again.",
    }
    report = add(shelf.open(), sent(shelf, members), Room(9, 10**9))
    assert shelf.paths() == ["pack.zip/a.txt", "pack.zip/c.txt"]
    told = "; ".join(left_out_of_archive(report, "pack.zip"))
    assert "its name has 9,013 characters, the limit is 4,096" in told
    assert "“The Times · also in 9 other sources.txt”" in told
    assert "\u202e" not in told
    assert len(told) < 800


def test_another_file_of_the_folder_is_no_page_of_its_export(shelf: Shelf) -> None:
    """Uploads of a chat lie side by side: none is read as a part of another."""
    secret = '<div class="message" id="message1"><div class="text">The code is heron.</div></div>'
    page = (
        '<div class="page_body chat_page"><div class="history">'
        '<div class="message default" id="message2"><div class="body"><div class="reply_to">'
        '<a href="../sent/messages1.html#go_to_message1">x</a></div>'
        f'<div class="text">{FOX}</div></div></div></div></div>'
    )
    location = sent(shelf, {"messages.html": page})
    (location.parent / "messages1.html").write_text(secret)
    add(shelf.open(), location, Room(9, 10**9))
    library = shelf.open()
    (document,) = library.documents(["chat:1"])
    assert "heron" not in library.store.text(document.id)
