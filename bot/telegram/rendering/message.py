"""Messages as Telegram takes them: a text with entities, joined and packed within the limits.

Entities are explicit instead of HTML, so nothing of a document is ever escaped. Their offsets and
lengths count UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, MessageEntity

MAX_UNITS = 4096
MAX_ENTITIES = 100


@dataclass(frozen=True, slots=True)
class Message:
    """A text, its entities and the buttons below it, which are lost when messages are joined."""

    text: str
    entities: tuple[MessageEntity, ...] = ()
    keyboard: InlineKeyboardMarkup | None = None

    def __add__(self, other: Message | str) -> Message:
        if isinstance(other, str):
            return Message(self.text + other, self.entities)
        moved = MessageEntity.shift_entities(utf16_len(self.text), other.entities)
        return Message(self.text + other.text, (*self.entities, *moved))

    def __radd__(self, other: str) -> Message:
        return Message(other) + self

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


def styled(text: str, entity_type: str, url: str | None = None) -> Message:
    """Return a text under one entity; `url` is for a link."""
    return Message(text, (MessageEntity(entity_type, 0, utf16_len(text), url),))


def pack(blocks: Iterable[Message]) -> list[Message]:
    """Return the blocks in order in as few messages as can hold them; a block is never broken."""
    messages: list[Message] = []
    for block in blocks:
        if messages and (joined := messages[-1] + "\n\n" + block).fits:
            messages[-1] = joined
        else:
            messages.append(block)
    return messages


def utf16_len(text: str) -> int:
    """Return the length in UTF-16 units: 2 for each character beyond U+FFFF, 1 for the others."""
    return len(text) + sum(character > "\uffff" for character in text)


def utf16_cut(text: str, offset: int, length: int) -> str:
    """Return the characters under a range of UTF-16 units.

    Raises:
        UnicodeDecodeError: the range begins or ends inside a surrogate pair.
    """
    units = text.encode("utf-16-le")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def utf16_split(text: str, max_units: int) -> list[str]:
    """Return the text in pieces of at most `max_units` (2 or more), never inside a character."""
    pieces = []
    start = units = 0
    for index, character in enumerate(text):
        width = utf16_len(character)
        if units + width > max_units:
            pieces.append(text[start:index])
            start, units = index, 0
        units += width
    return [*pieces, text[start:]]
