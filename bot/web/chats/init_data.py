"""Checks the init data by which Telegram tells a Mini App who opened it.

Its hash is an HMAC under a key made of the bot's token. Its `signature`, which others can check
without the token, is only part of what is hashed.
https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

from __future__ import annotations

import hmac
import json
from urllib.parse import parse_qsl

from bot.conversation.places import Pass

MAX_CHARS = 8192
MAX_FIELDS = 50
MAX_DIGITS = 20
MAX_AGE_S = 3600.0
MAX_AHEAD_S = 300.0
"""The clock of this machine may be behind that of Telegram."""


def check_init_data(data: str, token: str, now_s: float) -> tuple[Pass, int]:
    """Return whether Telegram made the data for the bot of a token lately, and the user's id.

    The id is 0 unless the data is valid.
    """
    try:
        pairs = parse_qsl(
            data[: MAX_CHARS + 1],
            keep_blank_values=True,
            max_num_fields=MAX_FIELDS,
            errors="strict",
        )
    except ValueError:
        return Pass.FORGED, 0
    fields = dict(pairs)
    given = fields.pop("hash", "")
    if len(data) > MAX_CHARS or len(fields) + 1 != len(pairs):
        return Pass.FORGED, 0
    try:
        is_ours = hmac.compare_digest(given.encode(), hash_of(fields, token).encode())
    except UnicodeEncodeError:  # half of a character
        is_ours = False
    if not is_ours:
        return Pass.FORGED, 0
    date = fields.get("auth_date", "")
    made_s = int(date) if date.isdecimal() and len(date) <= MAX_DIGITS else 0
    user = _user_id(fields.get("user", ""))
    if user <= 0 or made_s > now_s + MAX_AHEAD_S:
        return Pass.FORGED, 0
    return (Pass.EXPIRED, 0) if made_s < now_s - MAX_AGE_S else (Pass.VALID, user)


def hash_of(fields: dict[str, str], token: str) -> str:
    """Return the hash of all other fields."""
    key = hmac.digest(b"WebAppData", token.encode(), "sha256")
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    return hmac.digest(key, lines.encode(), "sha256").hex()


def _user_id(user: str) -> int:
    try:
        found = json.loads(user)
    except (ValueError, RecursionError):
        return 0
    number = found.get("id") if isinstance(found, dict) else None
    return number if type(number) is int else 0
