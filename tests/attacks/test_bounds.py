"""No file takes more than its time and memory, in whichever step, and none holds up the end."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from index.core.documents import Entry, Metadata, Paragraph, Parsed, Span
from index.ingest.prepare import Limits, Tokens, prepare
from index.text.sentences import split_sentences
from tests.botapi import FakeBotApi
from tests.support.chat import text_of
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf, counts
from tests.support.running import spawn

FOX = "The red fox sleeps in the mill."
SECONDS = 60.0
"""Far more than any of these takes; before, they took minutes."""
HOSTILE = {  # text, and how often in the long rounds
    "marks": ("\u0301\n", 150_000),
    "marks on letters": ("e" + "\u0301" * 60 + "\n", 2_500),
    "joiners": ("\u200d\n", 100_000),
    "joined": ("a\u200d" * 60 + "\n", 2_000),
    "quotation marks that never close": ("“a ", 300_000),
    "guillemets": ("«a. ", 100_000),
    "a paragraph without spaces": ("你好。", 60_000),
    "a paragraph of prose": (f"{FOX} ", 20_000),
    "brackets": ("(a. [b. ", 50_000),
}


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_is_cut_within_its_time(shelf: Shelf, name: str, soak: bool) -> None:
    text, times = HOSTILE[name]
    shelf.write("a.txt", f"{FOX}\n\n{text * (times if soak else times // 5)}\n\n{FOX}")
    library = shelf.open(parse=None, parse_seconds=SECONDS, parse_memory_mb=1024)
    assert counts(library.sync(shelf.folder)) == {"added": 1}
    assert library.find_faults() == []


@pytest.mark.parametrize(("step", "most"), [("characters", 50), ("sentences", 5), ("passages", 5)])
def test_a_file_of_too_many_is_one_line_and_the_rest_is_read(
    shelf: Shelf, step: str, most: int
) -> None:
    shelf.write("a.txt", f"{FOX}\n\n" * 50)
    shelf.write("b.txt", "Another text.")
    (failed,) = shelf.open(**{f"max_{step}": most}).sync(shelf.folder).failed
    assert str(failed) == (
        f"a.txt: holds more than {most} {step}; split the file or raise ONRECORD_MAX_{step.upper()}"
    )
    assert shelf.paths() == ["b.txt"]


@pytest.mark.slow
def test_a_file_of_tiny_lines_takes_little_memory(shelf: Shelf) -> None:
    shelf.write("a.txt", "a b.\n" * 600_000)
    shelf.write("b.txt", FOX)
    library = shelf.open(parse=None, parse_memory_mb=768)
    (failed,) = library.sync(shelf.folder).failed
    assert "holds more than 200,000 sentences" in failed.reason
    assert shelf.paths() == ["b.txt"]


def test_names_are_short_in_every_passage() -> None:
    text = "The fox sleeps.\n\n" * 2_000
    paragraphs = tuple(
        Paragraph(Span(at, at + 15), "h" * 100_000) for at in range(0, len(text), 17)
    )
    entries = (Entry(0, title="t" * 100_000, url="https://example.org/" + "u" * 100_000),)
    parsed = Parsed(text, paragraphs, Metadata(title="\u200d" * 100_000), entries=entries)
    prepared = prepare("a.txt", parsed, Tokens.of(HashEmbedder()), Limits(10**6, 9_999, 9_999))
    (entry,) = prepared.parsed.entries
    names = [chunk.heading for chunk in prepared.chunks] + [entry.title]
    assert {len(name) for name in [*names, prepared.parsed.metadata.title]} == {500}
    assert entry.url is None
    assert all(
        len(embedded) < len(chunk.span) + 1_100
        for embedded, chunk in zip(prepared.embedded, prepared.chunks, strict=True)
    )


@pytest.mark.slow
def test_passages_are_bounded_although_their_text_has_no_tokens() -> None:
    text = "\u0301\n" * 20_000
    parsed = Parsed(text, tuple(Paragraph(Span(at, at + 1)) for at in range(0, len(text), 2)))
    embedder = HashEmbedder()
    tokens = Tokens(lambda texts: [0] * len(texts), embedder.max_tokens)
    prepared = prepare("a.txt", parsed, tokens, Limits(10**6, 20_000, 20_000))
    assert max(len(chunk.span) for chunk in prepared.chunks) < 10_000


def test_a_long_paragraph_is_cut_where_its_sentences_end() -> None:
    sentences = [f"The red fox number {at} sleeps in the mill of Mr. Smith." for at in range(500)]
    text = " ".join(sentences)
    found = split_sentences(text, [Paragraph(Span(0, len(text)))])
    assert [sentence.span.cut(text) for sentence in found] == sentences


@pytest.mark.slow
async def test_the_bot_ends_in_time_whatever_is_read(api: FakeBotApi, tmp_path: Path) -> None:
    drain_s = 2.0
    process = await spawn(
        api, tmp_path, "shelf", owner=1, drain_s=drain_s, max_sentences=10**7, max_passages=10**7
    )
    ann = api.private_chat(1)
    sent = ann.send_document("a.txt", ("你好。" * 1_000_000).encode())
    (progress,) = await api.wait_for(ann, after=sent)
    await api.wait_until(lambda: "reading" in text_of(progress))
    await asyncio.sleep(1.0)  # into the reading
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(drain_s + 30):
        assert await process.wait() == 0
    again = await spawn(api, tmp_path, "shelf", owner=1, max_sentences=5)
    await api.wait_until(lambda: "ONRECORD_MAX_SENTENCES" in text_of(progress))
    again.terminate()
    await again.wait()
