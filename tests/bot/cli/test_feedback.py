"""Votes become questions with answers that `eval` can read, and mean no more than they do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from bot.cli.app import app
from bot.cli.feedback import ELSEWHERE, LIMITED, OUTDATED, TIED, read_labels
from bot.storage.database import open_inbox
from bot.storage.exchanges import HELPFUL, UNHELPFUL, Exchange, Exchanges, Votes
from bot.storage.updates import Inbox
from index.core.answers import Quote
from index.core.scope import Scope
from index.evaluation.questions import read_questions
from tests.support.folders import Shelf
from tests.support.library import BORDERS, quote

CURRENT = {"news/taliban.txt": ""}
SHORT = quote(BORDERS, "Iran", "Pakistan")
SPAN = BORDERS[BORDERS.index("Iran") : BORDERS.index("Pakistan") + len("Pakistan")]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_inbox(tmp_path)
    Inbox(opened).put([{"update_id": number, "message": {}} for number in range(9)])
    yield opened
    opened.dispose()


def asked(*quotes: Quote, question: str = "Who?", scope: Scope | None = None) -> Exchange:
    return Exchange(1, 7, 7, question, scope or Scope(), quotes, answered=True)


def place(shown: Quote, text: str) -> dict[str, object]:
    start = shown.span.start + shown.text.index(text)
    return {"document": shown.document.path, "start": start, "text": text}


def test_the_last_vote_of_each_user_counts(engine: Engine) -> None:
    votes, exchanges = Votes(engine), Exchanges(engine)
    first = exchanges.add(asked(quote()))
    second = exchanges.add(replace(asked(quote()), update_id=2, id="second"))
    exchanges.add(replace(asked(quote()), update_id=3, id="third"))
    for value in (HELPFUL, UNHELPFUL, UNHELPFUL):
        votes.cast(first.id, 1, value)
    votes.cast(second.id, 1, HELPFUL)
    votes.cast(second.id, 2, HELPFUL)
    assert [(exchange.id, value) for exchange, value in votes.tally()] == [
        (first.id, -1),
        (second.id, 2),
    ]


def test_what_helped_is_an_answer() -> None:
    tally = [
        (asked(SHORT, quote("Other.")), 2),
        (asked(quote("Whole.", start=400), question="Where?"), 1),
        (asked(quote("Also.", start=500)), 1),
        (asked(SHORT), 1),
    ]
    labels = read_labels(tally, CURRENT, "library")
    assert [json.loads(line) for line in labels.gold_lines()] == [
        {
            "question": "Who?",
            "answers": [place(SHORT, SPAN), place(quote("Also.", start=500), "Also.")],
        },
        {"question": "Where?", "answers": [place(quote("Whole.", start=400), "Whole.")]},
    ]
    assert not labels.rejected_lines()


def test_what_did_not_help_is_no_claim_that_nothing_answers() -> None:
    shown = [SHORT, quote("Other.", start=300)]
    labels = read_labels([(asked(*shown), -1)], CURRENT, "library")
    assert not labels.gold_lines()
    (line,) = map(json.loads, labels.rejected_lines())
    assert line == {"question": "Who?", "rejected": [place(q, q.text) for q in shown]}


@pytest.mark.parametrize(
    ("exchange", "votes", "reason"),
    [
        (asked(quote()), 0, TIED),
        (asked(quote(), scope=Scope(source="Times")), 1, LIMITED),
        (asked(replace(quote(), document=replace(quote().document, sha256="a"))), 1, OUTDATED),
        (asked(replace(quote(), document=replace(quote().document, path="b"))), -1, OUTDATED),
        (asked(replace(quote(), document=replace(quote().document, collection="u"))), 1, ELSEWHERE),
    ],
)
def test_what_teaches_nothing_is_counted(exchange: Exchange, votes: int, reason: str) -> None:
    labels = read_labels([(exchange, votes)], CURRENT, "library")
    assert (labels.gold, labels.rejected, labels.left_out) == ({}, {}, {reason: 1})


def test_the_command_writes_what_eval_reads(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.write("a.txt", "The red fox sleeps in the mill.\n\nThe dog barks at night.")
    library = shelf.open()
    library.sync(shelf.folder)
    engine = open_inbox(shelf.data)
    Inbox(engine).put([{"update_id": number, "message": {}} for number in range(3)])
    exchanges, votes = Exchanges(engine), Votes(engine)
    for update_id, (question, vote) in enumerate(
        [("Where does the fox sleep?", HELPFUL), ("When does the cat bark?", UNHELPFUL)], start=1
    ):
        quotes = library.ask(question).quotes
        exchange = replace(asked(*quotes, question=question), update_id=update_id)
        votes.cast(exchanges.add(exchange).id, 1, vote)
    engine.dispose()
    shelf.close()
    out, down = tmp_path / "up.jsonl", tmp_path / "down.jsonl"
    arguments = ["feedback", "--out", str(out), "--down", str(down), "--data", str(shelf.data)]
    environment = {"ONRECORD_MODEL": "hash"}
    result = CliRunner().invoke(app, arguments, env=environment, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    (question,) = read_questions(out)
    text = (shelf.folder / "a.txt").read_text()
    assert question.text == "Where does the fox sleep?"
    assert all(gold.span.cut(text) == gold.text for gold in question.answers)
    assert json.loads(down.read_text())["question"] == "When does the cat bark?"
