"""A library that answers what it is told to, from the documents it is told to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from index.core.answers import Answer
from index.core.scope import Scope
from tests.support.library import StubLibrary, abstained, answered, document, quote

FIRST = "Which borders did the Taliban reach?"
IN_HERAT = "Which borders did the Taliban reach in Herat?"
SAID = {
    FIRST: ("They reached five borders.", 1),
    IN_HERAT: ("They seized five districts in Herat.", 2),
    "Who fled?": ("A thousand people fled.", 2),
    "Who spoke?": ("A spokesman spoke.", 1),
}


@dataclass
class ScriptedLibrary(StubLibrary):
    """Answers some questions, each with one sentence of one document, and no others.

    Attributes:
        said: the sentence and the id of its document, by question.
        scopes: those of the questions asked, in order.
    """

    said: dict[str, tuple[str, int]] = field(default_factory=SAID.copy)
    scopes: list[Scope] = field(default_factory=list)

    def ask(self, question: str, scope: Scope, max_quotes: int = 3) -> Answer:
        super().ask(question, scope, max_quotes)
        self.scopes.append(scope)
        text, document_id = self.said.get(question, ("", 0))
        if not text or (scope.documents is not None and document_id not in scope.documents):
            return abstained(question=question)
        source = replace(document(path=f"{document_id}.txt"), id=document_id)
        return answered(quote(text, source=source), question=question)
