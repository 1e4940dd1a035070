"""Entities that Telegram finds by itself: commands, mentions, hashtags, links."""

import re
from itertools import pairwise

from .entities import QUOTES, SPLITTABLE, Entity, sort_entities, utf16_len

PATTERNS = {
    "bot_command": re.compile(
        r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])(?!@\w{3})"
    ),
    "url": re.compile(
        r"(?<![\w@.])(?:https?://[^\s<>\"]+|(?:[a-z0-9-]+\.)+(?:com|org|net|io|me)(?:/[^\s<>\"]*)?)"
        r"(?<![.,:;!?'\")\]])(?![\w@])",
        re.IGNORECASE,
    ),
    "email": re.compile(r"(?<![\w.@/])[A-Za-z0-9_.+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?!\w)"),
    "mention": re.compile(r"(?<![\w@])@[A-Za-z0-9_]{2,32}(?!\w)"),
    "hashtag": re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])\w{1,256}(?![\w#])"),
    "cashtag": re.compile(r"(?<![\w$])\$[A-Z]{1,8}(?![\w$])"),
}


def detect_entities(text: str) -> list[Entity]:
    found: list[Entity] = []
    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            entity = Entity(kind, utf16_len(text[: match.start()]), utf16_len(match[0]))
            if not any(entity.crosses(other) for other in found):
                found.append(entity)
    return sort_entities(found)


def add_detected(text: str, entities: list[Entity]) -> list[Entity]:
    """Return `entities` with the detected ones that cross neither a link, code, nor a quote."""
    solid = [e for e in entities if e.type not in SPLITTABLE | QUOTES]
    quotes = [e for e in entities if e.type in QUOTES]
    added = [
        entity
        for entity in detect_entities(text)
        if not any(entity.crosses(other) for other in solid)
        and all(not entity.crosses(quote) or quote.covers(entity) for quote in quotes)
    ]
    pieces = []
    for entity in entities:
        borders = sorted(
            border
            for other in added
            for border in (other.offset, other.end)
            if entity.type in SPLITTABLE and entity.offset < border < entity.end
        )
        edges = [entity.offset, *borders, entity.end]
        pieces += [entity.between(start, end) for start, end in pairwise(edges)]
    return sort_entities(pieces + added)
