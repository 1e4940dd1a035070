"""The OpenAPI description of the API."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from bot.conversation.contract import MAX_FILTER_CHARS, MAX_TEXT_CHARS
from index.answering.answerer import MAX_QUESTION_CHARS
from index.answering.schemas import TEXT, WHOLE, Json, list_of, object_of, schemas

PLACE = "#/components/schemas/"


def description() -> Json:
    """Return the description, in OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Onrecord",
            "version": version("onrecord"),
            "description": "Answers from documents in their own words.",
        },
        "security": [{}, {"token": []}],
        "paths": {
            "/api/ask": {
                "get": _operation(
                    "Ask a question",
                    _ref("Answer"),
                    _query("q", minLength=1, maxLength=MAX_QUESTION_CHARS, is_required=True),
                    _query(
                        "since", maxLength=MAX_FILTER_CHARS, about="2021, 2021-07 or 2021-07-10"
                    ),
                    _query(
                        "until", maxLength=MAX_FILTER_CHARS, about="2021, 2021-07 or 2021-07-10"
                    ),
                    _query(
                        "source",
                        maxLength=MAX_FILTER_CHARS,
                        about="part of title, file, publisher or address",
                    ),
                )
            },
            "/api/documents": {
                "get": _operation(
                    "List the documents",
                    object_of(documents=list_of(_ref("Document")), total=WHOLE),
                    _query("q", about="part of title, publisher, author or file"),
                    _query("offset", type="integer", minimum=0, maximum=10**9),
                    _query("limit", type="integer", minimum=1, maximum=500),
                )
            },
            "/api/check": {
                "post": _operation(
                    "Check the quotations of a text",
                    _ref("Quotations"),
                    body=object_of(text=TEXT | {"maxLength": MAX_TEXT_CHARS}),
                )
            },
            "/api/verify": {
                "get": _operation(
                    "Verify a certificate",
                    _ref("Verification"),
                    _query("certificate", minLength=1, maxLength=100, is_required=True),
                    more={"404": _refusal("No quote was shown under it")},
                )
            },
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas(PLACE),
        },
    }


def _operation(
    summary: str,
    result: Json,
    *parameters: Json,
    body: Json | None = None,
    more: Json | None = None,
) -> Json:
    operation: Json = {
        "summary": summary,
        "parameters": list(parameters),
        "responses": {
            "200": {"description": "Found", "content": _json(result)},
            "304": {"description": "As known by If-None-Match"},
            "400": _refusal("It cannot be read so"),
            "401": _refusal("A token is needed"),
            "413": _refusal("Too large"),
            "421": _refusal("The server has another name"),
            "429": _refusal("Too many of this address, see Retry-After"),
            "503": _refusal("Too many are waiting, or the index cannot be read"),
            **(more or {}),
        },
    }
    if body is not None:
        operation["requestBody"] = {"required": True, "content": _json(body)}
    return operation


def _query(name: str, about: str = "", is_required: bool = False, **schema: Any) -> Json:
    return {
        "name": name,
        "in": "query",
        "required": is_required,
        "description": about,
        "schema": TEXT | schema,
    }


def _refusal(about: str) -> Json:
    return {"description": about, "content": _json(_ref("Error"))}


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _ref(name: str) -> Json:
    return {"$ref": PLACE + name}
