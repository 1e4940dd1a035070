"""Methods about the bot itself, chats, members and files."""

import json
import re

from .entities import utf16_len
from .errors import Json, bad_request
from .limits import (
    DESCRIPTION_CHARS,
    DOWNLOAD_BYTES,
    SHORT_DESCRIPTION_CHARS,
    check_commands,
)
from .requests import Request
from .world import World, member_json

COMMAND_SCOPES = frozenset(
    {
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    }
)
LANGUAGE_CODE = re.compile(r"(?:[a-z]{2})?")


def get_me(world: World, request: Request) -> Json:
    return {
        **world.bot.to_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy_mode,
        "supports_inline_queries": True,
        "can_connect_to_business": True,
        "supports_guest_queries": world.guest_mode,
        "has_main_web_app": False,
    }


def scope_key(world: World, request: Request) -> tuple[str, str]:
    scope = request.object("scope") or {"type": "default"}
    if scope.get("type") not in COMMAND_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if not LANGUAGE_CODE.fullmatch(request.text("language_code")):
        raise bad_request("invalid language code specified")
    if scope["type"] == "chat":
        world.known_chat(int(scope["chat_id"]))
    return json.dumps(scope, sort_keys=True), request.text("language_code")


def set_my_commands(world: World, request: Request) -> bool:
    commands = request.array("commands")
    if commands is None:
        raise bad_request("commands is empty")
    check_commands(commands)
    world.commands[scope_key(world, request)] = commands
    return True


def get_my_commands(world: World, request: Request) -> list[Json]:
    return world.commands.get(scope_key(world, request), [])


def delete_my_commands(world: World, request: Request) -> bool:
    world.commands.pop(scope_key(world, request), None)
    return True


def set_my_description(world: World, request: Request) -> bool:
    return set_description(world, request, "description", DESCRIPTION_CHARS)


def set_my_short_description(world: World, request: Request) -> bool:
    return set_description(world, request, "short_description", SHORT_DESCRIPTION_CHARS)


def set_description(world: World, request: Request, name: str, max_chars: int) -> bool:
    text = request.text(name)
    if utf16_len(text) > max_chars:
        raise bad_request("BOT_DESCRIPTION_INVALID")
    world.descriptions[name, request.text("language_code")] = text
    return True


def get_my_description(world: World, request: Request) -> Json:
    key = ("description", request.text("language_code"))
    return {"description": world.descriptions.get(key, "")}


def get_my_short_description(world: World, request: Request) -> Json:
    key = ("short_description", request.text("language_code"))
    return {"short_description": world.descriptions.get(key, "")}


def get_chat(world: World, request: Request) -> Json:
    chat = world.known_chat(request.integer("chat_id"))
    return {
        **chat.to_json(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }


def get_chat_member(world: World, request: Request) -> Json:
    chat = world.find_chat(request.integer("chat_id"))
    user_id = request.integer("user_id")
    if user_id == world.bot.id:
        return member_json(world.bot, chat.bot_status)
    if user_id not in world.users:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return member_json(world.users[user_id], chat.members.get(user_id, "left"))


def get_file(world: World, request: Request) -> Json:
    file = world.files.get(request.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**file.to_json(), "file_path": file.path}
