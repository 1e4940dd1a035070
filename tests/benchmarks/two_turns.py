"""Measure how many questions are understood that lean on the one before.

python -m tests.benchmarks.two_turns

Thirty pairs of questions on the texts in `two_turns/` and the article that ships: how often the
first quote, and one of three, holds the phrase that answers the second question, when it is asked
alone, after the first one, and as the bot asks it.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot.followup import whole_questions
from index.library import Library
from index.records import Answer
from index.settings import SEEDS, IndexSettings

FOLDER = Path(__file__).parent / "two_turns"


def main() -> None:
    cases = [json.loads(line) for line in (FOLDER / "cases.jsonl").read_text().splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        shutil.copytree(FOLDER, corpus)
        for seed in SEEDS.glob("*.txt"):
            shutil.copy(seed, corpus)
        library = Library(IndexSettings(data=Path(folder, "data"), _env_file=None))
        library.sync(corpus)
        ways: dict[str, Callable[[str, str], Answer]] = {
            "alone": lambda _first, then: library.ask(then),
            "after the first": lambda first, then: library.ask(f"{first} {then}"),
            "as the bot asks": lambda first, then: best(library, first, then),
        }
        for way, ask in ways.items():
            ranks = [rank(ask(case["first"], case["then"]), case["phrase"]) for case in cases]
            first, three = ranks.count(1), sum(rank is not None for rank in ranks)
            print(f"{way:<16} first quote {first}/{len(cases)}, one of three {three}/{len(cases)}")
            for case, found in zip(cases, ranks, strict=True):
                if found != 1:
                    print("   ", found, case["first"], "|", case["then"])
        library.close()


def best(library: Library, first: str, then: str) -> Answer:
    answers = [library.ask(question) for question in whole_questions(first, then)]
    return max(answers, key=lambda answer: answer.confidence)


def rank(answer: Answer, phrase: str) -> int | None:
    quotes = answer.quotes
    return next((at for at, quote in enumerate(quotes, start=1) if phrase in quote.text), None)


if __name__ == "__main__":
    main()
