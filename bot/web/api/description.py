"""The OpenAPI description of the API."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from index.answering.answerer import MAX_QUESTION_CHARS
from index.answering.draft_check import Mark
from index.answering.quote_check import Verdict
from index.answering.verification import State
from index.text.diff import Op

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "number"}
WHOLE: Json = {"type": "integer", "minimum": 0}
MAYBE_TEXT: Json = {"type": ["string", "null"]}
MAYBE_WHOLE: Json = {"type": ["integer", "null"]}


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
                    _query("since", about="2021, 2021-07 or 2021-07-10"),
                    _query("until", about="2021, 2021-07 or 2021-07-10"),
                    _query("source", about="part of title, file, publisher or address"),
                )
            },
            "/api/documents": {
                "get": _operation(
                    "List the documents",
                    _object(documents=_list(_ref("Document")), total=WHOLE),
                    _query("q", about="part of title, publisher, author or file"),
                    _query("offset", type="integer", minimum=0, maximum=10**9),
                    _query("limit", type="integer", minimum=1, maximum=500),
                )
            },
            "/api/check": {
                "post": _operation(
                    "Check the quotations of a text",
                    _object(quotations=_list(_ref("Checked")), left_out=WHOLE),
                    body=_object(text=TEXT),
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
            "schemas": _schemas(),
        },
    }


def _schemas() -> Json:
    span = _object(start=WHOLE, end=WHOLE)
    place = {
        "document": TEXT,
        "start": WHOLE,
        "end": WHOLE,
        "text": TEXT,
        "answer": _list(span),
        "title": MAYBE_TEXT,
        "published": MAYBE_TEXT,
        "page": MAYBE_WHOLE,
        "paragraph": WHOLE,
        "speaker": _maybe(_object(text=TEXT, start=WHOLE, end=WHOLE)),
        "speech": {"enum": ["direct", "indirect", None]},
        "score": NUMBER,
        "time": MAYBE_TEXT,
        "url": MAYBE_TEXT,
        "section": MAYBE_TEXT,
        "ocr": {"type": "boolean"},
        "certificate": MAYBE_TEXT,
    }
    diff = _list(_object(op=_one_of(Op), text=TEXT))
    return {
        "Error": _object(error=TEXT),
        "Place": _object(**place),
        "Quote": _object(**place, also=_list(_ref("Place"))),
        "Answer": _object(
            question=TEXT,
            understood=MAYBE_TEXT,
            answered={"type": "boolean"},
            confidence=NUMBER,
            reason=MAYBE_TEXT,
            elapsed_ms=NUMBER,
            quotes=_list(_ref("Quote")),
            closest=_list(_ref("Quote")),
            state={"enum": ["answered", "unsure", "none"]},
            missing=_list(TEXT),
        ),
        "Document": _object(
            id=WHOLE,
            key=TEXT,
            document=TEXT,
            title=MAYBE_TEXT,
            author=MAYBE_TEXT,
            publisher=MAYBE_TEXT,
            published=MAYBE_TEXT,
            language=MAYBE_TEXT,
            url=MAYBE_TEXT,
            fetched=MAYBE_TEXT,
            collection=TEXT,
            characters=WHOLE,
            passages=WHOLE,
            sha256=TEXT,
        ),
        "Finding": _object(
            text=TEXT, verdict=_one_of(Verdict), quote=_maybe(_ref("Quote")), diff=diff
        ),
        "Checked": _object(
            start=WHOLE,
            end=WHOLE,
            text=TEXT,
            mark=_one_of(Mark),
            problem=MAYBE_TEXT,
            findings=_list(_ref("Finding")),
        ),
        "Verification": _object(
            certificate=TEXT,
            state=_one_of(State),
            document=TEXT,
            title=MAYBE_TEXT,
            text=MAYBE_TEXT,
            issued=TEXT,
            quote=_maybe(_ref("Quote")),
            diff=diff,
        ),
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
    return {"$ref": f"#/components/schemas/{name}"}


def _object(**fields: Json) -> Json:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _maybe(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _one_of(values: Any) -> Json:
    return {"enum": [one.value for one in values]}
