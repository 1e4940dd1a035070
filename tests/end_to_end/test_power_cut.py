"""A power cut at any moment loses nothing that was promised: databases, uploads, search indexes."""

from __future__ import annotations

import random
import shutil
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.storage.database import open_inbox
from bot.storage.updates import Inbox
from bot.storage.uploads import Uploads
from index.core.settings import IndexSettings
from index.library import Library
from index.parsers import parse
from index.store.database import fetch
from index.store.schema import certificates
from tests.support.embedder import HashEmbedder
from tests.support.power import Call, Content, Disk, can_record, record
from tests.support.silent import without_speakers
from tests.support.subprocesses.recorded import TURNS, texts
from tests.support.subprocesses.run import story

CUTS, SOAK_CUTS = 40, 1000
SEED = 20210710

pytestmark = [
    pytest.mark.slow,
    pytest.mark.soak,
    pytest.mark.skipif(not can_record(), reason="needs strace, and the right to use it"),
]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[Disk, list[Call]]:
    """The calls of a bot's day, and the empty disk on which it begins."""
    place = tmp_path_factory.mktemp("day").resolve()
    (place / "disk").mkdir()
    (place / "folder").mkdir()
    program = "tests.support.subprocesses.recorded"
    command = [sys.executable, "-m", program, str(place / "disk" / "data"), str(place / "folder")]
    calls = record(command, place / "calls")
    return Disk(str(place / "disk")), calls


def test_what_was_promised_is_there(
    day: tuple[Disk, list[Call]], tmp_path: Path, soak: bool
) -> None:
    disk, calls = day
    disk.names[disk.root] = None
    chance = random.Random(SEED)
    matter = [at for at, call in enumerate(calls) if call.file[1].startswith(disk.root)]
    cuts = sorted(chance.choices(matter, k=SOAK_CUTS if soak else CUTS))
    played = 0
    for number, cut in enumerate(cuts):
        for call in calls[played:cut]:
            disk.play(call)
        played = cut
        left = tmp_path / str(number)
        disk.cut(left, chance)
        check(left / "data", tmp_path / "folder", disk.said)
        shutil.rmtree(left)
    for call in calls[played:]:
        disk.play(call)
    assert disk.said[-1] == f"answered {TURNS - 1}"


def check(data: Path, folder: Path, said: list[str]) -> None:
    """Insist on all that was said, on a disk that is no worse than after a kill."""
    if "opened" in said:
        assert (data / "index.db").exists()
        assert (data / "bot.db").exists()
    check_inbox(data, said)
    library = open_library(data)
    try:
        check_documents(library, said)
        folder.mkdir(exist_ok=True)
        for name, text in texts(0).items():
            (folder / name).write_text(text, encoding="utf-8")
        library.sync(folder)
        assert library.find_faults() == []
        assert library.ask("Where does the red fox ann sleep?").quotes[0].document.path == "ann.txt"
    finally:
        library.close()


def check_inbox(data: Path, said: list[str]) -> None:
    engine = open_inbox(data)
    try:
        waiting = {received.update_id for received in Inbox(engine).unanswered()}
        for turn in range(TURNS):
            if f"answered {turn}" in said:
                assert turn not in waiting
            elif f"received {turn}" in said and said[-1] != f"shown {turn}":
                assert turn in waiting
            if f"uploaded {turn}" in said:
                assert Uploads(engine).of_update(turn)
                sent = data / "uploads" / str(turn) / "a.txt"
                assert sent.read_text(encoding="utf-8") == story("sent", turn)
    finally:
        engine.dispose()


def check_documents(library: Library, said: list[str]) -> None:
    held = {one.path: library.store.text(one.id) for one in library.documents()}
    done = max((turn for turn in range(TURNS) if f"synced {turn}" in said), default=None)
    before = texts(done) if done is not None else {}
    begun = max((turn for turn in range(TURNS) if f"syncing {turn}" in said), default=None)
    if begun == done:
        assert held == before
    else:
        after = texts(begun)  # type: ignore[arg-type]
        assert held.items() <= before.items() | after.items()
        assert before.keys() & after.keys() <= held.keys()
    if done is not None:
        shown = [turn for turn in range(TURNS) if f"shown {turn}" in said]
        query = select(func.count()).select_from(certificates)
        assert fetch(library.store._engine, query)[0][0] >= len(shown)
    for path, text in held.items():
        answer = library.ask(f"Where does the red fox {Path(path).stem} sleep?")
        for quote in answer.quotes:
            assert quote.text == held[quote.document.path][quote.span.start : quote.span.end]
        assert text[:10] in text
    assert [fault for fault in library.find_faults() if "index.db" in fault.place] == []


def open_library(data: Path) -> Library:
    settings = IndexSettings(_env_file=None, data=data, min_confidence=0.0, reader="embedding")
    return without_speakers(Library(settings, HashEmbedder(), parse))


def test_a_disk_forgets_what_was_not_synced(tmp_path: Path) -> None:
    disk = Disk("/d", {"/d": None})

    def do(name: str, path: str, *strings: bytes, numbers: tuple[int, ...] = (0,)) -> None:
        disk.play(Call(name, (3, path), strings, numbers, "O_CREAT"))

    do("openat", "/d/a")
    do("write", "/d/a", b"safe", numbers=(4,))
    do("fsync", "/d/a")
    do("fsync", "/d")
    do("write", "/d/a", b" lost", numbers=(5,))
    do("openat", "/d/b")
    assert disk.safe_names == {"/d/a": Content(b"safe", [(4, b" lost")])}
    found = set()
    for seed in range(50):
        disk.cut(tmp_path / str(seed), random.Random(seed))
        left = {path.name: path.read_bytes() for path in (tmp_path / str(seed)).iterdir()}
        assert left["a"] in {b"safe", b"safe lost"}
        found.add((left["a"], "b" in left))
    assert len(found) == 4
