"""The JSON Schema of the public contract, which the API and the tools for assistants describe."""

from __future__ import annotations

from typing import Any, get_args

from index.answering.draft_check import Mark
from index.answering.quote_check import Verdict
from index.answering.verification import State
from index.core.answers import Side
from index.text.diff import Op

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "number"}
WHOLE: Json = {"type": "integer", "minimum": 0}
MAYBE_TEXT: Json = {"type": ["string", "null"]}
MAYBE_WHOLE: Json = {"type": ["integer", "null"]}


def schemas(root: str) -> dict[str, Json]:
    """Return the schemas by name; they refer to each other at `root`, such as "#/$defs/"."""

    def ref(name: str) -> Json:
        return {"$ref": root + name}

    span = object_of(start=WHOLE, end=WHOLE)
    days = object_of(start=WHOLE, end=WHOLE, **{"from": TEXT, "to": TEXT})
    place = {
        "document": TEXT,
        "start": WHOLE,
        "end": WHOLE,
        "text": TEXT,
        "answer": list_of(span),
        "title": MAYBE_TEXT,
        "published": MAYBE_TEXT,
        "page": MAYBE_WHOLE,
        "paragraph": WHOLE,
        "speaker": maybe(object_of(text=TEXT, start=WHOLE, end=WHOLE)),
        "speech": {"enum": ["direct", "indirect", None]},
        "dates": list_of(days),
        "score": NUMBER,
        "time": MAYBE_TEXT,
        "url": MAYBE_TEXT,
        "section": MAYBE_TEXT,
        "ocr": {"type": "boolean"},
        "language": MAYBE_TEXT,
        "certificate": MAYBE_TEXT,
    }
    diff = list_of(object_of(op=one_of(Op), text=TEXT))
    return {
        "Error": object_of(error=TEXT),
        "Place": object_of(**place),
        "Quote": object_of(
            **place,
            also=list_of(ref("Place")),
            beside=list_of(object_of(side={"enum": list(get_args(Side))}, **place)),
        ),
        "Answer": object_of(
            question=TEXT,
            understood=MAYBE_TEXT,
            answered={"type": "boolean"},
            confidence=NUMBER,
            reason=MAYBE_TEXT,
            elapsed_ms=NUMBER,
            quotes=list_of(ref("Quote")),
            closest=list_of(ref("Quote")),
            state={"enum": ["answered", "unsure", "none"]},
            missing=list_of(TEXT),
        ),
        "Document": object_of(
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
        "Quotations": object_of(quotations=list_of(ref("Checked")), left_out=WHOLE),
        "Finding": object_of(
            text=TEXT, verdict=one_of(Verdict), quote=maybe(ref("Quote")), diff=diff
        ),
        "Checked": object_of(
            start=WHOLE,
            end=WHOLE,
            text=TEXT,
            mark=one_of(Mark),
            problem=MAYBE_TEXT,
            findings=list_of(ref("Finding")),
        ),
        "Verification": object_of(
            certificate=TEXT,
            state=one_of(State),
            document=TEXT,
            title=MAYBE_TEXT,
            text=MAYBE_TEXT,
            issued=TEXT,
            quote=maybe(ref("Quote")),
            diff=diff,
        ),
    }


def object_of(**fields: Json) -> Json:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def list_of(items: Json) -> Json:
    return {"type": "array", "items": items}


def maybe(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(values: Any) -> Json:
    return {"enum": [one.value for one in values]}
