"""Texts with entities, as Telegram takes them: joined, and packed within its limits.

Entities are explicit instead of HTML, so nothing of a document is ever escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, MessageEntity

from bot.telegram.rendering.utf16 import utf16_cut, utf16_len

MAX_UNITS = 4096
MAX_ENTITIES = 100


@dataclass(frozen=True, slots=True)
class Message:
    """A text and its entities; offsets and lengths count UTF-16 units.

    Attributes:
        keyboard: the buttons below it; joined to another message, it has none.
    """

    text: str
    entities: tuple[MessageEntity, ...] = ()
    keyboard: InlineKeyboardMarkup | None = None

    def __add__(self, other: Message) -> Message:
        """Return both in a row."""
        offset = utf16_len(self.text)
        moved = MessageEntity.shift_entities(offset, other.entities)
        return Message(self.text + other.text, (*self.entities, *moved))

    @property
    def fits(self) -> bool:
        """Whether Telegram takes it as one message."""
        return utf16_len(self.text) <= MAX_UNITS and len(self.entities) <= MAX_ENTITIES

    def texts_under(self, *types: str) -> list[str]:
        """Return the text under each entity of these types, in order."""
        return [
            utf16_cut(self.text, entity.offset, entity.length)
            for entity in self.entities
            if entity.type in types
        ]


def styled(text: str, entity_type: str) -> Message:
    """Return a text under one entity."""
    return Message(text, (MessageEntity(entity_type, 0, utf16_len(text)),))


def pack(blocks: Iterable[Message]) -> list[Message]:
    """Return the blocks in order in as few messages as take them; a block is never broken."""
    messages: list[Message] = []
    for block in blocks:
        if messages and (joined := messages[-1] + Message("\n\n") + block).fits:
            messages[-1] = joined
        else:
            messages.append(block)
    return messages
