"""Replies to what is no question."""

from __future__ import annotations

from bot.conversation.replies import SmallTalk
from bot.conversation.small_talk import Kind
from bot.i18n.language import N_, _
from bot.texts.answers import list_examples

NO_REPLY = N_("I have asked you nothing. Send me a question in a whole sentence.")
LINES = {
    Kind.ABILITIES: N_(
        "I answer questions with quotes from documents, word for word. Ask in a whole sentence; "
        "/help tells more."
    ),
    Kind.HELP: N_(
        "Ask me a question in a whole sentence, as you would ask a colleague. /help tells more."
    ),
    Kind.IDENTITY: N_(
        "I am a bot that quotes documents: every answer is in their own words. /about tells more."
    ),
    Kind.DOUBT: N_(
        "I quote documents word for word, but I can't judge them, and I may have missed what you "
        "meant. Ask again in other words."
    ),
    Kind.THANKS: N_("You're welcome."),
    Kind.BYE: N_("Goodbye! Ask me again any time."),
    Kind.GREETING: N_("Hello! Ask me a question, and I quote what the documents say."),
    Kind.LAUGHTER: N_("I'm glad to amuse you. Ask me whenever you want to know something."),
    Kind.OK: N_("All right. Ask me whenever you want to know something."),
    Kind.YES: NO_REPLY,
    Kind.NO: NO_REPLY,
    Kind.EMOJI: N_("I read words only. Send me a question whenever you have one."),
    Kind.PUNCTUATION: N_("There are no words in this. Send me a question in a whole sentence."),
}


def line(kind: Kind) -> str:
    """Return the one line that answers a kind of small talk."""
    return _(LINES[kind])


def line_with_examples(reply: SmallTalk) -> str:
    return "\n\n".join(part for part in (line(reply.kind), list_examples(reply.examples)) if part)
