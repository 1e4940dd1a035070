"""The limits of the Bot API, and the refusals of calls that exceed them."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from .entities import SENDABLE, Entity, utf16_len
from .errors import Json, bad_request

TEXT_CHARS = 4096
CAPTION_CHARS = 1024
ENTITIES = 100
CALLBACK_DATA_BYTES = 64
CALLBACK_TOAST_CHARS = 200
COPY_TEXT_CHARS = 256
BUTTONS = 100
QUOTE_CHARS = 1024
INLINE_RESULTS = 50
INLINE_RESULT_ID_BYTES = 64
START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
COMMANDS = 100
COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
COMMAND_DESCRIPTION_CHARS = 256
DESCRIPTION_CHARS = 512
SHORT_DESCRIPTION_CHARS = 120
DOWNLOAD_BYTES = 20 * 2**20
UPLOAD_BYTES = 50 * 2**20
BLANK = (
    " \n\u00a0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b"
    "\u200c\u200d\u200e\u200f\u202f\u205f\u2800\u3000\ufeff\ufffc"
)
CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
BUTTON_ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    }
)


def check_text(text: str) -> None:
    if not text.strip(BLANK):
        raise bad_request("message text is empty")
    if utf16_len(text) > TEXT_CHARS:
        raise bad_request("message is too long")


def check_caption(text: str) -> None:
    if utf16_len(text) > CAPTION_CHARS:
        raise bad_request("message caption is too long")


def check_entities(entities: Sequence[Entity]) -> None:
    # Telegram itself keeps the first hundred in silence: here it is an error.
    if sum(entity.type in SENDABLE for entity in entities) > ENTITIES:
        raise bad_request("ENTITIES_TOO_LONG")


def check_reply_markup(markup: Json, is_private: bool) -> None:
    kinds = {"inline_keyboard", "keyboard", "remove_keyboard", "force_reply"}
    if len(kinds & markup.keys()) != 1:
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array')
    buttons = [button for row in rows for button in row]
    if len(buttons) > BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        check_button(button, is_private)


def check_button(button: Json, is_private: bool) -> None:
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be non-empty')
    actions = BUTTON_ACTIONS & button.keys()
    if len(actions) != 1:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if "callback_data" in button:
        size = len(str(button["callback_data"]).encode())
        if not 1 <= size <= CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not checked_url(button["url"]):
        raise bad_request(
            f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL"
        )
    if "web_app" in button:
        url = button["web_app"].get("url", "")
        if not checked_url(url) or not url.startswith("https://"):
            raise bad_request(
                f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are "
                "allowed"
            )
        if not is_private:
            raise bad_request("BUTTON_TYPE_INVALID")
    if "copy_text" in button:
        text = button["copy_text"].get("text", "")
        if not 1 <= utf16_len(text) <= COPY_TEXT_CHARS:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def checked_url(url: str) -> str | None:
    """Return the URL in the form Telegram keeps, or None for one it would not open."""
    url = url.strip()
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        return None
    if parts.scheme in {"tg", "ton"}:
        return url
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or "." not in host.strip(".") or " " in url:
        return None
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.scheme}://{parts.netloc}{path}{query}{fragment}"


def check_toast(text: str) -> None:
    if utf16_len(text) > CALLBACK_TOAST_CHARS:
        raise bad_request("MESSAGE_TOO_LONG")


def check_inline_results(results: Sequence[Json]) -> None:
    if len(results) > INLINE_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    seen: set[str] = set()
    for result in results:
        identifier = str(result.get("id", ""))
        if not 1 <= len(identifier.encode()) <= INLINE_RESULT_ID_BYTES:
            raise bad_request("RESULT_ID_INVALID")
        if identifier in seen:
            raise bad_request("RESULT_ID_DUPLICATE")
        seen.add(identifier)
        if result.get("type") == "article" and not result.get("title"):
            raise bad_request("ARTICLE_TITLE_EMPTY")


def check_inline_button(button: Json) -> None:
    if not button.get("text"):
        raise bad_request("can't parse InlineQueryResultsButton: Text must be non-empty")
    if ("web_app" in button) == ("start_parameter" in button):
        raise bad_request("can't parse InlineQueryResultsButton: exactly one action is expected")
    if not START_PAYLOAD.fullmatch(str(button.get("start_parameter", "x"))):
        raise bad_request("START_PARAM_INVALID")


def check_commands(commands: Sequence[Json]) -> None:
    if len(commands) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND_NAME.fullmatch(str(command.get("command", "")).removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= utf16_len(command.get("description", "")) <= COMMAND_DESCRIPTION_CHARS:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


def check_chat_action(action: str) -> None:
    if action not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
