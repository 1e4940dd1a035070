"""Rights to ask, upload and decide: those of the settings, and those that admins gave.

The owner may do everything. A blocked user may do nothing, whatever else they were given. Admins
may ask, upload, and decide about users who are no admins. Uploaders may ask as well.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import IntEnum, StrEnum

from sqlalchemy import Engine, Executable, delete, select, update

from bot.settings import BotSettings
from bot.storage.schema import audit, grants
from bot.storage.shared.changes import count_change
from index.store.database import fetch, from_row, writing
from index.store.databases.dialects import insert

logger = logging.getLogger(__name__)

GIVE, TAKE = "give", "take"


class Role(IntEnum):
    """The role of a user; each may do what the ones before may."""

    BLOCKED = 0
    STRANGER = 1
    """Named nowhere; may ask if the bot is open."""
    MEMBER = 2
    UPLOADER = 3
    ADMIN = 4
    OWNER = 5


class Grant(StrEnum):
    """A right that a user or a chat can be given, or its opposite: being blocked."""

    QUESTIONS = "questions"
    UPLOADS = "uploads"
    ADMIN = "admin"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Act:
    """A recorded change of rights."""

    at: float  # seconds since 1970
    actor: int
    act: str  # give or take
    target: int
    detail: str  # a Grant


class Access:
    """Decides from memory; a change is recorded first and holds from then on."""

    def __init__(self, engine: Engine, settings: BotSettings) -> None:
        self._engine = engine
        self.read()
        self.configure(settings)

    def read(self) -> None:
        """Read what was given, at start and whenever another process changed it."""
        given: dict[Grant, set[int]] = {grant: set() for grant in Grant}
        for row in fetch(self._engine, select(grants)):
            given[Grant(row.grant)].add(row.target)
        self._given = given

    def configure(self, settings: BotSettings) -> None:
        """Apply the settings, at start and whenever they are read again."""
        self.owner = settings.owner
        self.named: Mapping[Grant, frozenset[int]] = {
            Grant.QUESTIONS: settings.allowed,
            Grant.UPLOADS: settings.uploaders,
            Grant.ADMIN: settings.admins,
            Grant.BLOCKED: frozenset(),
        }
        self.is_open = not settings.allowed
        if settings.open_to_all is not None:
            self.is_open = settings.open_to_all

    def may_ask(self, user_id: int | None, chat_id: int | None) -> bool:
        """Whether a user is answered in a chat; None stands for an unknown one."""
        return self._may(Grant.QUESTIONS, user_id, chat_id)

    def may_upload(self, user_id: int | None, chat_id: int | None) -> bool:
        """Whether a user may add documents from a chat. Being open is about questions only."""
        return self._may(Grant.UPLOADS, user_id, chat_id)

    def may_decide(self, actor: int | None, target: int) -> bool:
        """Whether one may change the rights of another: the owner of all others, admins of members.

        Nobody decides about the owner or about oneself.
        """
        if actor is None or target in {actor, self.owner}:
            return False
        role = self.role(actor)
        return role is Role.OWNER or (role is Role.ADMIN and not self.has(target, Grant.ADMIN))

    def is_blocked(self, user_id: int | None, chat_id: int | None) -> bool:
        """Whether the bot is silent towards a user, or towards all but the owner in a chat."""
        if user_id is not None and user_id == self.owner:
            return False
        return self.has(user_id, Grant.BLOCKED) or self.has(chat_id, Grant.BLOCKED)

    def role(self, user_id: int | None) -> Role:
        """Return the role of a user, wherever they write."""
        if user_id is not None and user_id == self.owner:
            return Role.OWNER
        for grant, role in (
            (Grant.BLOCKED, Role.BLOCKED),
            (Grant.ADMIN, Role.ADMIN),
            (Grant.UPLOADS, Role.UPLOADER),
            (Grant.QUESTIONS, Role.MEMBER),
        ):
            if self.has(user_id, grant):
                return role
        return Role.STRANGER

    def has(self, target: int | None, grant: Grant) -> bool:
        """Whether a user or chat has a grant, by the settings or from an admin."""
        return target in self.named[grant] or target in self._given[grant]

    def holders(self, grant: Grant) -> tuple[frozenset[int], frozenset[int]]:
        """Return the ids that the settings name, and those that admins added."""
        return self.named[grant], frozenset(self._given[grant])

    def give(self, actor: int, target: int, grant: Grant) -> bool:
        """Record a grant; False if it was there already. The caller checks `may_decide`."""
        if self.has(target, grant):
            return False
        act = Act(time.time(), actor, GIVE, target, grant.value)
        row = {"target": target, "grant": grant.value, "actor": actor, "at": act.at}
        adding = insert(self._engine, grants).values(row)
        self._record(adding.on_conflict_do_nothing(), act)
        self._given[grant].add(target)
        logger.info("%s gave %s: %s", actor, target, grant)
        return True

    def take(self, actor: int, target: int, grant: Grant) -> bool:
        """Take back a grant; False if no admin gave it. Those of the settings stay."""
        if target not in self._given[grant]:
            return False
        gone = delete(grants).where(grants.c.target == target, grants.c.grant == grant.value)
        self._record(gone, Act(time.time(), actor, TAKE, target, grant.value))
        self._given[grant].discard(target)
        logger.info("%s took from %s: %s", actor, target, grant)
        return True

    def move(self, old: int, new: int) -> None:
        """Record that a group has another id from now on. Grants of the settings do not follow."""
        moving = update(grants).where(grants.c.target == old).values(target=new)
        with writing(self._engine) as connection:
            connection.execute(delete(grants).where(grants.c.target == new))
            connection.execute(moving)
            count_change(connection)
        for given in self._given.values():
            given.discard(new)
            if old in given:
                given.remove(old)
                given.add(new)
        if any(old in named for named in self.named.values()):
            logger.warning("group %s is %s now; please change the settings that name it", old, new)

    def acts(self, limit: int) -> list[Act]:
        """Return the last changes, the latest first."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        return [from_row(Act, row) for row in fetch(self._engine, query)]

    def _record(self, change: Executable, act: Act) -> None:
        with writing(self._engine) as connection:
            connection.execute(change)
            connection.execute(insert(connection, audit), asdict(act))
            count_change(connection)

    def _may(self, grant: Grant, user_id: int | None, chat_id: int | None) -> bool:
        role = self.role(user_id)
        if role is Role.OWNER:
            return True
        if self.is_blocked(user_id, chat_id):
            return False
        if role >= Role.UPLOADER or self.has(chat_id, Grant.UPLOADS):
            return True
        if grant is Grant.UPLOADS:
            return False
        return self.is_open or role is Role.MEMBER or self.has(chat_id, Grant.QUESTIONS)
