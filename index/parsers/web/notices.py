"""Lines of a page that speak of the page or its writer, and are no part of the article."""

from __future__ import annotations

import re

from index.parsers.toolkit.xml import Block

_MAX_CHARS = 160
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|authors?(?:[_-]?(?:name|info|line))?|datelines?|time-?stamps?"
    r"|(?:post|entry|article)[_-]*(?:meta|date|info|author)|meta-?(?:data|info)?"
    r"|pub(?:lish(?:ed)?)?[_-]?(?:date|time)?|date(?:time)?|written-?by|credits?)(?=$|[\s_-])",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:By|Von|Par|Por|Da|Door|Av|Af|Автор:?|Текст:?)\s+(?=[^\W\d_])[^.!?]*(?:\b[A-Z]\.[^.!?]*)*",
)
_LABEL = re.compile(
    r"(?:date|published|posted|updated|last (?:updated|modified|edited)|modified|author|written by"
    r"|reporting by|editing by|share|tags?|filed under|categor(?:y|ies)|source|print|datum|autor"
    r"|veröffentlicht|aktualisiert|publié|mis à jour|fecha|publicado|дата|автор)\b"
    r"(?:\s+(?:on|by|am|le|el))?[:\s]\s*\S.*",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"[.!?…。][\"'”’»)\]]*$")
_OFFER = re.compile(
    r"(?:already an? (?:subscriber|member)\b|subscribe (?:to|now|for)\b.*(?:read|access|\d)"
    r"|(?:please )?(?:sign|log) in (?:to|or)\b.*(?:read|continu|access)"
    r"|you(?:'|’)?(?:ve| have) (?:reached|read|used) (?:your|all|the)\b.*\b(?:limit|free)\b"
    r"|get (?:unlimited|full) access\b|sign up (?:to|for)\b.*newsletter"
    r"|(?:please )?(?:enable|turn on|activate) javascript"
    r"|this (?:article|content) is (?:for|available to|exclusive to) (?:\w+ )?subscribers"
    r"|continue reading (?:with|by)\b|accept (?:all )?cookies).*",
    re.IGNORECASE,
)
_LEVELS = 3


def is_notice(block: Block, line: str) -> bool:
    """Whether a block names the writer or the day, or offers a subscription."""
    if len(line) > _MAX_CHARS:
        return False
    if _OFFER.match(line):
        return True
    if _ENDS_SENTENCE.search(line):
        return False
    return bool(_LABEL.fullmatch(line) or _BYLINE.fullmatch(line)) or _is_byline(block)


def _is_byline(block: Block) -> bool:
    element = block.element
    for _ in range(_LEVELS):
        if element is None or element.tag in {"article", "main", "body"}:
            return False
        if element.tag in {"time", "address"} or _BYLINE_CLASS.search(element.get("class", "")):
            return True
        element = element.getparent()
    return False
