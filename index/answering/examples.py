"""Example questions made of names that occur in the documents."""

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
_MAX_KNOWN = 200


class Examples:
    """Three questions per group of collections, cached until the documents change."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], tuple[int, tuple[str, ...]]] = {}

    def of(
        self, collections: tuple[str, ...], store: Store, ask: Callable[[str, Scope], Answer]
    ) -> tuple[str, ...]:
        """Return up to three questions that these documents answer."""
        revision = store.revision()
        known = self._known.pop(collections, None)
        if known is None or known[0] != revision:
            texts = store.passages.sample(collections, _PASSAGES)
            scope = Scope(collections)
            questions = example_questions(texts, lambda question: ask(question, scope))
            known = revision, questions
        self._known[collections] = known  # as the last one
        while len(self._known) > _MAX_KNOWN:
            del self._known[next(iter(self._known))]
        return known[1]


def example_questions(
    texts: Sequence[str], ask: Callable[[str], Answer], count: int = 3
) -> tuple[str, ...]:
    """Return up to `count` questions about names in `texts` that `ask` finds answered."""
    names: Counter[str] = Counter()
    for text in texts:
        names.update({name for name in _NAME.findall(text) if len(name) >= _MIN_NAME_CHARS})
    # Names of two or more words come first: they are more specific.
    ranked = sorted(names, key=lambda name: (-(name.count(" ") > 0), -names[name], name))
    questions = (f"What is said about {name}?" for name in ranked[:_TRIED])
    answered = (question for question in questions if ask(question).answered)
    return tuple(question for question, _ in zip(answered, range(count), strict=False))
