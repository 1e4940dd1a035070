"""Questions to try on these very documents, made of names that occur in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from index.records import Answer

_NAME = re.compile(r"(?<![.!?“\"‘'(\[]\s)(?<=\s)(?:[A-Z][\w’-]+)(?: [A-Z][\w’-]+){0,2}")
_MIN_NAME_CHARS = 4
_TRIED = 12


def example_questions(
    texts: Sequence[str], ask: Callable[[str], Answer], count: int = 3
) -> tuple[str, ...]:
    """Return up to `count` questions that the documents answer.

    Args:
        texts: some of the documents' passages.
        ask: answers a question from the same documents.
        count: how many questions are wanted.
    """
    names: Counter[str] = Counter()
    for text in texts:
        names.update({name for name in _NAME.findall(text) if len(name) >= _MIN_NAME_CHARS})
    # Names of two or more words are the more telling ones.
    ranked = sorted(names, key=lambda name: (-(name.count(" ") > 0), -names[name], name))
    questions = (f"What is said about {name}?" for name in ranked[:_TRIED])
    answered = (question for question in questions if ask(question).answered)
    return tuple(question for question, _ in zip(answered, range(count), strict=False))
