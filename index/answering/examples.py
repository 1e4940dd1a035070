"""Questions to try on these very documents, made of names that occur in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from index.core.answers import Answer
from index.core.scope import Scope
from index.store.store import Store

_NAME = re.compile(r"(?<![.!?“\"‘'(\[]\s)(?<=\s)(?:[A-Z][\w’-]+)(?: [A-Z][\w’-]+){0,2}")
_MIN_NAME_CHARS = 4
_TRIED = 12
_PASSAGES = 100


class Examples:
    """Three questions for each group of collections, kept until the documents change."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], tuple[int, tuple[str, ...]]] = {}

    def of(
        self, collections: tuple[str, ...], store: Store, ask: Callable[[str, Scope], Answer]
    ) -> tuple[str, ...]:
        """Return questions that these documents answer; fewer where there are not as many."""
        revision = store.revision()
        known = self._known.get(collections)
        if known is None or known[0] != revision:
            texts = store.passages.sample(collections, _PASSAGES)
            scope = Scope(collections)
            questions = example_questions(texts, lambda question: ask(question, scope))
            known = self._known[collections] = (revision, questions)
        return known[1]


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
