"""Texts beside an answer: on the message as understood, on buttons, and in reply to these."""

from __future__ import annotations

from bot.conversation.replies import AnswerReply
from bot.i18n.language import N_, _, ngettext
from bot.texts.answers import document_name, isolate, one_line, pace
from index.core.answers import Quote

MAX_ECHO_CHARS = 200
MAX_UNDERSTOOD_CHARS = 150

ELSEWHERE = N_("Not in that source; elsewhere:")
ATTACHMENTS = {
    "voice": N_("I got a voice message, but I can't listen yet. Please type the question."),
    "audio": N_("I got an audio file, but I can't listen yet. Please type the question."),
    "sticker": N_("I got a sticker. I answer questions; please type one."),
    "photo": N_(
        "I got a photo, but I can't see what is on it. Please type the question; to have its text "
        "read, send it as a file."
    ),
    "animation": N_("I got an animation, but I can't watch it. Please type the question."),
    "video": N_("I got a video, but I can't watch it. Please type the question."),
    "video_note": N_("I got a video message, but I can't watch it. Please type the question."),
    "venue": N_("I got a place. I search documents, not maps; please type a question."),
    "location": N_("I got a location. I search documents, not maps; please type a question."),
    "contact": N_("I got a contact, which tells me no question. Please type one."),
    "poll": N_("I got a poll, but I don't vote. Please type the question."),
    "dice": N_("I got a roll of the dice, but I leave nothing to chance. Please type a question."),
}
"""By kind of attachment; the first counts if a message is of two kinds."""
UNKNOWN_ATTACHMENT = N_("I got something that I can't read. Please type the question.")

ASKED_LAST = N_(
    "I answered the question at the end. To check what stands before it, reply to it with /check."
)
LONG_TEXT = N_(
    "This is too long for a question. Put one at its end, or reply to it with /check to compare it "
    "with the documents."
)
FORWARDED = N_(
    "This is a post of somebody's, and asks me nothing. Reply to it with /check to compare it with "
    "the documents, or with a question."
)

CONTEXT_BUTTON = N_("Context")
NUMBERED_CONTEXT_BUTTON = N_("Context of [{number}]")
CONTEXT_HEADING = N_("Around the quote, which is in bold:")
NUMBERED_CONTEXT_HEADING = N_("Around [{number}], which is in bold:")
CERTIFICATE_BUTTON = N_("Certificate")
CERTIFICATES = N_("Send me this at any time to see whether the document still says so:")
VERIFY_BUTTON = N_("Verify now")
MORE_BUTTON = N_("More quotes")
OPEN_BUTTON = N_("Open source")
UP_BUTTON = N_("👍 Helpful")
DOWN_BUTTON = N_("👎 Not it")
EXPIRED_BUTTON = N_("I no longer know this answer. Please ask again.")
STRANGER_PRESSED = N_("I'm sorry, I only answer people on a list.")
PRESS_APOLOGY = N_(
    "Something went wrong on my side, and the button did nothing. Please press it again; if it "
    "stays, tell the operator this reference: {reference}"
)
PRESSED_TWICE = N_("That is here already, or on its way.")
VOTED_UP = N_("Thank you. Noted as helpful.")
VOTED_DOWN = N_("Noted: not what you asked for. Other words may find it.")
NO_MORE_QUOTES = N_("There are no more quotes on this question.")


def echo(question: str) -> str:
    return one_line(question, MAX_ECHO_CHARS)


def notes(reply: AnswerReply) -> str:
    """Return the lines before the quotes of an answer, "" for none."""
    lines = []
    if reply.understood:
        lines.append(
            _("Understood as: {question}").format(
                question=one_line(reply.understood, MAX_UNDERSTOOD_CHARS)
            )
        )
    if reply.is_elsewhere:
        lines.append(_(ELSEWHERE))
    return "\n".join(lines)


def no_question(name: str) -> str:
    """Return the reply to a mention of `name`, or a command, that nothing follows."""
    return _(
        "There is no question in this. Please write it behind {name}, in a whole sentence."
    ).format(name=isolate(name))


def too_many(answered: int, left_out: int) -> str:
    limit = ngettext(
        "I answer {number} question of a message.",
        "I answer {number} questions of a message.",
        answered,
    )
    again = ngettext(
        "Please send the last one again.", "Please send the last {number} again.", left_out
    )
    return f"{limit} {again}"


def too_fast(per_minute: int, left_out: int, wait_s: float) -> str:
    again = ngettext(
        "Please send the last one again in {wait}.",
        "Please send the last {number} again in {wait}.",
        left_out,
    )
    # Translators: follows the word for "in", as in "again in 5 seconds".
    wait = ngettext("{number} second", "{number} seconds", max(1, round(wait_s)))
    return f"{pace(per_minute)} {again.format(wait=wait)}"


def sources_button(count: int) -> str:
    return _("Show source") if count == 1 else _("Show sources")


def context_heading(number: int, of_several: bool) -> str:
    if not of_several:
        return _(CONTEXT_HEADING)
    return _(NUMBERED_CONTEXT_HEADING).format(number=number)


def context_gone(quote: Quote, certificate: str) -> str:
    """Return why there is no context; the certificate tells more, "" if there is none."""
    gone = _("I can't show what is around the quote: {name} has changed since, or is gone.")
    told = _("{command} tells what became of the quote.") if certificate else ""
    command = isolate(f"/verify {certificate}")
    text = f"{gone} {told}".strip()
    return text.format(name=document_name(quote.source), command=command)


def also_heading(number: int) -> str:
    return ngettext(
        "The same in {number} other source:",
        "The same in {number} other sources:",
        number,
    )
