"""A disk that loses its power: what a program wrote, without what it did not wait for.

`strace` records each write, change of a name and fsync of a program. A `Disk` plays them back up to
any moment: of what was not synced by then, nothing, everything or any part may have reached it, in
any order, a block of it torn; of the changes to the names in a folder, the first so many.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

SECTOR = 512
CALLS = (
    "openat,write,pwrite64,lseek,ftruncate,fsync,fdatasync,close,"
    "rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir"
)
_LONGEST = 10_000_000
_CALL = re.compile(r"(\d+) +(\w+)\((.*)\) += (\d+)(?:<(.*)>)?$")
_UNFINISHED = re.compile(r"(\d+) +(\w+\(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)$")
_DESCRIPTOR = re.compile(r"(\d+)<([^>]*)>")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


class Call(NamedTuple):
    """A system call that succeeded.

    Attributes:
        file: the number and the path of the descriptor that it is about, or that it opened.
        strings: what was written, or the paths of names.
        numbers: the result, then the numbers among the arguments.
    """

    name: str
    file: tuple[int, str]
    strings: tuple[bytes, ...]
    numbers: tuple[int, ...]
    flags: str


def can_record() -> bool:
    """Whether this machine has strace, and lets it look."""
    strace = shutil.which("strace")
    if strace is None:
        return False
    found = subprocess.run([strace, "-o", os.devnull, "true"], capture_output=True, check=False)
    return found.returncode == 0


def record(command: Sequence[str], log: Path) -> list[Call]:
    """Run a program of one process, and return its calls in the order in which they ended."""
    strace = ["strace", "-f", "-y", "-xx", "-s", str(_LONGEST), "-e", f"trace={CALLS}"]
    subprocess.run([*strace, "-o", str(log), *command], check=True, capture_output=True)
    with log.open(encoding="ascii") as lines:
        return list(_calls(lines))


def _calls(lines: Iterator[str]) -> Iterator[Call]:
    begun: dict[str, str] = {}
    for line in map(str.rstrip, lines):
        if unfinished := _UNFINISHED.match(line):
            begun[unfinished[1]] = unfinished[2]
            continue
        if resumed := _RESUMED.match(line):
            line = f"{resumed[1]} {begun.pop(resumed[1])}{resumed[2]}"  # noqa: PLW2901
        if not (found := _CALL.match(line)):
            continue
        _, name, arguments, result, opened = found.groups()
        strings = tuple(bytes.fromhex(one.replace("\\x", "")) for one in _STRING.findall(arguments))
        rest = _STRING.sub("", arguments)
        place = _DESCRIPTOR.search(rest)
        file = (int(place[1]), _path(place[2])) if place else (-1, "")
        if opened is not None:
            file = int(result), _path(opened)
        numbers = map(int, re.findall(r"(?<![\w<>/|-])\d+(?![\w<])", _DESCRIPTOR.sub("", rest)))
        yield Call(name, file, strings, (int(result), *numbers), rest)


def _path(shown: str) -> str:
    return bytes.fromhex(shown.replace("\\x", "")).decode() if shown.startswith("\\x") else shown


@dataclass
class Content:
    """A file: what is safe, and what was done to it since."""

    safe: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)  # None: it ends there

    @property
    def size(self) -> int:
        size = len(self.safe)
        for at, data in self.pending:
            size = at if data is None else max(size, at + len(data))
        return size

    def sync(self) -> None:
        self.safe, self.pending = self.with_some(lambda _: True, None), []

    def with_some(
        self, survives: Callable[[int], bool], torn: Callable[[bytes], int] | None
    ) -> bytes:
        """Return the file with those of the pending changes that survive, torn or whole."""
        made = bytearray(self.safe)
        for number, (at, data) in enumerate(self.pending):
            if not survives(number):
                continue
            if data is None:
                del made[at:]
                made.extend(bytes(at - len(made)))
                continue
            kept = data if torn is None else data[: torn(data)]
            made.extend(bytes(max(0, at + len(kept) - len(made))))
            made[at : at + len(kept)] = kept
        return bytes(made)


@dataclass
class Disk:
    """Plays back calls below `root`; a folder has None for its content."""

    root: str
    names: dict[str, Content | None] = field(default_factory=dict)
    safe_names: dict[str, Content | None] = field(default_factory=dict)
    pending: list[tuple[str, dict[str, Content | None], list[str]]] = field(default_factory=list)
    offsets: dict[int, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)  # the lines on standard output

    def play(self, call: Call) -> None:
        number, path = call.file
        if call.name == "write" and number == 1:
            self.said += call.strings[0].decode().splitlines()
        elif call.name in {"rename", "renameat", "renameat2"}:
            old, new = (one.decode() for one in call.strings)
            if self._holds(new):
                self._change(new, {new: self.names[old]}, [old])
        elif call.name in {"unlink", "unlinkat", "rmdir"}:
            if self._holds(gone := call.strings[0].decode()):
                self._change(gone, {}, [gone])
        elif call.name in {"mkdir", "mkdirat"}:
            if self._holds(made := call.strings[0].decode()):
                self._change(made, {made: None}, [])
        elif self._holds(path):
            self._play_file(call, number, path)

    def _play_file(self, call: Call, number: int, path: str) -> None:
        if call.name == "openat":
            if path not in self.names and "O_CREAT" in call.flags:
                self._change(path, {path: Content()}, [])
            file = self.names.get(path)
            if file is not None and "O_TRUNC" in call.flags:
                file.pending.append((0, None))
            self.offsets[number] = file.size if file and "O_APPEND" in call.flags else 0
            return
        if call.name in {"fsync", "fdatasync"} and path in self.names and self.names[path] is None:
            self._sync_folder(path)
            return
        if (file := self.names.get(path)) is None:
            return
        match call.name:
            case "write":
                file.pending.append((self.offsets[number], call.strings[0]))
                self.offsets[number] += call.numbers[0]
            case "pwrite64":
                file.pending.append((call.numbers[-1], call.strings[0]))
            case "lseek":
                self.offsets[number] = call.numbers[0]
            case "ftruncate":
                file.pending.append((call.numbers[-1], None))
            case "fsync" | "fdatasync":
                file.sync()

    def _holds(self, path: str) -> bool:
        return path == self.root or path.startswith(f"{self.root}/")

    def _change(self, path: str, added: dict[str, Content | None], gone: list[str]) -> None:
        for name in gone:
            self.names.pop(name, None)
        self.names |= added
        self.pending.append((str(PurePosixPath(path).parent), added, gone))

    def _sync_folder(self, folder: str) -> None:
        for parent, added, gone in self.pending:
            if parent == folder:
                _apply(self.safe_names, added, gone)
        self.pending = [change for change in self.pending if change[0] != folder]

    def cut(self, target: Path, chance: random.Random) -> None:
        """Write to `target` what is left of `root` if the power fails now."""
        share = chance.choice((0.0, 0.5, 0.9, 1.0))
        names = dict(self.safe_names)
        for folder in {parent for parent, _, _ in self.pending}:
            changes = [change for change in self.pending if change[0] == folder]
            for _, added, gone in changes[: round(len(changes) * chance.choice((0, share, 1)))]:
                _apply(names, added, gone)
        target.mkdir()
        for name in sorted(names):
            if any(str(parent) not in names for parent in PurePosixPath(name).parents
                   if self._holds(str(parent)) and str(parent) != self.root):  # fmt: skip
                continue
            content = names[name]
            location = target / name[len(self.root) :].lstrip("/")
            if content is None:
                location.mkdir(exist_ok=True)
            else:
                location.write_bytes(_left(content, share, chance))


def _apply(
    names: dict[str, Content | None], added: dict[str, Content | None], gone: list[str]
) -> None:
    for name in gone:
        names.pop(name, None)
    names |= added


def _left(content: Content, share: float, chance: random.Random) -> bytes:
    def torn(data: bytes) -> int:
        whole = len(data) // SECTOR
        return len(data) if chance.random() < share else SECTOR * chance.randint(0, whole)

    return content.with_some(lambda _: chance.random() < share, torn)
