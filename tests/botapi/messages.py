"""Methods that put messages into chats: send, edit, delete, chat actions."""

import time

from .detection import add_detected
from .entities import SPLITTABLE, Entity, cut_utf16, normalize, read_entities, utf16_len
from .errors import Json, bad_request, forbidden
from .limits import (
    QUOTE_CHARS,
    UPLOAD_BYTES,
    check_caption,
    check_chat_action,
    check_entities,
    check_reply_markup,
    check_text,
)
from .records import Chat, File, Message
from .requests import Request
from .world import World

QUOTABLE = SPLITTABLE | {"custom_emoji"}
UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


def read_formatted(
    source: str, parse_mode: str, entities: list[Json] | None
) -> tuple[str, list[Entity]]:
    """Return a text and its entities as they will be stored.

    The bot formats with entities alone, so that markup is an error here.

    Raises:
        ApiError: an entity is one that Telegram refuses, or there is a parse mode.
    """
    if parse_mode:
        raise bad_request("unsupported parse_mode")
    text, found = normalize(source, read_entities(entities or []))
    check_entities(found)
    return text, add_detected(text, found)


def read_text(request: Request, name: str = "text") -> tuple[str, list[Entity]]:
    prefix = "" if name == "text" else f"{name}_"
    return read_formatted(
        request.text(name), request.text("parse_mode"), request.array(f"{prefix}entities")
    )


def read_reply_markup(request: Request, chat: Chat) -> Json | None:
    """Return the keyboard; one without buttons is none."""
    markup = request.object("reply_markup")
    if not markup:
        return None
    check_reply_markup(markup, chat.is_private)
    return None if markup.get("inline_keyboard") == [] else markup


def read_inline_keyboard(request: Request, chat: Chat) -> Json | None:
    markup = read_reply_markup(request, chat)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def read_reply(world: World, request: Request, chat: Chat) -> tuple[Message | None, Json | None]:
    """Return the message replied to and the quote of it, where the call names them."""
    reply = request.object("reply_parameters")
    if reply is None:
        return None, None
    source = chat
    if "chat_id" in reply and int(reply["chat_id"]) != chat.id:
        source = world.find_chat(int(reply["chat_id"]))
    target = source.messages.get(int(reply.get("message_id", 0)))
    if target is None:
        if reply.get("allow_sending_without_reply"):
            return None, None
        raise bad_request("message to be replied not found")
    if not reply.get("quote"):
        return target, None
    text, entities = read_formatted(
        reply["quote"], reply.get("quote_parse_mode") or "", reply.get("quote_entities")
    )
    if utf16_len(text) > QUOTE_CHARS:
        raise bad_request("QUOTE_TEXT_INVALID")
    position = find_quote(target, text, entities, reply.get("quote_position"))
    quote: Json = {"text": text, "position": position, "is_manual": True}
    if entities:
        quote["entities"] = [entity.to_json() for entity in entities]
    return target, quote


def find_quote(target: Message, text: str, entities: list[Entity], hint: int | None) -> int:
    """Return the UTF-16 offset of a quote whose formatting is also that of the message."""
    body = target.text or ""
    length = utf16_len(text)
    wanted = {e for e in entities if e.type in QUOTABLE}
    offsets = [
        offset
        for offset in range(utf16_len(body) - length + 1)
        if safe_cut(body, offset, length) == text
        and formatting_under(target, offset, length) == wanted
    ]
    if not offsets or not text:
        raise bad_request("QUOTE_TEXT_INVALID")
    return min(offsets, key=lambda offset: abs(offset - (hint or 0)))


def safe_cut(text: str, offset: int, length: int) -> str | None:
    try:
        return cut_utf16(text, offset, length)
    except UnicodeDecodeError:
        return None


def formatting_under(message: Message, offset: int, length: int) -> set[Entity]:
    end = offset + length
    return {
        entity.between(max(entity.offset, offset) - offset, min(entity.end, end) - offset)
        for entity in message.entities
        if entity.type in QUOTABLE and entity.offset < end and offset < entity.end
    }


def new_message(world: World, request: Request, chat: Chat) -> Message:
    reply_to, quote = read_reply(world, request, chat)
    thread_id = read_topic(request, chat)
    if thread_id is None and reply_to is not None and reply_to.is_in_topic:
        thread_id = reply_to.thread_id
    return Message(
        chat=chat,
        message_id=0,
        sender=world.bot,
        reply_to=reply_to,
        quote=quote,
        reply_markup=read_reply_markup(request, chat),
        link_preview_options=request.object("link_preview_options"),
        thread_id=thread_id,
    )


def read_topic(request: Request, chat: Chat) -> int | None:
    """Return the topic that a call names; the General one goes without a number."""
    thread_id = request.integer("message_thread_id", 0)
    if thread_id and thread_id not in chat.topics:
        raise bad_request("message thread not found")
    return thread_id or None


def publish(world: World, message: Message) -> Json:
    """Number the message only now, so that a refused one leaves no gap."""
    message.message_id = message.chat.next_message_id()
    return world.store(message).to_json()


def send_message(world: World, request: Request) -> Json:
    chat = world.find_chat(request.integer("chat_id"))
    text, entities = read_text(request)
    check_text(text)
    message = new_message(world, request, chat)
    message.text, message.entities = text, entities
    return publish(world, message)


def send_message_draft(world: World, request: Request) -> bool:
    chat = world.find_chat(request.integer("chat_id"))
    if not chat.is_private:
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    if request.integer("draft_id") == 0:
        raise bad_request("draft_id must be non-zero")
    text, entities = read_text(request)
    check_text(text)
    chat.drafts.append(Message(chat, 0, world.bot, text=text, entities=entities))
    world.announce()
    return True


def send_document(world: World, request: Request) -> Json:
    chat = world.find_chat(request.integer("chat_id"))
    file = read_document(world, request)
    caption, entities = read_text(request, "caption")
    check_caption(caption)
    message = new_message(world, request, chat)
    message.text, message.entities = caption or None, entities
    message.file, message.media = file, {"document": file.to_document()}
    return publish(world, message)


def read_document(world: World, request: Request) -> File:
    upload = request.upload("document")
    if upload is None:
        file_id = request.text("document")
        if not file_id:
            raise bad_request("there is no document in the request")
        if file_id not in world.files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return world.files[file_id]
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > UPLOAD_BYTES:
        raise bad_request("file is too big")
    return world.add_file(upload.name, upload.content, upload.mime_type)


def find_editable(world: World, request: Request) -> Message:
    if request.text("inline_message_id"):
        raise bad_request("inline messages are unsupported in the fake")
    chat = world.find_chat(request.integer("chat_id"))
    message = chat.messages.get(request.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender.id != world.bot.id:
        raise bad_request("message can't be edited")
    return message


def edit_message_text(world: World, request: Request) -> Json:
    message = find_editable(world, request)
    if message.media:
        raise bad_request("there is no text in the message to edit")
    text, entities = read_text(request)
    check_text(text)
    markup = read_inline_keyboard(request, message.chat)
    if (text, entities, markup) == (message.text, message.entities, message.reply_markup):
        raise bad_request(UNCHANGED)
    message.text, message.entities = text, entities
    message.link_preview_options = request.object("link_preview_options")
    return finish_edit(world, message, markup)


def edit_message_reply_markup(world: World, request: Request) -> Json:
    message = find_editable(world, request)
    markup = read_inline_keyboard(request, message.chat)
    if markup == message.reply_markup:
        raise bad_request(UNCHANGED)
    return finish_edit(world, message, markup)


def finish_edit(world: World, message: Message, markup: Json | None) -> Json:
    message.reply_markup = markup
    message.edit_date = int(time.time())
    world.announce()
    return message.to_json()


def delete_message(world: World, request: Request) -> bool:
    chat = world.find_chat(request.integer("chat_id"))
    message = chat.messages.get(request.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    is_own = message.sender.id == world.bot.id
    if not is_own and not chat.is_private and chat.bot_status != "administrator":
        raise bad_request("message can't be deleted")
    del chat.messages[message.message_id]
    if is_own:
        chat.sent.remove(message)
    world.announce()
    return True


def send_chat_action(world: World, request: Request) -> bool:
    chat = world.find_chat(request.integer("chat_id"))
    action = request.text("action")
    check_chat_action(action)
    read_topic(request, chat)
    chat.actions.append(action)
    world.announce()
    return True


def leave_chat(world: World, request: Request) -> bool:
    chat = world.find_chat(request.integer("chat_id"))
    if chat.is_private:
        raise forbidden("bot can't leave private chats")
    world.change_membership(chat, world.bot, "left")
    return True
