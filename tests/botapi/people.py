"""The test's side: what users do in their chats."""

import time
from collections import Counter
from dataclasses import dataclass
from itertools import chain

from .detection import detect_entities
from .entities import clean, utf16_len
from .records import CallbackQuery, Chat, File, InlineQuery, InlineResult, Message, User
from .world import World

ANONYMOUS = 1_087_968_824, ("Group", "GroupAnonymousBot")
CHANNEL_WRITER = 136_817_688, ("Channel", "Channel_Bot")


@dataclass(slots=True)
class Person:
    """A user with a private chat with the bot; `chat=` names a group to act in instead."""

    world: World
    user: User
    chat: Chat

    @property
    def id(self) -> int:
        return self.user.id

    def send(
        self,
        text: str,
        *,
        chat: Chat | None = None,
        reply_to: Message | None = None,
        quote: str | None = None,
        topic: int | None = None,
        **extra: object,
    ) -> Message:
        """Send a text; commands, mentions and links in it get their entities.

        `quote` is the part of the message replied to that is highlighted; `topic` the one that the
        message is in; `extra` are further fields, as of a forwarded message.
        """
        text = clean(text)[0].strip(" \n")
        message = self.compose(chat, reply_to, topic)
        message.extra = extra
        if quote is not None:
            position = utf16_len(((reply_to and reply_to.text) or quote).partition(quote)[0])
            message.quote = {"text": quote, "position": position, "is_manual": True}
        message.text, message.entities = text, detect_entities(text)
        return self.world.deliver(message)

    def compose(
        self,
        chat: Chat | None = None,
        reply_to: Message | None = None,
        topic: int | None = None,
    ) -> Message:
        """Return an empty message from this user, numbered but not delivered.

        In a supergroup the replies to a message are a thread of its number. In a topic of a forum
        a message that replies to none seems to reply to the one that opened it.
        """
        chat = chat or self.chat
        chat.members.setdefault(self.id, "member")
        message = Message(chat, chat.next_message_id(), self.user, reply_to=reply_to)
        if chat.type == "supergroup":
            if topic is not None and reply_to is None:
                message.reply_to = chat.messages[topic]
            elif reply_to is not None:
                topic = topic or reply_to.thread_id or reply_to.message_id
        message.thread_id = topic
        return message

    def connect_business(self) -> str:
        """Connect the bot to one's own business account; return the number of the connection."""
        number = str(next(self.world.query_ids))
        self.world.updates.push(
            {
                "business_connection": {
                    "id": number,
                    "user": self.user.to_json(),
                    "user_chat_id": self.id,
                    "date": int(time.time()),
                    "is_enabled": True,
                    "rights": {"can_reply": True},
                }
            }
        )
        return number

    def write_to_business(self, connection: str, text: str) -> None:
        """Write to an account in private; the bot is told, but is not in that chat."""
        message = Message(self.chat, next(self.world.message_ids), self.user, text=text)
        message.extra = {"business_connection_id": connection}
        self.world.updates.push({"business_message": message.to_json()})

    def open_topic(self, chat: Chat | None = None, name: str = "News") -> int:
        """Open a topic in a forum or in the private chat, and return its number."""
        message = self.compose(chat)
        message.thread_id = message.message_id
        message.chat.topics.add(message.message_id)
        message.media = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        return self.world.deliver(message).message_id

    def migrate(self, chat: Chat, new_id: int) -> Chat:
        """Upgrade a group to a supergroup: calls to the old id are refused with the new one.

        Either chat has a message about the other.
        """
        new = Chat(new_id, "supergroup", chat.title, bot_status=chat.bot_status)
        new.members.update(chat.members)
        self.world.chats[new_id] = new
        leaving, coming = self.compose(chat), self.compose(new)
        leaving.media = {"migrate_to_chat_id": new_id}
        coming.media = {"migrate_from_chat_id": chat.id}
        chat.migrated_to = new_id
        self.world.deliver(leaving)
        self.world.deliver(coming)
        return new

    def edit(self, message: Message, text: str) -> Message:
        message.text, message.entities = text, detect_entities(text)
        message.edit_date = int(time.time())
        return self.world.deliver(message, "edited_message")

    def press(self, message: Message, button_text: str) -> CallbackQuery:
        """Press an inline button that carries callback data.

        Raises:
            LookupError: the message has no such button.
        """
        button = message.button(button_text)
        if button.callback_data is None:
            raise LookupError(f"button {button_text!r} sends nothing to the bot: {button}")
        return self.press_data(message, button.callback_data)

    def press_data(self, message: Message, data: str) -> CallbackQuery:
        """Send callback data as an old or forged button would."""
        query = CallbackQuery(str(next(self.world.query_ids)), self.user, message, data)
        self.world.callback_queries[query.id] = query
        self.world.updates.push(
            {
                "callback_query": {
                    "id": query.id,
                    "from": self.user.to_json(),
                    "message": message.to_json(),
                    "chat_instance": str(message.chat.id),
                    "data": data,
                }
            }
        )
        return query

    def inline(self, query: str, offset: str = "") -> InlineQuery:
        """Type the bot's name and a query in any chat; Telegram cuts it at 256 characters."""
        asked = InlineQuery(str(next(self.world.query_ids)), self.user, query[:256], offset)
        self.world.inline_queries[asked.id] = asked
        self.world.updates.push(
            {
                "inline_query": {
                    "id": asked.id,
                    "from": self.user.to_json(),
                    "query": asked.query,
                    "offset": offset,
                    "chat_type": "sender",
                }
            }
        )
        return asked

    def choose(self, query: InlineQuery, result: InlineResult) -> None:
        self.world.updates.push(
            {
                "chosen_inline_result": {
                    "result_id": result.id,
                    "from": self.user.to_json(),
                    "query": query.query,
                }
            }
        )

    def send_document(
        self,
        name: str,
        content: bytes,
        mime_type: str = "application/octet-stream",
        *,
        chat: Chat | None = None,
        caption: str | None = None,
        reply_to: Message | None = None,
        **extra: object,
    ) -> Message:
        message = self.compose(chat, reply_to)
        message.extra = extra
        message.file = self.world.add_file(name, content, mime_type)
        message.media = {"document": message.file.to_document()}
        message.text = caption
        message.entities = detect_entities(caption or "")
        return self.world.deliver(message)

    def send_photo(
        self,
        content: bytes = b"\xff\xd8",
        *,
        caption: str | None = None,
        chat: Chat | None = None,
        **extra: object,
    ) -> Message:
        message, file = self.attach("photo.jpg", content, "image/jpeg", chat)
        message.extra = extra
        message.media = {"photo": [{**file.to_json(), "width": 90, "height": 90}]}
        message.text = caption
        message.entities = detect_entities(caption or "")
        return self.world.deliver(message)

    def send_voice(
        self,
        content: bytes = b"OggS",
        *,
        chat: Chat | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        message, file = self.attach("voice.oga", content, "audio/ogg", chat)
        message.reply_to = reply_to
        voice = {**file.to_json(), "duration": 3, "mime_type": file.mime_type}
        message.media = {"voice": voice}
        return self.world.deliver(message)

    def send_sticker(
        self,
        emoji: str = "\N{WHITE SMILING FACE}",
        *,
        chat: Chat | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        message, file = self.attach("sticker.webp", b"RIFF", "image/webp", chat)
        message.reply_to = reply_to
        message.media = {
            "sticker": {
                **file.to_json(),
                "type": "regular",
                "width": 512,
                "height": 512,
                "is_animated": False,
                "is_video": False,
                "emoji": emoji,
            }
        }
        return self.world.deliver(message)

    def send_media(self, kind: str, value: object, *, caption: str | None = None) -> Message:
        """Send a message of another kind to the bot, such as a poll or a location."""
        message = self.compose()
        message.media = {kind: value}
        message.text, message.entities = caption, detect_entities(caption or "")
        return self.world.deliver(message)

    def attach(
        self, name: str, content: bytes, mime_type: str, chat: Chat | None
    ) -> tuple[Message, File]:
        message = self.compose(chat)
        file = message.file = self.world.add_file(name, content, mime_type)
        return message, file

    def react(self, message: Message, *emojis: str, sender: Chat | None = None) -> None:
        """Give a message these reactions in place of one's earlier ones.

        Telegram reports them to a bot in private, and to an administrator of a group; of a channel
        it reports the counts alone. `sender` is the chat in whose name it is done.
        """
        chat, actor = message.chat, sender or self
        before = message.reactions.get(actor.id, ())
        message.reactions[actor.id] = emojis
        if not chat.is_private and chat.bot_status != "administrator":
            return
        if chat.type == "channel":
            counts = Counter(chain.from_iterable(message.reactions.values()))
            self.world.updates.push(
                {
                    "message_reaction_count": {
                        "chat": chat.to_json(),
                        "message_id": message.message_id,
                        "date": int(time.time()),
                        "reactions": [
                            {"type": {"type": "emoji", "emoji": emoji}, "total_count": count}
                            for emoji, count in counts.items()
                        ],
                    }
                }
            )
            return
        self.world.updates.push(
            {
                "message_reaction": {
                    "chat": chat.to_json(),
                    "message_id": message.message_id,
                    **(
                        {"actor_chat": sender.to_json()}
                        if sender
                        else {"user": self.user.to_json()}
                    ),
                    "date": int(time.time()),
                    "old_reaction": [{"type": "emoji", "emoji": emoji} for emoji in before],
                    "new_reaction": [{"type": "emoji", "emoji": emoji} for emoji in emojis],
                }
            }
        )

    def write_as(self, sender: Chat, text: str, chat: Chat, **extra: object) -> Message:
        """Send a text to a group in the name of that group or of a channel."""
        message = self.compose(chat)
        number, name = ANONYMOUS if sender is chat else CHANNEL_WRITER
        message.sender = User(number, name[0], name[1], is_bot=True)
        message.extra = {"sender_chat": sender.to_json(), **extra}
        message.text, message.entities = text, detect_entities(text)
        return self.world.deliver(message)

    def block(self) -> None:
        self.world.change_membership(self.chat, self.user, "kicked")

    def unblock(self) -> None:
        self.world.change_membership(self.chat, self.user, "member")

    def add_bot(self, chat: Chat, status: str = "member") -> None:
        self.world.change_membership(chat, self.user, status)
        message = self.compose(chat)
        message.media = {"new_chat_members": [self.world.bot.to_json()]}
        self.world.deliver(message)

    def remove_bot(self, chat: Chat) -> None:
        self.world.change_membership(chat, self.user, "kicked")
