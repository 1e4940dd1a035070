"""Subtitles (.srt, .vtt): cues joined to sentences, each with the time at which it begins."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from datetime import time
from typing import NamedTuple

import webvtt

from index.core.documents import Metadata, Parsed
from index.core.errors import DocumentError
from index.parsers.toolkit.builder import TextBuilder, one_line
from index.parsers.toolkit.encoding import decode_table
from index.parsers.transcripts.turns import split_questions

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_TAG = re.compile(r"</?[a-zA-Z0-9:.][^<>]*>|\{\\[^{}]*\}")
_DASH = re.compile(r"\s*(?:[-–—‐]|>>)\s*(?=\S)")
_NAMED = re.compile(r"\s*([A-ZÀ-Þ][\w.'’ -]{1,30}):\s+(?=\S)")
_ENDS = re.compile(r"[.!?…。！？؟][\"'”’»)\]]*$")
_PAUSE_S = 4.0
_MAX_TURN_CHARS = 500  # of subtitles without full stops


class _Piece(NamedTuple):
    """Text of one cue; `begins` if a turn begins with it."""

    start_s: int
    speaker: str | None
    text: str
    begins: bool


def parse_subtitles(name: str, data: bytes) -> Parsed:
    """Return the document in a file of subtitles.

    Each sentence has the time of the cue in which it begins, and its speaker where the cue names
    one. A question that another answers is the heading of the answer, and is not quoted.

    Raises:
        DocumentError: not in this format, or of unknown encoding.
    """
    text = decode_table(name, data).replace("\r\n", "\n").replace("\r", "\n")
    kind = "vtt" if text.lstrip().startswith("WEBVTT") else "srt"
    try:
        captions = webvtt.from_buffer(io.StringIO(text.strip() + "\n"), format=kind)
    except webvtt.errors.MalformedFileError as error:
        raise DocumentError(
            name, "no subtitles: it does not begin with WEBVTT or a numbered cue; save it anew"
        ) from error
    builder = TextBuilder()
    asked = ""
    for turn in _turns(list(_pieces(captions))):
        said = " ".join(piece.text for piece in turn)
        begin = split_questions(said)
        builder.start_entry(at=_time(turn[0].start_s), speaker=turn[0].speaker)
        builder.add_paragraph(said[:begin], asked)
        builder.add_unquoted(said[begin:])
        asked = one_line(said[begin:]) or ""
    return builder.build(Metadata())


def _turns(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    turn: list[_Piece] = []
    chars = 0
    for piece in pieces:
        if turn and (
            piece.begins
            or piece.speaker != turn[-1].speaker
            or _ENDS.search(turn[-1].text)
            or piece.start_s - turn[-1].start_s > 3 * _PAUSE_S
            or chars > _MAX_TURN_CHARS
        ):
            yield turn
            turn, chars = [], 0
        turn.append(piece)
        chars += len(piece.text)
    if turn:
        yield turn


def _pieces(captions: webvtt.WebVTT) -> Iterator[_Piece]:
    last = ""
    for caption in captions.captions:
        # Two persons in a cue have a line, or a voice, each.
        raw = _VOICE.sub(lambda found: f"\n\0{found[1]}\0", caption.raw_text)
        speaker: str | None = None
        for part in re.split(r"\n(?=\0)", raw):
            said, begins = part, False
            if part.startswith("\0"):
                _, speaker, said = part.split("\0", 2)
            elif named := _NAMED.match(part):
                speaker, said, begins = named[1], part[named.end() :], True
            for line in _TAG.sub("", html.unescape(said)).split("\n"):
                dash = _DASH.match(line)
                text = one_line(line[dash.end() if dash else 0 :])
                if text and text != last:  # automatic subtitles roll: each line comes twice
                    yield _Piece(caption.start_in_seconds, speaker, text, begins or bool(dash))
                    last, begins = text, False


def _time(seconds: int) -> time | None:
    hours, rest = divmod(seconds, 3600)
    return time(hours, rest // 60, rest % 60) if hours < 24 else None
