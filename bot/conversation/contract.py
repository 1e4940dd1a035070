"""Asks, checks and verifies for programs: their requests, read strictly, and the public JSON."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.conversation.conversation import Conversation
from index.answering.answerer import MAX_QUESTION_CHARS
from index.answering.draft_check import Checked
from index.answering.json import answer_to_json, checked_to_json, verification_to_json
from index.core.scope import Scope, first_day, last_day

T = TypeVar("T", bound=BaseModel)

MAX_TEXT_CHARS = 1_000_000
MAX_FILTER_CHARS = 200


class Asked(BaseModel):
    """A question, and the documents that it is limited to."""

    q: str = Field(min_length=1, max_length=MAX_QUESTION_CHARS)
    since: str | None = Field(None, max_length=MAX_FILTER_CHARS)
    until: str | None = Field(None, max_length=MAX_FILTER_CHARS)
    source: str | None = Field(None, max_length=MAX_FILTER_CHARS)


class Text(BaseModel):
    """A text whose quotations are to be checked."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = Field(
        max_length=MAX_TEXT_CHARS,
        description="With quotations between quotation marks, or in lines that begin with >.",
    )


class Wanted(BaseModel):
    """A certificate that is to be verified."""

    certificate: str = Field(
        min_length=1, max_length=100, description="That of a quote, as in 7K3M-Q2XA-90VB."
    )


def explain(error: ValidationError) -> str:
    """Return the first fault of a request on one line, without the request."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"])) or "body"
    return f"{place}: {first['msg']}"


def ask(conversation: Conversation, asked: Asked) -> dict[str, Any]:
    """Return the answer to a question, whose quotes can be verified from then on.

    Raises:
        QuestionError: it cannot be asked, or a day is none.
    """
    scope = Scope(
        conversation.collections,
        first_day(asked.since) if asked.since else None,
        last_day(asked.until) if asked.until else None,
        asked.source or None,
    )
    found = conversation.library.ask(asked.q, scope)
    places = (
        place for one in found.quotes + found.closest for place in (one, *one.also, *one.beside)
    )
    return answer_to_json(found, conversation.library.certify(places))


def quotations(checked: list[Checked], left_out: int) -> dict[str, Any]:
    """Return the findings on the quotations of a text."""
    return {"quotations": [checked_to_json(one) for one in checked], "left_out": left_out}


def verify(conversation: Conversation, certificate: str) -> dict[str, Any]:
    """Return what became of the quote of a certificate.

    Raises:
        CertificateError: nothing that the conversation is about was quoted under it.
    """
    found = conversation.library.verify(certificate, Scope(conversation.collections))
    return verification_to_json(found)
