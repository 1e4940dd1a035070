"""Damaged files of every format are a document that holds together, or one line; never more.

Each run damages them in another way; `--fuzz-seed` repeats one, by the seed in its header.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.core.documents import Metadata, Parsed, Span
from index.core.errors import DocumentError
from index.ingest.prepare import Limits, Prepared
from index.ingest.sandbox import ParserProcess
from index.ingest.worker import Packing
from tests.support.embedder import HashEmbedder
from tests.support.samples import samples, zipped

FILES, SOAK_FILES = 1_000, 10_000
SECONDS = 10.0
MEMORY_MB = 1024
MAX_GROWTH_KB = 200_000
MAX_CHUNK_CHARS = 70_000
NUMBER = re.compile(rb"\d+")
NUMBERS = [b"0", b"-1", b"1e999", b"65536", b"4294967295", b"9" * 30, b"9" * 5000]
FRAGMENTS = ["\u0301\n".encode() * 50, "\u200d".encode() * 90, "“a ".encode() * 30, b"a b.\n" * 50,
             b"\0", b"<" * 200, b"&a;", b"[[[[", b'"', b"\xff\xfe", b"\xed\xa0\x80", b"%%EOF",
             b"\xe2\x80\xae", b"\r", b"]]>", b"</p>", b"{", b"\x1b[2J", b"PK\x05\x06"]  # fmt: skip

Mutation = Callable[[random.Random, bytes], bytes]


def flip(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 40))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def truncate(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data))]


def cut(chance: random.Random, data: bytes) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randrange(1, 200) :]


def duplicate(chance: random.Random, data: bytes) -> bytes:
    start = chance.randrange(len(data))
    part = data[start : start + chance.randrange(1, 400)]
    return data[:start] + part * chance.choice((2, 3, 50)) + data[start:]


def insert(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.choice(FRAGMENTS) * chance.choice((1, 1, 20)) + data[at:]


def splice(chance: random.Random, data: bytes) -> bytes:
    other = chance.choice(list(SAMPLES.values()))
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


def renumber(chance: random.Random, data: bytes) -> bytes:
    found = list(NUMBER.finditer(data))
    if not found:
        return flip(chance, data)
    at = chance.choice(found)
    return data[: at.start()] + chance.choice(NUMBERS) + data[at.end() :]


MUTATIONS: list[Mutation] = [flip, truncate, cut, duplicate, insert, splice, renumber]


def mutate(chance: random.Random, data: bytes) -> bytes:
    """Damage a file in one to three ways; of a zip file mostly a member, the rest left whole."""
    if data.startswith(b"PK") and chance.random() < 0.7:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice([name for name, content in members.items() if content])
        members[name] = mutate(chance, members[name])
        if chance.random() < 0.1:
            members[f"../{name}"] = members.pop(name)
        return zipped(members)
    for mutation in chance.choices(MUTATIONS, k=chance.choice((1, 1, 2, 3))):
        data = mutation(chance, data) or b"x"
    return data


SAMPLES = samples()


def packing() -> Packing:
    embedder = HashEmbedder()
    return Packing(embedder.tokenizer, embedder.max_tokens, Limits(10**7, 100_000, 20_000))


def check(prepared: Prepared) -> None:
    """Insist on what every document keeps."""
    check_parsed(prepared.parsed)
    text, at = prepared.parsed.text, 0
    for sentence in prepared.sentences:
        assert at <= sentence.span.start < sentence.span.end <= len(text)
        assert prepared.parsed.paragraphs[sentence.paragraph - 1].span.covers(sentence.span)
        at = sentence.span.end
    for chunk in prepared.chunks:
        first, last = prepared.sentences[chunk.first], prepared.sentences[chunk.last]
        assert Span(first.span.start, last.span.end).covers(chunk.span)
        assert len(chunk.span) <= MAX_CHUNK_CHARS
    assert len(prepared.prefixes) == len(prepared.chunks) > 0


def check_parsed(parsed: Parsed) -> None:
    parsed.text.encode()
    length, at = len(parsed.text), 0
    assert parsed.paragraphs
    for paragraph in parsed.paragraphs:
        assert at <= paragraph.span.start < paragraph.span.end <= length
        assert paragraph.span.cut(parsed.text).strip()
        paragraph.heading.encode()
        at = paragraph.span.end
    assert list(parsed.pages) == sorted(parsed.pages)
    assert all(0 <= start <= length for start in parsed.pages)
    starts = [entry.start for entry in parsed.entries]
    assert starts == sorted(set(starts))
    assert all(0 <= start < length for start in starts)
    for entry in parsed.entries:
        if entry.speaker is not None:
            assert entry.speaker.span.end <= length


def memory_kb(pid: int | None) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0])


@pytest.fixture(scope="module")
def process() -> Iterator[ParserProcess]:
    made = ParserProcess(MEMORY_MB, SECONDS, packing)
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.parametrize("suffix", sorted(SAMPLES))
def test_the_sample_is_read(process: ParserProcess, suffix: str) -> None:
    prepared = process.prepare(f"a{suffix}", SAMPLES[suffix], Metadata())
    check(prepared)
    assert "The red fox sleeps in the mill at night." in prepared.parsed.text


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("suffix", sorted(SAMPLES))
def test_damage_gives_a_document_or_one_line(
    process: ParserProcess, suffix: str, fuzz_seed: str, soak: bool
) -> None:
    turns = -(-(SOAK_FILES if soak else FILES) // len(SAMPLES))
    told: Counter[str] = Counter()
    chance = random.Random(fuzz_seed + suffix)
    sizes = []
    for turn in range(turns):
        data = mutate(chance, SAMPLES[suffix])
        try:
            check(process.prepare(f"a{suffix}", data, Metadata()))
            told["documents"] += 1
        except DocumentError as error:
            line = str(error)
            assert len(line.splitlines()) == 1
            assert len(line) < 500
            line.encode()
            assert "parser" not in line, (turn, line)
            assert "takes" not in line, (turn, line)
            told["errors"] += 1
        if turn in {turns // 8, turns - 1}:
            sizes.append(memory_kb(process.pid))
    assert told["documents"]
    assert told["errors"]
    assert sizes[-1] - sizes[0] < MAX_GROWTH_KB
