"""A call as it arrives: its parameters, read strictly from whichever body carried them."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from .errors import Json, bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    mime_type: str
    content: bytes = field(repr=False)


@dataclass(slots=True)
class Request:
    """The parameters of a call; forms carry text, JSON bodies carry values of any type."""

    method: str
    values: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        text = value if isinstance(value, str) else json.dumps(value)
        return check_unicode(text)

    def integer(self, name: str, default: int | None = None) -> int:
        value = self.values.get(name)
        if value is None or value == "":
            if default is None:
                raise bad_request(f"{name} is empty")
            return default
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise bad_request(f"invalid {name} specified") from error

    def boolean(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "1", "yes"}

    def object(self, name: str) -> Json | None:
        value = self.decode(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"can't parse {name} JSON object")
        return value

    def array(self, name: str) -> list[Any] | None:
        value = self.decode(name)
        if value is not None and not isinstance(value, list):
            raise bad_request(f"can't parse {name} JSON object")
        return value

    def decode(self, name: str) -> Any:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            decoded = json.loads(value) if isinstance(value, str) else value
        except json.JSONDecodeError as error:
            raise bad_request(f"can't parse {name} JSON object") from error
        check_unicode(json.dumps(decoded, ensure_ascii=False))
        return decoded

    def upload(self, name: str) -> Upload | None:
        """Return the file sent under this name or under the part it points to."""
        value = self.text(name)
        return self.files.get(value.removeprefix("attach://") if value else name)


def check_unicode(text: str) -> str:
    """Return the text, refused if it holds half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise bad_request("strings must be encoded in UTF-8") from error
    return text
