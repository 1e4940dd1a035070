"""What was said before a question, and what the question may mean after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bot.conversation.followup import whole_questions
from index.core.scope import Scope


@dataclass(frozen=True, slots=True)
class Context:
    """What a question may lean on.

    Attributes:
        previous: the question before, as the library was asked; "" for none.
        scope: in which documents it was asked.
        documents: ids of the sources of the answer that is replied to; none where none is.
    """

    previous: str = ""
    scope: Scope = field(default_factory=Scope)
    documents: tuple[int, ...] = ()

    def relevant_to(self, text: str) -> Context:
        """Return what of it decides about the answer to `text`, for equal questions to be equal."""
        if self.previous and whole_questions(self.previous, text) != [text]:
            return self
        return Context(documents=self.documents)


ALONE = Context()
"""Of a question that nothing was said before."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as the library can be asked.

    Attributes:
        is_literal: it is the text as it stands.
        is_everywhere: it sees all the documents that the text allows.
    """

    question: str
    scope: Scope
    is_literal: bool
    is_everywhere: bool = True


def readings(text: str, scope: Scope, context: Context) -> Iterator[Reading]:
    """Yield how `text` may be understood, best guess first; the documents decide.

    The sources of an answer that is replied to come first, then all documents. A question that is
    completed from the one before takes over its limits as well, but where it names its own.
    """
    questions = whole_questions(context.previous, text) if context.previous else [text]
    limited = scope if scope.is_narrow else replace(context.scope, collections=scope.collections)
    whole = [
        Reading(question, scope if question == text else limited, question == text)
        for question in questions
    ]
    if context.documents:
        for reading in whole:
            near = replace(reading.scope, documents=context.documents)
            yield replace(reading, scope=near, is_everywhere=False)
    for reading in whole:
        yield replace(reading, scope=replace(reading.scope, documents=scope.documents))
