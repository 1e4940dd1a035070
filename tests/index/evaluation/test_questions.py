"""A questions file is read as it is meant, or its line is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli.evaluate import evaluation_tables
from index.core.documents import Span
from index.core.errors import QuestionsFileError
from index.evaluation.evaluate import run_questions, summarize
from index.evaluation.questions import Gold, GoldQuestion, read_questions
from tests.support.folders import Shelf

GOOD = {"question": "Where?", "answers": [{"document": "a.txt", "start": 4, "text": "here"}]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "questions.jsonl"


def test_lines_are_questions(path: Path) -> None:
    absent = {"question": "Why?", "answers": []}
    path.write_text(f"{json.dumps(GOOD)}\n\n{json.dumps(absent)}\r\n", encoding="utf-8")
    assert read_questions(path) == [
        GoldQuestion("Where?", (Gold("a.txt", Span(4, 8), "here"),)),
        GoldQuestion("Why?", ()),
    ]


def test_a_line_may_name_its_kind_and_its_silence(path: Path) -> None:
    news = GOOD | {"kind": "news"}
    near_miss = {"question": "Why?", "answers": [], "kind": "news", "silence": "near_miss"}
    path.write_text(f"{json.dumps(news)}\n{json.dumps(near_miss)}\n", encoding="utf-8")
    answerable, silent = read_questions(path)
    assert answerable.kind == "news"
    assert (silent.kind, silent.silence) == ("news", "near_miss")


def test_separators_inside_a_string_do_not_end_the_line(path: Path) -> None:
    question = {"question": "a\u2028b\u0085c", "answers": []}
    path.write_text(json.dumps(question, ensure_ascii=False), encoding="utf-8")
    assert read_questions(path) == [GoldQuestion("a\u2028b\u0085c", ())]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "5",
        '{"question": "x"}',
        '{"answers": []}',
        '{"question": 5, "answers": []}',
        '{"question": "x", "answers": [{"document": "a", "start": -1, "text": "b"}]}',
        '{"question": "x", "answers": [{"document": "a", "text": "b"}]}',
        '{"question": "x", "answers": [], "kind": ""}',
        '{"question": "x", "answers": [], "kind": 5}',
        '{"question": "x", "answers": [], "silence": "loud"}',
        json.dumps(GOOD | {"silence": "silent"}),
    ],
)
def test_a_bad_line_is_named(path: Path, line: str) -> None:
    path.write_text(f"{json.dumps(GOOD)}\n{line}\n", encoding="utf-8")
    with pytest.raises(QuestionsFileError) as raised:
        read_questions(path)
    assert str(raised.value).startswith(f"{path}, line 2: ")
    assert "\n" not in str(raised.value)


def test_what_is_wrong_with_a_line_is_said(path: Path) -> None:
    path.write_text(json.dumps(GOOD | {"silence": "silent"}), encoding="utf-8")
    with pytest.raises(QuestionsFileError, match="silence is of lines without answers; a line is"):
        read_questions(path)
    path.write_text(json.dumps(GOOD | {"kind": ""}), encoding="utf-8")
    with pytest.raises(QuestionsFileError, match="line 1: kind: String should have"):
        read_questions(path)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(path: Path, content: bytes | None) -> None:
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(QuestionsFileError, match=r"questions\.jsonl"):
        read_questions(path)


class TestEvaluation:
    def test_a_library_that_knows_everything(self, shelf: Shelf) -> None:
        facts = {"fox": "mill", "dog": "river", "owl": "tower"}
        for animal, place in facts.items():
            shelf.write(f"{animal}.txt", f"The {animal} sleeps in the {place}.")
        shelf.sync()
        questions = [
            GoldQuestion(
                f"Where does the {animal} sleep?",
                (Gold(f"{animal}.txt", Span(22, 22 + len(place)), place),),
            )
            for animal, place in facts.items()
        ]
        outcomes = run_questions(shelf.open(), questions, ["library"])
        summary = summarize(outcomes)
        assert summary["questions"] == summary["answerable"] == 3
        assert summary["quote@1"] == summary["quote@3"] == summary["exact_quotes"] == 1
        for name in ("dense", "lexical", "fusion", "RRF"):
            row = summary["retrieval"][name]
            assert row["mrr"] == row["success@1"] == row["recall@1"] == 1, name
        assert summary["abstained_when_not"] is None
        assert summary["auroc_answerable"] is None
        assert json.loads(json.dumps(summary)) == summary
        assert [len(table.columns) for table in evaluation_tables(summary)] == [8, 2, 3, 3]

    def test_what_the_corpus_does_not_answer(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "The fox sleeps in the mill.")
        shelf.sync()
        library = shelf.open(min_confidence=1.0)
        gold = (Gold("missing.txt", Span(0, 3), "The"),)
        questions = [GoldQuestion("Who barks?", ()), GoldQuestion("Where is it?", gold)]
        summary = summarize(run_questions(library, questions, ["library"]))
        assert summary["answerable"] == 1
        assert summary["abstained_when_not"] == 1
        assert summary["answered_when_answerable"] == 0
        assert summary["quote@3"] == 0
        assert summary["retrieval"]["fusion"]["mrr"] == 0
        assert evaluation_tables(summary)

    def test_no_questions_are_no_error(self, shelf: Shelf) -> None:
        summary = summarize(run_questions(shelf.open(), [], ["library"]))
        assert summary["questions"] == 0
        assert evaluation_tables(summary)
