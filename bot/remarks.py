"""What the bot says about how it took a message: the same on every front end."""

from __future__ import annotations

from bot.conversation import AnswerReply
from bot.wording import count, isolate, shorten

MAX_ECHO_CHARS = 200

ELSEWHERE = "Not in that source; elsewhere:"
ATTACHMENTS = {
    "voice": "I got a voice message, but I can't listen yet. Please type the question.",
    "audio": "I got an audio file, but I can't listen yet. Please type the question.",
    "sticker": "I got a sticker. I answer questions; please type one.",
    "photo": "I got a photo, but I can't see what is on it. Please type the question.",
    "animation": "I got an animation, but I can't watch it. Please type the question.",
    "video": "I got a video, but I can't watch it. Please type the question.",
    "video_note": "I got a video message, but I can't watch it. Please type the question.",
    "venue": "I got a place. I search documents, not maps; please type a question.",
    "location": "I got a location. I search documents, not maps; please type a question.",
    "contact": "I got a contact, which tells me no question. Please type one.",
    "poll": "I got a poll, but I don't vote. Please type the question.",
    "dice": "I got a roll of the dice, but I leave nothing to chance. Please type a question.",
}
"""By kind of attachment: what came, and what to do. A message may be of two: the first counts."""
UNKNOWN_ATTACHMENT = "I got something that I can't read. Please type the question."


def echo(question: str) -> str:
    """Return a question on one line."""
    return isolate(shorten(question, MAX_ECHO_CHARS))


def notes(reply: AnswerReply) -> str:
    """Return what is said before the quotes of an answer, "" for nothing."""
    lines = [f"Understood as: {echo(reply.understood)}"] if reply.understood else []
    return "\n".join([*lines, ELSEWHERE] if reply.is_elsewhere else lines)


def no_question(name: str) -> str:
    """Return what to write behind a mention of `name`, or a command, that nothing follows."""
    return f"There is no question in this. Please write it behind {name}, in a whole sentence."


def too_many(answered: int, left_out: int) -> str:
    """Return that a message asks more than is answered at once."""
    limit = count(answered, "question")
    return f"I answer {limit} of a message. Please send the {_last(left_out)} again."


def too_fast(per_minute: int, left_out: int, wait_s: float) -> str:
    """Return that a message asks more than somebody may in a minute."""
    limit, wait = count(per_minute, "question"), count(max(1, round(wait_s)), "second")
    return f"I answer {limit} a minute. Please send the {_last(left_out)} again in {wait}."


def _last(number: int) -> str:
    return "last one" if number == 1 else f"last {number:,}"
