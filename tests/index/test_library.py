"""One thread syncs and others ask: each answer is of one whole state, and nothing fails."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable

import pytest

from index.core.documents import Metadata
from index.library import Library
from tests.support.folders import Shelf, counts

ROUNDS = 6  # of each thread, however long they take
PATIENCE_S = 100.0
FILES = 12
ASKING = 2
ANIMALS = ("fox", "owl", "hare", "mole", "toad")
SENTENCE = re.compile(r"The (\w+) of mill (\d+) sleeps by night and counts (\d+) stars\.")


def text(mill: int, version: int) -> str:
    """Return a document whose sentences all tell its mill and version."""
    return "\n\n".join(
        f"The {animal} of mill {mill} sleeps by night and counts {version} stars."
        for animal in ANIMALS
    )


def change(shelf: Shelf, chance: random.Random, version: int) -> None:
    for mill in chance.sample(range(FILES), 3):
        path = f"{mill}.txt"
        if chance.random() < 0.3 and len(list(shelf.folder.iterdir())) > 3:
            (shelf.folder / path).unlink(missing_ok=True)
        else:
            shelf.write(path, text(mill, version))


def ask(library: Library, chance: random.Random) -> None:
    """Ask for something, and insist that each quote is of one version of its document."""
    mill, animal = chance.randrange(FILES), chance.choice(ANIMALS)

    answer = library.ask(f"Where does the {animal} of mill {mill} sleep?")
    for quote in answer.quotes + answer.closest:
        found = [SENTENCE.fullmatch(line) for line in quote.text.split("\n") if line]
        assert found
        assert all(found), quote.text
        assert len({one.groups()[1:] for one in found if one}) == 1, quote.text
        assert f"{found[0] and found[0][2]}.txt" == quote.document.path


@pytest.mark.slow
@pytest.mark.parametrize("rebuilding", [False, True])
def test_asking_while_a_sync_goes_on(shelf: Shelf, rebuilding: bool) -> None:
    for mill in range(FILES):
        shelf.write(f"{mill}.txt", text(mill, 0))
    library = shelf.open(parse=None)
    library.sync(shelf.folder)
    over = threading.Event()
    done = dict.fromkeys(["sync", *(f"ask {at}" for at in range(ASKING))], 0)
    failures: list[BaseException] = []

    def repeat(name: str, work: Callable[[random.Random, int], None]) -> None:
        chance = random.Random(name)
        try:
            while not over.is_set():
                work(chance, done[name])
                done[name] += 1
                if min(done.values()) >= ROUNDS:
                    over.set()
        except BaseException as error:  # noqa: BLE001  # told by the test's own thread
            failures.append(error)
            over.set()

    def sync(chance: random.Random, version: int) -> None:
        change(shelf, chance, version + 1)
        assert not library.sync(shelf.folder).failed
        if rebuilding and version % 3 == 0:
            library.rebuild()

    threads = [threading.Thread(target=repeat, args=("sync", sync))]
    threads += [
        threading.Thread(target=repeat, args=(name, lambda chance, _: ask(library, chance)))
        for name in done
        if name != "sync"
    ]
    for thread in threads:
        thread.start()
    over.wait(PATIENCE_S)
    over.set()
    for thread in threads:
        thread.join(60)
    for failure in failures:
        raise failure
    assert min(done.values()) >= ROUNDS, done
    assert counts(library.sync(shelf.folder)).keys() <= {"unchanged"}
    assert library.find_faults() == []


@pytest.mark.slow
def test_files_parsed_by_several_threads(shelf: Shelf) -> None:
    library = shelf.open(parse=None)
    told: list[str] = []

    def parse(mill: int) -> None:
        for version in range(20):
            wanted = text(mill, version)
            prepared = library.prepare("a.txt", wanted.encode(), Metadata())
            told.extend([] if prepared.parsed.text == wanted else [wanted])

    threads = [threading.Thread(target=parse, args=(mill,)) for mill in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert told == []
