"""The same conversation on standard input and output."""

import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from rich.console import Console

from bot.cli import terminal
from bot.conversation.conversation import Conversation
from index.answering.quote_check import Finding, Verdict
from index.answering.verification import State
from index.core.answers import Quote
from index.store.certificates import certificate_id
from index.text.diff import compare
from tests.support import PATIENCE_S
from tests.support.library import (
    BORDERS,
    EXAMPLES,
    ScriptedLibrary,
    StubLibrary,
    abstained,
    answered,
    document,
    quote,
    unsure,
    verification,
)

PLACE = "Taliban seize a key district · 10 July 2021 · ¶ 2"
DATED = f"{PLACE} · “In the past week”: 3–10 Jul 2021"
ANSWER = quote(BORDERS)
ANSI_BOLD = "\x1b[1m"
END_OF_INPUT = b"\x04"
SCRIPT = """\
from bot.cli import terminal
from bot.conversation.conversation import Conversation
from tests.support.library import StubLibrary
terminal.run(Conversation(StubLibrary()))
"""


def source(found: Quote, place: str = DATED) -> str:
    return f"{place} · certificate {certificate_id(found)}"


def ask(lines: str, library: StubLibrary | None = None, width: int = 60) -> str:
    """Return what is printed when the lines come from a pipe."""
    output = io.StringIO()
    console = Console(file=output, width=width)
    terminal.run(Conversation(library or StubLibrary()), console, io.StringIO(lines))
    return output.getvalue()


@contextmanager
def dialogue() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run a dialogue on a terminal of its own; yield the process and our end of the terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "60"},
    ) as process:
        os.close(theirs)
        try:
            yield process, ours
        finally:
            process.kill()
            os.close(ours)


def read_until(terminal_fd: int, awaited: str | None) -> str:
    """Return what the terminal shows until the awaited text, or for None until the end."""
    shown = b""
    while awaited is None or awaited.encode() not in shown:
        try:
            shown += os.read(terminal_fd, 4096)
        except OSError:
            # How Linux says that the other end is closed.
            break
    return shown.decode()


def test_small_talk_is_no_question() -> None:
    library = StubLibrary()
    shown = ask("hi\nthanks!\n", library)
    assert shown.startswith("> hi\nHello! Ask me a question")
    assert f"Questions to try:\n• {EXAMPLES[0]}" in shown
    assert "> thanks!\nYou're welcome." in shown
    assert not library.asked


def test_lines_of_a_pipe_are_answered_unbroken() -> None:
    assert ask("Which borders?\n\n  \nAnd then?\n") == (
        f"> Which borders?\n▌ {BORDERS}\n{source(ANSWER)}\n\n"
        f"> And then?\n▌ {BORDERS}\n{source(ANSWER)}\n\n"
    )


def test_a_pipe_ends_at_quit() -> None:
    library = StubLibrary()
    ask("Which borders?\n/quit\nAnd then?\n", library)
    assert library.asked == ["Which borders?"]


def test_an_abstention() -> None:
    near = quote("Near.")
    assert ask("Who?", StubLibrary(abstained(near, quote("Far.")))) == (
        "> Who?\n"
        "I can't find this in the documents. I searched 1,204 documents (newest: 31 December 2021)."
        f"\nClosest, but not an answer:\n▌ Near.\n{source(near, PLACE)}\n\n"
    )


def test_what_is_missing_and_an_unsure_answer() -> None:
    near = quote("Near.")
    lacking = StubLibrary(abstained(near, missing=("2019",), about="2022"))
    assert ask("Who?", lacking) == (
        "> Who?\nNothing I found mentions 2019. I searched 1,204 documents (newest: 31 December "
        f"2021).\nClosest, about 2022:\n▌ Near.\n{source(near, PLACE)}\n\n"
    )
    assert ask("Who?", StubLibrary(unsure(near, missing=("2019",)))) == (
        "> Who?\nNothing I found mentions 2019.\nNot sure this answers it:\n▌ Near.\n"
        f"{source(near, PLACE)}\n\n"
    )


def test_commands() -> None:
    library = StubLibrary(shelf=[document(None, f"{n}.txt", None) for n in range(32)])
    printed = ask("/start\n/help\n/sources\n/nonsense\n", library, width=200)
    for part in ("Who denied the reports?", "/quit", "• 0\n", "and 12 more", "/nonsense"):
        assert part in printed


def test_markup_in_documents_stays_text() -> None:
    hostile = "[bold]a[/bold] [/] :smile: \\[b] https://x.org 12 'c'"
    source = document(hostile)
    library = StubLibrary(answered(quote(hostile, source=source, speaker="[red]")))
    printed = ask(f"{hostile}\n", library, width=20)
    assert printed.startswith(f"> {hostile}\n▌ {hostile}\n— [red], in {hostile} · ")


def test_control_characters_do_not_reach_the_terminal() -> None:
    found = quote("a\r\nb \x1b[2J c\x07 d", "d")
    assert "\n▌ a \n▌ b ␛[2J c␇ d\nTaliban" in ask("Which?", StubLibrary(answered(found)))


def test_others_that_say_the_same_are_listed() -> None:
    others = tuple(quote(source=document(f"Paper {n}", f"{n}.txt")) for n in range(4))
    printed = ask("Which?", StubLibrary(answered(replace(quote(), also=others))), width=200)
    assert f"{DATED} · also in 4 other sources · certificate {certificate_id(quote())}" in printed
    assert "\n    Paper 0 · 10 July 2021\n" in printed
    assert printed.count("Paper") == 4


def test_a_check_shows_what_is_altered() -> None:
    found = quote("He said no.")
    diff = compare("He said yes.", found.text)
    library = StubLibrary(findings=[Finding("He said yes.", Verdict.ALTERED, found, diff)])
    assert ask("/check He said yes.", library, width=200).splitlines()[1:] == [
        "Altered. The documents say:",
        "▌ He said no.",
        PLACE,
        "[-Between these-] what was given, {+between these+} what is in the document:",
        "▌ He said [-yes-]{+no+}.",
        "",
    ]


def test_a_verification() -> None:
    library = StubLibrary(verification=verification(State.MOVED, ANSWER))
    assert ask("/verify 7K3M-Q2XA-90VB", library).splitlines()[1:] == [
        "The same words, now in another place:",
        f"▌ {BORDERS}",
        DATED,
        "",
    ]


@pytest.mark.slow
def test_a_dialogue() -> None:
    with dialogue() as (process, keyboard):
        assert "Questions to try" in read_until(keyboard, "> ")
        os.write(keyboard, b"Which borders?\n")
        shown = read_until(keyboard, "> ")
        assert f"{ANSI_BOLD}Iran, Tajikistan" in shown
        assert shown.count("▌") == 4
        os.write(keyboard, END_OF_INPUT)
        assert read_until(keyboard, None).endswith("Goodbye.\r\n")
        assert process.wait() == 0


def test_quotes_of_one_document_share_its_name() -> None:
    found = StubLibrary(answered(quote("Near."), quote("Far.", page=7)))
    lines = ask("Which?", found).splitlines()[1:]
    assert [line.partition(" · certificate ")[0] for line in lines] == [
        "▌ Near.",
        "[1] ¶ 2",
        "▌ Far.",
        "[2] page 7",
        "Taliban seize a key district · 10 July 2021",
        "",
    ]


def test_the_other_side_stands_below_its_heading() -> None:
    denial = replace(quote("No.", start=40), side="disputed")
    lines = ask("Which?", StubLibrary(answered(replace(quote("Yes."), beside=(denial,)))))
    told = [line.partition(" · certificate ")[0] for line in lines.splitlines()[1:]]
    assert told[:5] == ["▌ Yes.", "[1] ¶ 2", "Disputed:", "▌ No.", "[2] ¶ 2"]


def test_a_blank_line_follows_every_reply() -> None:
    shown = ask("hi\n/start\n/nonsense\nWhich?\n")
    assert len(re.findall(r"\S\n\n> ", shown)) == 3
    assert re.search(r"\S\n\n$", shown)


def test_control_c_ends_it_in_peace() -> None:
    assert ask("Which?\nWho?\n", StubLibrary(error=KeyboardInterrupt())) == "> Which?\n"


@pytest.mark.slow
def test_a_closed_pipe_leaves_no_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        input=b"Which borders?\n" * 9,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        timeout=PATIENCE_S,
    )
    os.close(writing)
    assert process.stderr == b""


def test_follow_ups_and_several_questions() -> None:
    said = {
        "Which borders did they reach?": ("They reached five borders.", 1),
        "Which borders did they reach in Herat?": ("They reached Herat.", 2),
        "Who fled?": ("A thousand people fled.", 2),
    }
    library = ScriptedLibrary(said=said)
    shown = ask("Which borders did they reach?\nand in Herat? Who fled?\n", library)
    for part in (
        "> and in Herat?",
        "Understood as: Which borders did they reach in Herat?",
        "They reached Herat.",
        "> Who fled?",
        "A thousand people fled.",
    ):
        assert part in shown


def test_too_many_questions_in_a_line() -> None:
    shown = ask(" ".join(f"Who is number {number}?" for number in range(6)))
    assert "> Who is number 5?" not in shown
    assert "Please send the last one again." in shown
