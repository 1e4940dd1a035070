"""Finds the messages that are meant for the bot, and reads their requests."""

from __future__ import annotations

import re

from telegram import Message, MessageEntity, User
from telegram.constants import ChatType

from bot.conversation.doubts import claim_in, is_doubt
from bot.conversation.questions import Request
from bot.telegram.commands import COMMANDS
from bot.telegram.rendering.message import utf16_cut, utf16_len

SET_OFF = " \n,:"
WORD = re.compile(r"\w")


def is_person(message: Message) -> bool:
    """Whether a human wrote the message, be it in the name of the group or of a channel."""
    if message.sender_chat is not None:
        # Telegram itself copies the posts of a channel into its group.
        return not message.is_automatic_forward
    return message.from_user is not None and not message.from_user.is_bot


def request_of(message: Message, bot: User) -> Request | None:
    """Return what a message asks of the bot by its text or caption, or about another message.

    A caption in a private chat may say anything, so that it has to ask; in a group it also counts
    if it mentions the bot, unless it comes with a document. A card of the bot itself, sent by
    inline mode, asks nothing.
    """
    if message.via_bot is not None and message.via_bot.id == bot.id:
        return None
    text = addressed_text(message, bot)
    if text is None:
        return None
    request = Request.read(text)
    if message.text is None and not request.is_asking:
        is_named = message.document is None and bool(mentions_of(message, bot))
        if message.chat.type == ChatType.PRIVATE or not is_named:
            return None
    return about(words_replied_to(message, bot), request, replies_to(message, bot))


def about(words: str, request: Request, is_own: bool) -> Request:
    """Return a request that has no words of its own as one about the words that it replies to.

    A claim of its own that it doubts is checked.
    """
    claim = claim_in(request.rest) if request.is_question else ""
    if claim and not Request.asking(claim).is_asking:
        return Request(claim, "check", claim)
    if not words:
        return request
    has_rest = bool(WORD.search(request.rest))
    is_check = request.command == "check" and not has_rest
    if is_check or (request.is_question and not is_own and is_doubt(request.rest)):
        return Request(words, "check", words)
    return Request.asking(words) if request.is_question and not has_rest else request


def words_replied_to(message: Message, bot: User) -> str:
    """Return the part of another message that is highlighted, or else all words of somebody's.

    "" if there are none. Of a message in another chat only the highlighted part is known.
    """
    if message.quote is not None and (message.quote.is_manual or message.external_reply):
        return message.quote.text
    replied = message.reply_to_message
    if replied is None or replies_to(message, bot):
        return ""
    text = without(replied.text or replied.caption or "", mentions_of(replied, bot))
    return Request.read(text).rest


def addressed_text(message: Message, bot: User) -> str | None:
    """Return the text or caption that is meant for the bot; None if nothing is.

    In a private chat everything is; in a group a command, a mention of the bot, which is left out
    of the text, and a reply to one of its messages, unless that begins with somebody else's name.
    """
    text = message.text or message.caption or ""
    is_private = message.chat.type == ChatType.PRIVATE
    command = leading_command(message)
    if command is not None:
        return text if is_private or is_own_command(command, bot) else None
    if mentions := mentions_of(message, bot):
        return without(text, mentions)
    is_reply = replies_to(message, bot) and not is_to_another(message)
    return text if is_private or is_reply else None


def mentions_of(message: Message, bot: User) -> list[MessageEntity]:
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities
    return [entity for entity in entities if is_mention(text, entity, bot)]


def replies_to(message: Message, bot: User) -> bool:
    replied = message.reply_to_message
    # Every message in a topic of a forum seems to reply to the one that opened it.
    if replied is None or replied.forum_topic_created is not None:
        return False
    return replied.from_user is not None and replied.from_user.id == bot.id


def is_to_another(message: Message) -> bool:
    """Whether a message that does not mention the bot begins with a mention."""
    kinds = {MessageEntity.MENTION, MessageEntity.TEXT_MENTION}
    entities = message.entities or message.caption_entities
    return any(entity.type in kinds and entity.offset == 0 for entity in entities)


def leading_command(message: Message) -> str | None:
    """Return the command a message begins with, as in /help@onrecord_bot."""
    text = message.text or message.caption or ""
    for entity in message.entities or message.caption_entities:
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            return utf16_cut(text, 0, entity.length)
    return None


def is_own_command(command: str, bot: User) -> bool:
    """Whether a command names the bot, or names nobody and is one the bot knows."""
    name, at, username = command.removeprefix("/").partition("@")
    if at:
        return username.casefold() == (bot.username or "").casefold()
    return name.lower() in COMMANDS


def is_mention(text: str, entity: MessageEntity, bot: User) -> bool:
    """Whether an entity names the bot, by its username or by a link to it."""
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot.id
    if entity.type != MessageEntity.MENTION:
        return False
    mention = utf16_cut(text, entity.offset, entity.length)
    return mention.casefold() == f"@{bot.username}".casefold()


def without(text: str, mentions: list[MessageEntity]) -> str:
    """Return the text without the mentions and the punctuation that set them off."""
    kept = ""
    start = 0
    borders = [(mention.offset, mention.offset + mention.length) for mention in mentions]
    for offset, end in [*borders, (utf16_len(text), 0)]:
        part = utf16_cut(text, start, offset - start).strip(SET_OFF)
        kept += part if part.startswith(("?", "!")) else f" {part}"
        start = end
    return kept.strip()
