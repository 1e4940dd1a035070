"""One user of each role."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from bot.settings import BotSettings
from bot.storage.access import Access, Grant, Role

GROUP = -1001000000001
PEOPLE = {
    Role.OWNER: 1,
    Role.ADMIN: 2,
    Role.UPLOADER: 3,
    Role.MEMBER: 4,
    Role.STRANGER: 5,
    Role.BLOCKED: 6,
}
NAMED: dict[str, Any] = {"owner": 1, "admins": {2}, "uploaders": {3}, "allowed": {4}}


def settings(**given: Any) -> BotSettings:
    return BotSettings(_env_file=None, **given)


def appoint(engine: Engine) -> Access:
    """Return the decisions about PEOPLE."""
    access = Access(engine, settings(**NAMED))
    access.give(PEOPLE[Role.OWNER], PEOPLE[Role.BLOCKED], Grant.BLOCKED)
    return access
