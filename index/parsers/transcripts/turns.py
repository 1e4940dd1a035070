"""Turns of a transcript or chat: each a source of its own, with its speaker and its time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.core.documents import Entry, Paragraph, Parsed, Span, Speaker
from index.parsers.toolkit.builder import one_line
from index.parsers.transcripts.marks import Mark, find_marks

_SENTENCE_END = re.compile(r"(\S*?)[.!?…。！？؟;]+[\"'”’»)\]]*(?:\s+|$)")
_QUESTION_END = re.compile(r"[?？؟][\"'”’»)\]]*$")
_ABBREVIATIONS = frozenset(
    "dr mr mrs ms prof st no sen gov gen capt lt col rev hon vs etc jr sr mt inc ltd co".split()  # noqa: SIM905
)
_CLOCK = re.compile(r"\d:\d\d")
_OMITTED = re.compile(r"<[^<>\n]+>|\u200e.*", re.DOTALL)
_MAX_QUESTION_CHARS = 300
_MAX_CHARS = 20_000_000  # some 300 hours of speech; a longer text is no transcript


def with_turns(parsed: Parsed) -> Parsed:
    """Return a document with its turns as entries if it is a transcript, else unchanged.

    The questions that end a turn are not quoted, since a question is no answer; they are the
    heading of the next turn. Notes of a chat program are not quoted either.
    """
    is_long = len(parsed.text) > _MAX_CHARS
    if parsed.entries or is_long or not (marks := find_marks(parsed.text)):
        return parsed
    parsed = _without_title(parsed, marks[0])
    return replace(
        parsed,
        paragraphs=tuple(_paragraphs(parsed, marks)),
        entries=tuple(_entry(parsed.text, mark) for mark in marks),
    )


def _without_title(parsed: Parsed, mark: Mark) -> Parsed:
    """A document whose first turn is no longer taken for its title."""
    title, text = parsed.metadata.title, parsed.text
    if not (title and title.startswith(one_line(mark.span.cut(text)) or " ")):
        return parsed
    line = Span(mark.span.start, text.find("\n", mark.span.end - 1) % (len(text) + 1))
    return replace(
        parsed,
        metadata=replace(parsed.metadata, title=None),
        paragraphs=(Paragraph(line), *parsed.paragraphs),
    )


def split_questions(text: str) -> int:
    """Return the offset at which the questions begin that end a text; its length for none."""
    if not _QUESTION_END.search(text):
        return len(text)
    starts = [0]
    for found in _SENTENCE_END.finditer(text):
        word = found[1].lstrip("(\"'“‘«").casefold()
        if word not in _ABBREVIATIONS and len(word) != 1 and found.end() < len(text):
            starts.append(found.end())
    begin = len(text)
    for start in reversed(starts):
        if not _QUESTION_END.search(text[start:begin].rstrip()):
            break
        begin = start
    return begin


def _paragraphs(parsed: Parsed, marks: Sequence[Mark]) -> Iterator[Paragraph]:
    """The paragraphs without the marks in them, and without questions at the end of a turn."""
    text = parsed.text
    begins = [mark.span.start for mark in marks]
    turns: list[list[Paragraph]] = [[] for _ in range(len(marks) + 1)]
    at = 0
    for paragraph in parsed.paragraphs:
        start, end = paragraph.span.start, paragraph.span.end
        while at < len(marks) and begins[at] < end:
            turns[at] += _piece(text, Span(start, max(start, begins[at])), paragraph.heading)
            start = max(start, min(marks[at].span.end, end))
            at += 1
        # A mark may end in the next paragraph, as a name and a time on lines of their own.
        if at:
            start = max(start, min(marks[at - 1].span.end, end))
        turns[at] += _piece(text, Span(start, end), paragraph.heading)
    yield from turns[0]
    asked = ""
    for mark, turn in zip(marks, turns[1:], strict=True):
        if mark.is_note:
            continue
        question, kept = _take_questions(text, turn)
        for paragraph in kept:
            yield replace(paragraph, heading=asked or paragraph.heading)
        if question or kept:
            asked = question


def _take_questions(text: str, turn: Sequence[Paragraph]) -> tuple[str, list[Paragraph]]:
    """The questions that end a turn, and what is left of it."""
    kept = list(turn)
    questions: list[str] = []
    while kept:
        last = kept.pop()
        cut = last.span.cut(text)
        begin = split_questions(cut)
        if begin < len(cut):
            questions.insert(0, cut[begin:])
        if begin > 0:
            kept += _piece(text, Span(last.span.start, last.span.start + begin), last.heading)
            break
    question = one_line(" ".join(questions)) or ""
    return question[-_MAX_QUESTION_CHARS:], kept


def _piece(text: str, span: Span, heading: str) -> list[Paragraph]:
    """The paragraph under a span without white space around it; none if nothing is left."""
    cut = span.cut(text)
    start = span.start + len(cut) - len(cut.lstrip())
    stripped = cut.strip()
    if not stripped or _OMITTED.fullmatch(stripped):
        return []
    # A heading with a time is the mark of a turn.
    heading = "" if _CLOCK.search(heading) else heading
    return [Paragraph(Span(start, start + len(stripped)), heading)]


def _entry(text: str, mark: Mark) -> Entry:
    name = mark.name
    start = mark.span.start if name is None else name.start
    speaker = None if name is None else Speaker(name.cut(text), name)
    return Entry(start, published=mark.published, time=mark.at, speaker=speaker)
