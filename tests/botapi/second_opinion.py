"""What aiogram, which shares no code with the bot's library, makes of the server's answers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from aiogram import methods
from aiogram.methods.base import TelegramMethod
from pydantic import BaseModel, TypeAdapter, ValidationError

from tests.botapi.server import FakeBotApi


@cache
def known_methods() -> dict[str, type[TelegramMethod[Any]]]:
    """Return the methods of the Bot API by their names in lower case."""
    named = (getattr(methods, name) for name in methods.__all__)
    return {
        method.__api_method__.lower(): method
        for method in named
        if issubclass(method, TelegramMethod) and method is not TelegramMethod
    }


@cache
def result_type(method: str) -> TypeAdapter[Any]:
    return TypeAdapter(known_methods()[method.lower()].__returning__)


def faults(method: str, result: Any) -> list[str]:
    """Return what is wrong with the result of a method: missing, of another type, or unheard of."""
    if method.lower() not in known_methods():
        return [f"{method}: there is no such method"]
    try:
        value = result_type(method).validate_python(result)
    except ValidationError as error:
        return [f"{method}: {item['loc']} {item['msg']}" for item in error.errors()]
    return [f"{method}: nobody knows the field {place}" for place in unheard_of(value)]


def unheard_of(value: Any, place: str = "") -> Iterator[str]:
    """Yield the fields that no type of aiogram has."""
    if isinstance(value, list):
        for item in value:
            yield from unheard_of(item, f"{place}[]")
    elif isinstance(value, BaseModel):
        yield from (f"{place}.{name}" for name in value.model_extra or {})
        for name, inner in value:
            if isinstance(inner, BaseModel | list):
                yield from unheard_of(inner, f"{place}.{name}")


def doubts(api: FakeBotApi) -> list[str]:
    """Return what is wrong with all that a server answered; raw updates may be anything."""
    found: dict[str, None] = {}
    for method, result in api.results:
        checked = result
        if method.lower() == "getupdates":
            checked = [item for item in result if item["update_id"] not in api.raw_updates]
        found |= dict.fromkeys(faults(method, checked))
    return list(found)
