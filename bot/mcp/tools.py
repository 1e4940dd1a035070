"""The tools: ask, check and verify, each with the schemas of its arguments and its result."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from mcp_types import Tool, ToolAnnotations
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.conversation import contract
from bot.conversation.contract import MAX_FILTER_CHARS, Asked, Text, Wanted, explain
from bot.conversation.conversation import Conversation
from bot.conversation.drafts import make_draft
from bot.errors import ToolError
from bot.scheduling.inference import Inference
from index.answering.answerer import MAX_QUESTION_CHARS
from index.answering.draft_check import Checked, check_quotation
from index.answering.schemas import Json, schemas
from index.core.documents import Span
from index.core.scope import Scope
from index.text.quotations import Quotation

DEFINITIONS = "#/$defs/"
READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)


class Question(BaseModel):
    """The arguments of `ask`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    question: str = Field(
        min_length=1,
        max_length=MAX_QUESTION_CHARS,
        description="A whole question, as a person would ask it.",
    )
    since: str | None = Field(
        None,
        max_length=MAX_FILTER_CHARS,
        description="Only documents published then or later: 2021-07-10, 2021-07 or 2021.",
    )
    until: str | None = Field(
        None, max_length=MAX_FILTER_CHARS, description="Only documents published then or earlier."
    )
    source: str | None = Field(
        None,
        max_length=MAX_FILTER_CHARS,
        description="A part of the title, file, publisher or address of the documents.",
    )


@dataclass(frozen=True, slots=True)
class Tools:
    """Obeys the calls, one at a time in the models."""

    conversation: Conversation
    inference: Inference

    async def call(self, name: str, arguments: dict[str, Any]) -> Json:
        """Return the result of a tool in the form that its schema describes.

        Raises:
            ToolError: there is no such tool, or the arguments are not what it takes.
            OnrecordError: what it was asked cannot be done.
            BusyError: too many calls wait.
        """
        known = KNOWN.get(name)
        if known is None:
            raise ToolError(f"there is no tool {name[:40]!r}; use one of {', '.join(KNOWN)}")
        try:
            given = known.arguments.model_validate(arguments)
        except ValidationError as error:
            raise ToolError(explain(error)) from error
        return await known.run(self, given)

    async def ask(self, given: Question) -> Json:
        asked = Asked(q=given.question, since=given.since, until=given.until, source=given.source)
        return await self.inference.run(
            lambda _question: contract.ask(self.conversation, asked), given.question
        )

    async def check(self, given: Text) -> Json:
        draft = make_draft(given.text)
        whole = Quotation(Span(0, len(given.text)), given.text)
        # The models are free for other calls between two quotations.
        checked = [
            await self.inference.run(partial(self._look_up, one), one.text, patient=True)
            for one in draft.quotations or [whole]
        ]
        return contract.quotations(checked, draft.left_out)

    async def verify(self, given: Wanted) -> Json:
        verify = partial(contract.verify, self.conversation)
        return await self.inference.run(verify, given.certificate)

    def _look_up(self, quotation: Quotation, _text: str) -> Checked:
        scope = Scope(self.conversation.collections)
        return check_quotation(quotation, partial(self.conversation.library.check, scope=scope))


@dataclass(frozen=True, slots=True)
class Known:
    """A tool as assistants see it."""

    title: str
    purpose: str
    arguments: type[BaseModel]
    result: str  # the name of its schema
    run: Callable[[Tools, Any], Awaitable[Json]]


KNOWN = {
    "ask": Known(
        "Ask the documents",
        "Answer a question with verbatim quotes from the user's documents, each with its source, "
        'place and certificate. In the state "unsure" they may not answer it; in the state "none" '
        "the documents do not, and `closest` is no answer. Cite `text` unchanged.",
        Question,
        "Answer",
        Tools.ask,
    ),
    "check": Known(
        "Check quotations",
        "Compare each quotation of a text, or a text without any as a whole, with the documents: "
        "exact, altered (with the words that differ) or not found.",
        Text,
        "Quotations",
        Tools.check,
    ),
    "verify": Known(
        "Verify a quote",
        "Tell by its certificate whether a quote that was given before still stands in its "
        "document.",
        Wanted,
        "Verification",
        Tools.verify,
    ),
}


def descriptions() -> list[Tool]:
    """Return the tools with their schemas."""
    defined = schemas(DEFINITIONS)
    return [
        Tool(
            name=name,
            title=known.title,
            description=known.purpose,
            input_schema=known.arguments.model_json_schema(),
            output_schema=defined[known.result] | {"$defs": defined},
            annotations=READS,
        )
        for name, known in KNOWN.items()
    ]
