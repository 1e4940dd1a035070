"""Finds the question at the end of a long text that somebody pasted."""

from __future__ import annotations

from bot.conversation.questions import Request, split_questions
from index.core.documents import Paragraph, Span
from index.text.sentences import split_sentences

MIN_PASTE_CHARS = 600
"""A question that is longer, with what stands before it, is a text with a question below."""
MAX_TAIL_CHARS = 300
_MARKS = ("?", "؟", "？")
_CLOSING = "\"'”’»)!"


def is_paste(request: Request) -> bool:
    """Whether a request is a long text instead of a question, or of several short ones."""
    asked = split_questions(request).requests
    return request.is_question and any(len(part.rest) > MIN_PASTE_CHARS for part in asked)


def last_question(text: str) -> str:
    """Return the question that a text ends in, "" if it ends in none."""
    end = text.rstrip()
    if not end.rstrip(_CLOSING).endswith(_MARKS):
        return ""
    line = end.splitlines()[-1].strip()
    sentences = split_sentences(line, [Paragraph(Span(0, len(line)))])
    last = sentences[-1].span.cut(line) if sentences else line
    return last if len(last) <= MAX_TAIL_CHARS else ""
