"""Exchanges are found again, by their id, their asker or their message."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, update

from bot.storage.exchanges import Exchange, Exchanges
from bot.storage.messages import Outbox
from bot.storage.schema import exchanges as table
from bot.storage.schema import schema
from bot.storage.updates import Inbox
from index.core.documents import Entry, Span, Speaker
from index.core.scope import Scope
from index.store.database import writing
from tests.support.library import BORDERS, quote

CHAT, ANN, BOB = -1001, 7, 8
SCOPE = Scope(("library", "uploads"), date(2021, 7, 1), None, "Times", (3, 4))


@pytest.fixture
def engine(engine: Engine) -> Engine:
    Inbox(engine).put([{"update_id": number, "message": {}} for number in range(9)])
    return engine


@pytest.fixture
def exchanges(engine: Engine) -> Exchanges:
    return Exchanges(engine)


def ask(exchanges: Exchanges, update_id: int, user_id: int = ANN) -> Exchange:
    return exchanges.add(Exchange(update_id, CHAT, user_id, "Who?", SCOPE, (quote(),), True))


@pytest.mark.file
def test_the_migrations_make_the_schema(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema) == []


def test_an_exchange_is_kept_whole(exchanges: Exchanges) -> None:
    entry = Entry(3, "Title", date(2021, 1, 1), time(3, 4), Speaker("Ann", Span(0, 3)), "https://a")
    shown = replace(quote(BORDERS, "Iran", page=3, speaker="Ann 😀"), entry=entry, also=(quote(),))
    quotes = (shown, quote())
    added = exchanges.add(Exchange(1, CHAT, ANN, "Who?", SCOPE, quotes, False, 3, True))
    assert exchanges.get(added.id) == added
    assert len(added.id) <= 12


def test_an_unknown_exchange_is_none(exchanges: Exchanges) -> None:
    assert exchanges.get("") is None
    assert exchanges.get("nobody") is None
    assert exchanges.by_message(CHAT, 1) is None


def test_an_update_answered_again_has_one_exchange(exchanges: Exchanges) -> None:
    first, again = ask(exchanges, 1), ask(exchanges, 1)
    assert exchanges.get(first.id) is None
    assert exchanges.get(again.id) == again


def test_the_last_of_a_user_in_a_chat(exchanges: Exchanges) -> None:
    ask(exchanges, 1)
    second = ask(exchanges, 2)
    ask(exchanges, 3, BOB)
    assert exchanges.last(CHAT, ANN, within_s=60) == second
    assert exchanges.last(CHAT, ANN, within_s=-1) is None
    assert exchanges.last(ANN, ANN, within_s=60) is None


def test_an_exchange_of_a_clock_that_was_years_ahead_is_not_leaned_on(
    exchanges: Exchanges, engine: Engine
) -> None:
    told = ask(exchanges, 1)
    assert exchanges.last(CHAT, ANN, within_s=60) == told
    changed = update(table).values(asked_at=table.c.asked_at + 10**8)
    with engine.begin() as connection:
        connection.execute(changed)
    assert exchanges.last(CHAT, ANN, within_s=60) is None


def test_every_message_of_an_answer_leads_to_it(exchanges: Exchanges, engine: Engine) -> None:
    outbox = Outbox(engine)
    asked = ask(exchanges, 1)
    ask(exchanges, 2)
    for message_id, letter in enumerate(outbox.plan(1, CHAT, [{}, {}]), start=20):
        outbox.mark_sent(letter.id, message_id)
    assert [exchanges.by_message(CHAT, number) for number in (20, 21, 22)] == [asked, asked, None]
    assert exchanges.by_message(CHAT - 1, 20) is None


def test_exchanges_are_forgotten_with_their_updates(exchanges: Exchanges, engine: Engine) -> None:
    finished, waiting = ask(exchanges, 1), ask(exchanges, 2)
    inbox = Inbox(engine)
    inbox.finish(1)
    inbox.prune(keep_days=-1)
    assert exchanges.get(finished.id) is None
    assert exchanges.get(waiting.id) == waiting


def test_what_cannot_be_read_any_more_counts_as_forgotten(
    exchanges: Exchanges, engine: Engine
) -> None:
    asked = ask(exchanges, 1)
    with writing(engine) as connection:
        connection.execute(update(table).values(quotes='[{"span": 1}]'))
    assert exchanges.get(asked.id) is None
