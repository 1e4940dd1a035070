"""Methods that answer callback and inline queries."""

from .entities import Entity
from .errors import Json, bad_request
from .limits import (
    check_inline_button,
    check_inline_results,
    check_reply_markup,
    check_text,
    check_toast,
)
from .messages import read_formatted
from .records import InlineResult
from .requests import Request
from .world import World

EXPIRED = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(world: World, request: Request) -> bool:
    query = world.callback_queries.get(request.text("callback_query_id"))
    if query is None or query.answer is not None:
        raise bad_request(EXPIRED)
    text = request.text("text")
    check_toast(text)
    query.answer = {"text": text, "show_alert": request.boolean("show_alert")}
    if url := request.text("url"):
        query.answer["url"] = url
    world.announce()
    return True


def answer_inline_query(world: World, request: Request) -> bool:
    query = world.inline_queries.get(request.text("inline_query_id"))
    if query is None or query.results is not None:
        raise bad_request(EXPIRED)
    raw = request.array("results")
    if raw is None:
        raise bad_request("results is empty")
    check_inline_results(raw)
    button = request.object("button")
    if button is not None:
        check_inline_button(button)
    query.results = [read_result(result) for result in raw]
    query.answer = {
        "cache_time": request.integer("cache_time", 300),
        "is_personal": request.boolean("is_personal"),
        "next_offset": request.text("next_offset"),
        "button": button,
    }
    world.announce()
    return True


def read_result(result: Json) -> InlineResult:
    """Return a result whose text and buttons were held to the limits of a message."""
    content = result.get("input_message_content")
    if result.get("type") == "article" and not content:
        raise bad_request("can't parse inline query result: Can't find field message_text")
    if "reply_markup" in result:
        check_reply_markup(result["reply_markup"], is_private=False)
    text: str = ""
    entities: list[Entity] = []
    if content and "message_text" in content:
        text, entities = read_formatted(
            content["message_text"], content.get("parse_mode") or "", content.get("entities")
        )
        check_text(text)
    return InlineResult(str(result["id"]), result.get("title", ""), text, entities, result)
