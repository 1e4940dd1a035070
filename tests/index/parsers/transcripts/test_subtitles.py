"""Subtitles: sentences whole, each with its speaker and the time at which it begins."""

from __future__ import annotations

from datetime import time

import pytest

from index.core.errors import DocumentError
from index.parsers import parse
from tests.index.parsers.transcripts.test_turns import Said, said


def srt(*cues: str) -> bytes:
    return "\n\n".join(
        f"{at}\n00:00:{at * 2:02},000 --> 00:00:{at * 2 + 1:02},900\n{cue}"
        for at, cue in enumerate(cues, start=1)
    ).encode()


def vtt(*cues: str) -> bytes:
    return b"WEBVTT\n\n" + srt(*cues).replace(b",", b".")


def test_a_sentence_over_several_cues_is_whole() -> None:
    turns = said(parse("a.srt", srt("The mill has lost\ntwo wheels", "<i>since</i> 1983.", "Now.")))
    assert turns == [
        Said(None, time(0, 0, 2), "The mill has lost two wheels since 1983."),
        Said(None, time(0, 0, 6), "Now."),
    ]


def test_two_persons_in_a_cue_and_a_question() -> None:
    turns = said(parse("a.srt", srt("- When is it gone?\n- By 2060, I think.")))
    assert turns == [Said(None, time(0, 0, 2), "By 2060, I think.", "When is it gone?")]


def test_voices() -> None:
    cues = ("<v Ann Lee>The mill is", "<v Ann Lee>old.</v>", "<v.loud Bob>So &amp; so.</v>")
    assert said(parse("a.vtt", vtt(*cues))) == [
        Said("Ann Lee", time(0, 0, 2), "The mill is old."),
        Said("Bob", time(0, 0, 6), "So & so."),
    ]


def test_a_name_before_a_colon_is_the_speaker() -> None:
    turns = said(parse("a.vtt", vtt("Ann Lee: It is old.", "Bob: It is not.")))
    assert [turn.speaker for turn in turns] == ["Ann Lee", "Bob"]


def test_lines_that_roll_are_read_once() -> None:
    turns = said(
        parse("a.vtt", vtt("so the mill", "so the mill\nis very old", "is very old\nand grey."))
    )
    assert [turn.text for turn in turns] == ["so the mill is very old and grey."]


def test_what_is_no_subtitle() -> None:
    with pytest.raises(DocumentError, match="no subtitles"):
        parse("a.srt", b"The red fox sleeps in the mill.")
