"""Measure how well turns of a dialogue are understood that lean on those before.

python -m tests.benchmarks.dialogues [--all]

The dialogues of `tests/bot/conversation/dialogues` are held with the reader that ships, on the
documents beside them and the article that ships. By kind of dialogue: how many of the turns after
the first got a first quote with the right sentence, with the right words in it marked where the
dialogue says which, or the silence that is right; the same of those turns that are answered if
their question is spelt out and asked alone. `tuning.jsonl` was looked at while the rules were made;
`aside.jsonl` was written before they were, and its outcomes were not looked at. With --all, the
turns that failed are listed for that one, too.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from bot.conversation.conversation import Conversation
from bot.conversation.questions import Request
from bot.conversation.replies import AnswerReply
from index.core.settings import SEEDS, IndexSettings
from index.library import Library
from tests.support.dialogues import DOCUMENTS, Outcome, Turn, hold, read_dialogues

FIRST, SPELT = "first turns", "if spelt out answered"


class Tally(NamedTuple):
    """The outcomes of one kind of turn."""

    right: int = 0
    marked: int = 0
    to_mark: int = 0
    turns: int = 0

    def plus(self, outcome: Outcome) -> Tally:
        has_short = bool(outcome.turn.short)
        return Tally(
            self.right + outcome.is_right,
            self.marked + outcome.is_marked,
            self.to_mark + has_short,
            self.turns + 1,
        )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        shutil.copytree(DOCUMENTS, corpus)
        for seed in SEEDS.glob("*.txt"):
            shutil.copy(seed, corpus)
        library = Library(IndexSettings(data=Path(folder, "data"), _env_file=None))
        library.sync(corpus)
        for part in ("tuning", "aside"):
            measure(Conversation(library), part, listing=part == "tuning" or "--all" in sys.argv)
        library.close()


def measure(conversation: Conversation, part: str, listing: bool) -> None:
    tallies: dict[str, Tally] = defaultdict(Tally)
    for kind, turns in read_dialogues(part):
        for number, outcome in enumerate(hold(conversation, turns)):
            if not outcome.turn.is_judged:
                continue
            names = [kind, "all"] if number else [FIRST]
            if number and is_answered_spelt_out(conversation, outcome.turn):
                names.append(SPELT)
            for name in names:
                tallies[name] = tallies[name].plus(outcome)
            if listing and not (outcome.is_right and outcome.is_marked) and number:
                print(f"    {kind}: {' | '.join(turn.ask for turn in turns[: number + 1])}")
                print(f"        {outcome}")
    print(part)
    for name, tally in tallies.items():
        marked = f", marked {tally.marked - tally.turns + tally.to_mark}/{tally.to_mark}"
        print(f"{name:<22} {tally.right}/{tally.turns}{marked if tally.to_mark else ''}")


def is_answered_spelt_out(conversation: Conversation, turn: Turn) -> bool:
    """Whether the documents answer the question of a turn if it is asked alone and in full."""
    question = Request.asking(turn.whole or turn.ask)
    reply = conversation.reply(question) if turn.phrase else None
    return isinstance(reply, AnswerReply) and turn.is_met_by(reply.answer)


if __name__ == "__main__":
    main()
