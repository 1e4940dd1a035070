"""Measure how many questions are understood that lean on the one before.

python -m tests.benchmarks.two_turns

Pairs of questions on the texts in `two_turns/` and the article that ships: how often the first
quote, and one of three, holds the phrase that answers the second question, when it is asked alone,
after the first one, and as the bot asks it. `cases.jsonl` was looked at while the rules were made;
`fresh.jsonl` was written before they were and not looked at: 15 pairs that lean on each other, and
3 that do not.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.conversation.conversation import Conversation
from bot.conversation.followup import Dialogue
from bot.conversation.questions import Request
from bot.conversation.replies import AnswerReply
from index.core.answers import Answer
from index.core.settings import SEEDS, IndexSettings
from index.library import Library

FOLDER = Path(__file__).parent / "two_turns"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        shutil.copytree(FOLDER, corpus, ignore=shutil.ignore_patterns("*.jsonl"))
        for seed in SEEDS.glob("*.txt"):
            shutil.copy(seed, corpus)
        library = Library(IndexSettings(data=Path(folder, "data"), _env_file=None))
        library.sync(corpus)
        for name in ("cases", "fresh"):
            print(name)
            measure(library, read_cases(name))
        library.close()


def read_cases(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text().splitlines()]


def measure(library: Library, cases: Sequence[dict[str, str]]) -> None:
    ways: dict[str, Callable[[str, str], Answer]] = {
        "alone": lambda _first, then: library.ask(then),
        "after the first": lambda first, then: library.ask(f"{first} {then}"),
        "as the bot asks": lambda first, then: ask_as_the_bot(library, first, then),
    }
    for way, ask in ways.items():
        ranks = [rank(ask(case["first"], case["then"]), case["phrase"]) for case in cases]
        first, three = ranks.count(1), sum(rank is not None for rank in ranks)
        print(f"{way:<16} first quote {first}/{len(cases)}, one of three {three}/{len(cases)}")
        for case, found in zip(cases, ranks, strict=True):
            if found != 1:
                print("   ", found, case["first"], "|", case["then"])


def ask_as_the_bot(library: Library, first: str, then: str) -> Answer:
    reply = Conversation(library).reply(Request.asking(then), Dialogue(first))
    if not isinstance(reply, AnswerReply):
        raise TypeError(f"refused: {reply}")
    return reply.answer


def rank(answer: Answer, phrase: str) -> int | None:
    quotes = answer.quotes
    return next((at for at, quote in enumerate(quotes, start=1) if phrase in quote.text), None)


if __name__ == "__main__":
    main()
