"""JSON files (.json): a chat exported from Telegram, or a list of records."""

from __future__ import annotations

import json

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers.tables import parse_records
from index.parsers.telegram_export import compact, parse_export
from index.parsers.toolkit.decoding import decode

_SHAPES = (
    "what is read is result.json of Telegram Desktop, or a list of objects with title, text, date "
    "and url"
)


def parse_json(name: str, data: bytes) -> Parsed:
    """Return the document in the bytes of a .json file.

    Raises:
        DocumentError: not JSON, or of another shape.
    """
    text = decode(name, data)
    is_list = text.lstrip()[:1] == "["
    try:
        found: object = json.loads(text, object_hook=None if is_list else compact)
    except RecursionError as error:
        raise DocumentError(
            name, "JSON nested too deeply to be a chat or records; take it out of the folder"
        ) from error
    except ValueError as error:
        raise DocumentError(name, f"not JSON ({error}); export it anew") from error
    if isinstance(found, list) and found and all(isinstance(one, dict) for one in found):
        return parse_records(name, found)
    parsed = parse_export(name, found) if isinstance(found, dict) else None
    if parsed is None:
        raise DocumentError(name, f"JSON of a shape that is not read; {_SHAPES}")
    return parsed
