"""Message entities: ranges of a text in UTF-16 units, kept the way Telegram keeps them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from .errors import Json, bad_request

SPLITTABLE = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
MONOSPACE = frozenset({"pre", "code"})
LINKS = frozenset({"text_link", "text_mention", "custom_emoji"})
SENDABLE = SPLITTABLE | QUOTES | MONOSPACE | LINKS
DETECTED = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
)
PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}


@dataclass(frozen=True, slots=True)
class Entity:
    """A formatted range of a text; `offset` and `length` count UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    custom_emoji_id: str | None = None
    user_id: int | None = None

    @property
    def end(self) -> int:
        return self.offset + self.length

    def cut(self, text: str) -> str:
        return cut_utf16(text, self.offset, self.length)

    def between(self, start: int, end: int) -> "Entity":
        return replace(self, offset=start, length=end - start)

    def covers(self, other: "Entity") -> bool:
        return self.offset <= other.offset and other.end <= self.end

    def crosses(self, other: "Entity") -> bool:
        return self.offset < other.end and other.offset < self.end

    def to_json(self) -> Json:
        data: Json = {"type": self.type, "offset": self.offset, "length": self.length}
        for name in ("url", "language", "custom_emoji_id"):
            if (value := getattr(self, name)) is not None:
                data[name] = value
        if self.user_id is not None:
            data["user"] = {"id": self.user_id, "is_bot": False, "first_name": "Someone"}
        return data


def utf16_len(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def cut_utf16(text: str, offset: int, length: int) -> str:
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def read_entities(items: Iterable[Json]) -> list[Entity]:
    """Return the entities of an `entities` parameter; the detectable types are left out."""
    entities = []
    for item in items:
        kind, offset, length = item.get("type"), item.get("offset"), item.get("length")
        if not isinstance(offset, int) or not isinstance(length, int):
            raise bad_request("can't parse entities: offset and length must be integers")
        if offset < 0:
            raise bad_request(f"receive an entity with incorrect offset {offset}")
        if length < 0:
            raise bad_request(f"receive an entity with incorrect length {length}")
        if kind in DETECTED or length == 0:
            continue
        if kind not in SENDABLE:
            raise bad_request(f"can't parse entities: unknown entity type {kind!r}")
        if kind == "text_link" and not item.get("url"):
            raise bad_request("can't parse entities: Can't find field \"url\"")
        user = item.get("user") or {}
        entities.append(
            Entity(
                kind,
                offset,
                length,
                url=item.get("url"),
                language=item.get("language"),
                custom_emoji_id=item.get("custom_emoji_id"),
                user_id=user.get("id"),
            )
        )
    return entities


def normalize(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Return the text and its entities as Telegram stores them.

    Control characters become spaces, `\\r`, bidirectional overrides and a few combining lines
    vanish, formatting is split where it meets a quote or a link, entities lose their leading
    white space, and the whole message is trimmed.

    Raises:
        ApiError: an entity leaves the text or begins or ends inside a surrogate pair.
    """
    text, positions = clean(text)
    moved = [move(entity, positions) for entity in entities]
    entities = untangle([entity for entity in moved if entity.length > 0])
    units = text.encode("utf-16-le")
    entities = untangle([kept for e in entities if (kept := drop_leading_space(e, units))])
    return trim(text, entities)


def clean(text: str) -> tuple[str, list[int | None]]:
    """Return the cleaned text, and for each UTF-16 offset of `text` the offset it moved to.

    The offset inside a surrogate pair moves nowhere and is None.
    """
    kept: list[str] = []
    positions: list[int | None] = []
    offset = 0
    for character in text:
        positions.append(offset)
        if character in "\r\u0333\u033f\u030a" or "\u2028" <= character <= "\u202e":
            continue
        kept.append(" " if character < " " and character != "\n" else character)
        offset += 1
        if character > "\uffff":
            positions.append(None)
            offset += 1
    positions.append(offset)
    for index, (current, following) in enumerate(pairwise(kept)):
        if current in "\u200e\u200f" and following in "\u200e\u200f":
            kept[index] = "\u200c"
    return "".join(kept), positions


def move(entity: Entity, positions: list[int | None]) -> Entity:
    last = len(positions) - 1
    if entity.offset > last:
        raise bad_request(
            f"entity begins after the end of the text at UTF-16 offset {entity.offset}"
        )
    if entity.end > last:
        raise bad_request(
            f"entity beginning at UTF-16 offset {entity.offset} ends after the end of the text"
            f" at UTF-16 offset {entity.end}"
        )
    start, end = positions[entity.offset], positions[entity.end]
    if start is None:
        raise bad_request("entity begins in a middle of a UTF-16 symbol")
    if end is None:
        raise bad_request(
            f"entity beginning at UTF-16 offset {entity.offset} ends in a middle of a UTF-16 symbol"
        )
    return entity.between(start, end)


def sort_entities(entities: Iterable[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda e: (e.offset, -e.length, PRIORITY.get(e.type, 50)))


def untangle(entities: list[Entity]) -> list[Entity]:
    """Return entities of which no two cross, as Telegram resolves them.

    Of two crossing links or monospace ranges the first stays; one that crosses the border of a
    quote is dropped; bold, italic and the like are split and vanish inside monospace.
    """
    ordered = sort_entities(entities)
    quotes = drop_crossing(e for e in ordered if e.type in QUOTES)
    solid = [
        entity
        for entity in drop_crossing(e for e in ordered if e.type not in SPLITTABLE | QUOTES)
        if all(not entity.crosses(quote) or quote.covers(entity) for quote in quotes)
    ]
    formatting = split_formatting([e for e in ordered if e.type in SPLITTABLE], quotes + solid)
    return sort_entities(quotes + solid + formatting)


def drop_crossing(entities: Iterable[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in entities:
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def split_formatting(formatting: list[Entity], others: list[Entity]) -> list[Entity]:
    merged: list[Entity] = []
    for kind in SPLITTABLE:
        runs: list[Entity] = []
        for entity in (e for e in formatting if e.type == kind):
            if runs and entity.offset <= runs[-1].end:
                runs[-1] = runs[-1].between(runs[-1].offset, max(runs[-1].end, entity.end))
            else:
                runs.append(entity)
        merged += runs
    borders = {e.offset for e in merged} | {e.offset for e in others} | {e.end for e in others}
    pieces = []
    for entity in merged:
        inside = [border for border in borders if entity.offset < border < entity.end]
        cuts = sorted([entity.offset, *inside, entity.end])
        pieces += [entity.between(start, end) for start, end in pairwise(cuts)]
    monospace = [e for e in others if e.type in MONOSPACE]
    return [piece for piece in pieces if not any(e.crosses(piece) for e in monospace)]


def drop_leading_space(entity: Entity, units: bytes) -> Entity | None:
    if entity.type in LINKS:
        return entity
    body = units[2 * entity.offset : 2 * entity.end].decode("utf-16-le")
    stripped = len(body) - len(body.lstrip(" \n"))
    if stripped == len(body):
        return None
    return entity.between(entity.offset + stripped, entity.end)


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    text = text.rstrip(" \n")
    end = utf16_len(text)
    clipped = [e.between(e.offset, min(e.end, end)) for e in entities if e.offset < end]
    lead = len(text) - len(text.lstrip(" \n"))
    if clipped:
        lead = min(lead, clipped[0].offset)
    return text[lead:], sort_entities(e.between(e.offset - lead, e.end - lead) for e in clipped)
