"""Rights to ask, upload and decide: those of the settings, and those that admins gave."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.reload import Configuration, Reloader
from bot.storage.access import Access, Grant, Role
from bot.telegram.commands import COMMANDS, commands_for
from index.core.settings import IndexSettings
from tests.support.roles import GROUP, NAMED, PEOPLE, appoint, settings


@pytest.fixture
def access(engine: Engine) -> Access:
    return appoint(engine)


class TestDecisions:
    @pytest.mark.parametrize("role", Role)
    def test_a_role_may_do_what_it_may(self, access: Access, role: Role) -> None:
        user = PEOPLE[role]
        assert access.role(user) is role
        assert access.may_ask(user, user) == (role >= Role.MEMBER)
        assert access.may_upload(user, user) == (role >= Role.UPLOADER)
        access.configure(settings(**NAMED, open_to_all=True))
        assert access.may_ask(user, user) == (role is not Role.BLOCKED)
        assert access.may_upload(user, user) == (role >= Role.UPLOADER)

    @pytest.mark.parametrize(("actor", "target"), list(itertools.product(Role, Role)))
    def test_who_decides_about_whom(self, access: Access, actor: Role, target: Role) -> None:
        expected = actor > target and actor >= Role.ADMIN
        assert access.may_decide(PEOPLE[actor], PEOPLE[target]) == expected

    @pytest.mark.parametrize(
        ("grant", "named"), [*itertools.product(Grant, ({}, NAMED, {"open_to_all": True}))]
    )
    def test_blocking_goes_before_everything_but_the_owner(
        self, access: Access, grant: Grant, named: dict[str, Any]
    ) -> None:
        access.configure(settings(**{"owner": 1} | named))
        for user in PEOPLE.values():
            access.give(1, user, grant)
            access.give(1, user, Grant.BLOCKED)
            assert access.may_ask(user, GROUP) == (user == 1)
            assert access.may_upload(user, GROUP) == (user == 1)
            assert access.may_decide(user, 99) == (user == 1)

    def test_a_blocked_group_is_open_to_the_owner_only(self, access: Access) -> None:
        access.give(1, GROUP, Grant.BLOCKED)
        asking = [user for user in PEOPLE.values() if access.may_ask(user, GROUP)]
        assert asking == [1]
        assert access.may_ask(2, 2)

    def test_a_group_lends_its_rights_to_whoever_writes_there(self, access: Access) -> None:
        access.give(1, GROUP, Grant.QUESTIONS)
        assert access.may_ask(5, GROUP)
        assert access.may_ask(None, GROUP)
        assert not access.may_upload(5, GROUP)
        access.give(1, GROUP, Grant.UPLOADS)
        assert access.may_upload(5, GROUP)
        assert not access.may_upload(6, GROUP)
        assert not access.may_upload(5, 5)

    @pytest.mark.parametrize(
        ("given", "is_open"),
        [
            ({}, True),
            ({"allowed": {4}}, False),
            ({"allowed": {4}, "open_to_all": True}, True),
            ({"open_to_all": False}, False),
        ],
    )
    def test_open_unless_a_list_or_the_setting_says_otherwise(
        self, engine: Engine, given: dict[str, Any], is_open: bool
    ) -> None:
        access = Access(engine, settings(**given))
        assert access.may_ask(5, 5) == is_open
        assert not access.may_upload(5, 5)
        access.give(1, 7, Grant.QUESTIONS)
        assert access.may_ask(5, 5) == is_open

    def test_nobody_is_the_owner_unless_named(self, engine: Engine) -> None:
        access = Access(engine, settings())
        assert access.role(None) is Role.STRANGER
        assert not access.may_upload(None, None)
        assert not access.may_decide(None, 5)

    def test_what_was_given_outlives_the_process(self, engine: Engine, access: Access) -> None:
        access.give(1, 5, Grant.UPLOADS)
        access.give(1, 7, Grant.ADMIN)
        access.take(1, 7, Grant.ADMIN)
        again = Access(engine, settings(**NAMED))
        assert again.role(5) is Role.UPLOADER
        assert again.role(6) is Role.BLOCKED
        assert again.role(7) is Role.STRANGER

    def test_only_changes_are_recorded(self, access: Access) -> None:
        assert access.give(2, 5, Grant.QUESTIONS)
        assert not access.give(1, 5, Grant.QUESTIONS)
        assert not access.give(1, 4, Grant.QUESTIONS)
        assert access.take(1, 5, Grant.QUESTIONS)
        assert not access.take(1, 5, Grant.QUESTIONS)
        assert not access.take(1, 4, Grant.QUESTIONS)
        found = [(act.actor, act.act, act.target, act.detail) for act in access.acts(9)]
        assert found == [
            (1, "take", 5, "questions"),
            (2, "give", 5, "questions"),
            (1, "give", 6, "blocked"),
        ]

    def test_the_menu_grows_with_the_role(self) -> None:
        menus = [set(commands_for(role)) for role in Role]
        for smaller, larger in itertools.pairwise(menus):
            assert smaller <= larger
        assert not menus[0]
        assert "allow" not in commands_for(Role.UPLOADER)
        assert "audit" not in commands_for(Role.ADMIN)
        about_chat = {name for name, command in COMMANDS.items() if command.kind.is_about_chat}
        assert about_chat < set(commands_for(Role.OWNER))


async def test_settings_read_again_hold_at_once(engine: Engine) -> None:
    access = Access(engine, settings(allowed={4}))
    index = IndexSettings()
    started = Configuration(settings(allowed={4}), index)
    changed = Configuration(settings(allowed={4, 5}, owner=1, admins={2}, uploaders={3}), index)
    reloader = Reloader(started, lambda new: access.configure(new.bot), lambda: changed)
    assert not access.may_ask(5, 5)
    found = reloader.reload()
    assert found.live == (
        "ONRECORD_ALLOWED",
        "ONRECORD_OWNER",
        "ONRECORD_ADMINS",
        "ONRECORD_UPLOADERS",
    )
    assert access.may_ask(5, 5)
    assert [access.role(user) for user in (1, 2, 3)] == [Role.OWNER, Role.ADMIN, Role.UPLOADER]
