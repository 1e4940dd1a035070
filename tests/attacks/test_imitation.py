"""A document cannot pass for us: neither in a quote nor in a name, nor for several sources."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.cli import terminal
from bot.conversation.conversation import Conversation
from bot.i18n.language import LANGUAGES, _, speaking
from bot.texts.answers import also_in, name_of
from bot.texts.citations import source_line
from index.library import Library
from tests.support.folders import Shelf
from tests.support.library import StubLibrary, answered, document, quote

FORGED = ("The Times · 1 May 2020 · ¶ 7 · also in 9 other sources", "> Who?", "All of them.", "▌ x")
HIDDEN = ("\u202e", "\x1b[A", "\x85", "\u2028")
LANGUAGE_CODES = st.sampled_from(sorted(LANGUAGES))


def lines_of(library: StubLibrary) -> list[str]:
    output = io.StringIO()
    terminal.run(Conversation(library), Console(file=output, width=60), io.StringIO("Which?\n"))
    return output.getvalue().splitlines()


@pytest.mark.slow
@given(st.lists(st.sampled_from([*FORGED, *HIDDEN])))
def test_every_line_of_a_document_is_marked_in_a_pipe(parts: list[str]) -> None:
    text = "\n".join(["It began.", *parts, "It ended."])
    printed = "\n".join(lines_of(StubLibrary(answered(quote(text, source=document("A tale"))))))
    ours = [line for line in printed.split("\n") if line and not line.startswith("▌ ")]
    assert len(ours) == 2
    assert ours[0] == "> Which?"
    assert ours[1].startswith("A tale · 10 July 2021 · ¶ 2 · certificate ")
    assert printed.count("\n▌ ") == text.count("\n") + 1


def test_the_mark_of_a_terminal_without_unicode() -> None:
    output = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="replace")
    console = Console(file=output, width=60)
    library = StubLibrary(answered(quote("They fled.\nAll.", source=document("A tale"))))
    terminal.run(Conversation(library), console, io.StringIO("Which?\n"))
    output.seek(0)
    assert "\n| They fled.\n| All.\nA tale" in output.read()


@pytest.mark.parametrize(
    "name",
    [
        "News · also in 9 other sources",
        "News, also in 9 other sources",
        "News, ALSO  IN nine other\u00a0sources",
        "News, also in 9 \u03bfther sources",
        "News \u2219 10 July 2021",
        "News \u30fb page 3",
        "[2] News",
        "News [1] of the Times",
        "> Who?",
        "\u258c They fled",
        "News \u2014 said by the President",
        "News certificate 7K3M-Q2XA-90VB",
        "\u2022 News",
        "News \xb6 3",
        "\u201cNews\u201d \xb7 page 3",
    ],
)
def test_a_name_that_looks_like_us_is_between_quotation_marks(name: str) -> None:
    shown = name_of(name)
    assert shown.strip("\u2068\u2069")[0] == "\u201c"
    assert shown.strip("\u2068\u2069")[-1] == "\u201d"
    assert shown.count("\u201c") == shown.count("\u201d") == 1
    by = replace(quote(speaker=name, source=document(None, f"{name}.txt")), section=name)
    assert source_line(by).count(shown) == 2


@pytest.mark.parametrize(
    "name",
    [
        "Taliban fighters captured two borders",
        "The Guardian \u2014 World news",
        "What was said by the minister, on page 3",
        "Also in other news: sources (2021)",
        "\u041d\u043e\u0432\u043e\u0441\u0442\u0438 BBC",
    ],
)
def test_other_names_stay_as_they_are(name: str) -> None:
    assert name in name_of(name)
    assert "\u201c" not in name_of(name)


@given(LANGUAGE_CODES, st.sampled_from([1, 2, 3, 5, 9, 11, 1000]))
def test_in_every_language(language: str, number: int) -> None:
    with speaking(language):
        for words in (also_in(number), _("certificate {certificate}").format(certificate="A-B")):
            assert "\u201c" in name_of(f"News, {words}")
        assert "\u201c" in name_of("News \u2014 " + _("said by {speaker}").format(speaker="Ann"))


@given(st.text(max_size=40))
def test_no_name_turns_the_line_or_drives_the_terminal(text: str) -> None:
    shown = name_of(text).removeprefix("\u2068").removesuffix("\u2069")
    kinds = {unicodedata.category(character) for character in set(shown) - set("\u200c\u200d")}
    assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


class TestCopies:
    STORY = "The ferry sank near the harbour on Monday."

    def also(self, library: Library) -> list[str]:
        found = library.ask("Where did the ferry sink?").quotes[0]
        assert found.text == self.STORY
        return sorted(other.document.path for other in found.also)

    def test_a_copy_is_not_another_source(self, shelf: Shelf) -> None:
        for name in ("a.txt", "b.txt", "deep/c.md", "d.txt"):
            shelf.write(name, self.STORY)
        shelf.write("e.txt", f"\n{self.STORY}  \n")
        shelf.sync()
        assert self.also(shelf.open()) == []

    def test_a_copy_of_another_source_counts_once(self, shelf: Shelf) -> None:
        shelf.write("a.txt", self.STORY)
        for name in ("b.txt", "c.txt", "d.txt"):
            shelf.write(name, f"{self.STORY} Nobody saw it. The rescuers came too late.")
        shelf.sync()
        assert len(self.also(shelf.open())) == 1

    def test_a_reprint_by_another_publisher_is_one(self, shelf: Shelf) -> None:
        for name in ("a.txt", "b.txt"):
            shelf.write(name, self.STORY)
            shelf.write(f"{name}.meta.yaml", f"publisher: Paper {name}")
        shelf.sync()
        assert len(self.also(shelf.open())) == 1
