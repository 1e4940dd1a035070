"""Everything the server knows: chats, users, messages, files and open queries."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from .errors import ApiError, Json, bad_request, forbidden
from .records import CallbackQuery, Chat, File, InlineQuery, Message, User
from .updates import UpdateQueue

FOLDERS = {"image": "photos", "audio": "voice", "video": "videos"}


@dataclass(slots=True)
class World:
    bot: User
    privacy_mode: bool = True
    guest_mode: bool = True
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    callback_queries: dict[str, CallbackQuery] = field(default_factory=dict)
    inline_queries: dict[str, InlineQuery] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    webhook: Json = field(default_factory=dict)
    updates: UpdateQueue = field(default_factory=UpdateQueue)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    query_ids: "count[int]" = field(default_factory=lambda: count(7_000_000_000))
    file_ids: "count[int]" = field(default_factory=count)
    message_ids: "count[int]" = field(default_factory=lambda: count(1))

    def announce(self) -> None:
        """Wake everyone who waits for something to happen."""
        self.changed.set()
        self.changed.clear()

    async def wait_until(self, ready: Callable[[], bool], timeout_s: float) -> None:
        """Return once `ready()` holds; it is asked after every call of the bot.

        Raises:
            TimeoutError: it did not hold in time.
        """
        async with asyncio.timeout(timeout_s):
            while not ready():
                await self.changed.wait()

    def find_chat(self, chat_id: int) -> Chat:
        """Return a chat the bot may write to.

        Raises:
            ApiError: there is none, it moved, or the bot was blocked or removed.
        """
        chat = self.known_chat(chat_id)
        if chat.migrated_to is not None:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": chat.migrated_to},
            )
        if chat.is_private and chat.bot_status == "kicked":
            raise forbidden("bot was blocked by the user")
        if chat.bot_status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if chat.bot_status == "left":
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        return chat

    def known_chat(self, chat_id: int) -> Chat:
        if chat_id not in self.chats:
            raise bad_request("chat not found")
        return self.chats[chat_id]

    def store(self, message: Message) -> Message:
        """Keep the bot's own message."""
        message.chat.messages[message.message_id] = message
        message.chat.sent.append(message)
        self.announce()
        return message

    def deliver(self, message: Message, kind: str = "message") -> Message:
        """Keep a user's message and queue it for the bot, if the bot may see it."""
        message.chat.messages[message.message_id] = message
        if message.chat.type == "channel":
            kind = {"message": "channel_post", "edited_message": "edited_channel_post"}[kind]
        if self.is_visible(message):
            self.updates.push({kind: message.to_json()})
        elif kind == "message" and self.guest_mode and self.is_mentioned(message):
            query = {"guest_query_id": str(next(self.query_ids))}
            self.updates.push({"guest_message": message.to_json() | query})
        return message

    def is_visible(self, message: Message) -> bool:
        chat = message.chat
        if chat.bot_status in {"kicked", "left"}:
            return False
        if chat.is_private or not self.privacy_mode or chat.bot_status == "administrator":
            return True
        if message.text is None and message.file is None:
            return True
        if message.reply_to is not None and message.reply_to.sender.id == self.bot.id:
            return True
        return self.is_addressed(message)

    def is_mentioned(self, message: Message) -> bool:
        mine = f"@{self.bot.username}".lower()
        return mine in (mention.lower() for mention in message.entity_texts("mention"))

    def is_addressed(self, message: Message) -> bool:
        """Return whether a command or a mention in the message is meant for the bot."""
        mine = f"@{self.bot.username}".lower()
        for command in message.entity_texts("bot_command"):
            _, at, name = command.partition("@")
            if not at or f"@{name.lower()}" == mine:
                return True
        return self.is_mentioned(message)

    def add_file(self, name: str, content: bytes, mime_type: str) -> File:
        number = next(self.file_ids)
        folder = FOLDERS.get(mime_type.partition("/")[0], "documents")
        _, dot, extension = name.rpartition(".")
        path = f"{folder}/file_{number}{dot}{extension if dot else ''}"
        file = File(f"BQACAgIAAxk{number:06}", f"AgAD{number:06}", path, name, mime_type, content)
        self.files[file.file_id] = file
        return file

    def change_membership(self, chat: Chat, actor: User, status: str) -> None:
        """Change the bot's own status in a chat, and tell it."""
        before, chat.bot_status = chat.bot_status, status
        self.updates.push(
            {
                "my_chat_member": {
                    "chat": chat.to_json(),
                    "from": actor.to_json(),
                    "date": int(time.time()),
                    "old_chat_member": member_json(self.bot, before),
                    "new_chat_member": member_json(self.bot, status),
                }
            }
        )


ADMINISTRATOR_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)


def member_json(user: User, status: str) -> Json:
    member: Json = {"user": user.to_json(), "status": status}
    if status == "kicked":
        member["until_date"] = 0
    if status in {"creator", "administrator"}:
        member["is_anonymous"] = False
    if status == "administrator":
        member |= {"can_be_edited": False} | dict.fromkeys(ADMINISTRATOR_RIGHTS, True)
    return member
