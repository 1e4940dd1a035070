"""Dialogues with what each turn of theirs has to bring, and a way to hold them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.conversation.conversation import Conversation
from bot.conversation.followup import ALONE
from bot.conversation.questions import Request, split_questions
from bot.conversation.replies import AnswerReply, Reply
from index.core.answers import Answer

FOLDER = Path(__file__).parents[1] / "bot/conversation/dialogues"
DOCUMENTS = FOLDER / "documents"


@dataclass(frozen=True, slots=True)
class Turn:
    """A message and what it has to bring.

    Attributes:
        phrase: of the sentence that answers, or several between bars; None for silence, "" if the
            turn is not judged.
        whole: the question that it asks, spelt out; "" if it stands by itself.
        short: words that the short answer must have; "" for any.
    """

    ask: str
    phrase: str | None
    short: str = ""
    whole: str = ""

    @property
    def is_judged(self) -> bool:
        return self.phrase != ""

    def is_met_by(self, answer: Answer) -> bool:
        """Whether an answer has the right sentence first, or is the silence that is right."""
        if self.phrase is None:
            return not answer.answered
        phrases = self.phrase.split("|")
        return bool(answer.quotes) and any(phrase in answer.quotes[0].text for phrase in phrases)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A turn with the last reply to it."""

    turn: Turn
    reply: Reply

    @property
    def is_right(self) -> bool:
        return isinstance(self.reply, AnswerReply) and self.turn.is_met_by(self.reply.answer)

    @property
    def is_marked(self) -> bool:
        """Whether the short answer is right, or none is asked for."""
        if not self.turn.short:
            return True
        return self.is_right and self.turn.short in self.marked

    @property
    def marked(self) -> str:
        quotes = self.reply.answer.quotes if isinstance(self.reply, AnswerReply) else ()
        return " … ".join(quotes[0].cut(span) for span in quotes[0].answer) if quotes else ""

    def __str__(self) -> str:
        if not isinstance(self.reply, AnswerReply):
            return str(self.reply)
        answer = self.reply.answer
        text = answer.quotes[0].text if answer.quotes else ""
        return (
            f"{answer.state} {answer.confidence:.2f} {self.reply.understood!r}: {text!r} "
            f"[{self.marked}]"
        )


def read_dialogues(part: str) -> list[tuple[str, list[Turn]]]:
    """Return the dialogues of a file, each with its kind."""
    lines = (FOLDER / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [(item["kind"], [Turn(**turn) for turn in item["turns"]]) for item in found]


def hold(conversation: Conversation, turns: Sequence[Turn]) -> Iterator[Outcome]:
    """Yield the outcome of each turn, as a person would see it."""
    dialogue = ALONE
    for turn in turns:
        requests = split_questions(Request.read(turn.ask)).requests
        for request in requests:
            reply = conversation.reply(request, dialogue)
            dialogue = dialogue.after(reply)
        yield Outcome(turn, reply)
