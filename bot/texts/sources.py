"""Texts about the bot, its documents, links to it, and in inline mode."""

from __future__ import annotations

from importlib.metadata import version

from bot.conversation.replies import About, AnswerReply, Sources, Speakers
from bot.i18n.language import N_, _, day, decimal, language_names
from bot.texts.answers import (
    NO_DOCUMENTS,
    PRIVACY,
    PROMISE,
    count_documents,
    extent,
    isolate,
    known_documents,
    line_start,
    name_of,
    one_line,
    unlisted,
)
from bot.texts.citations import name_first
from bot.texts.states import abstention
from index.core.documents import Document

MAX_INLINE_TITLE_CHARS = 64
MAX_INLINE_QUESTION_CHARS = 256
MAX_URL_CHARS = 1000
MAX_ECHO_CHARS = 1000

ASSURANCE = N_(
    "A quote is what its document says, word for word and in whole sentences; each is compared "
    "once more before it is sent. /verify tells whether an earlier one still stands."
)
INLINE_UNTITLED = N_("A quote")
INLINE_HINT = N_("Type a whole question")
INLINE_NO_ANSWER = N_("Not in the documents")
INLINE_STRANGER = N_("I only answer people on a list")
INLINE_BUSY = N_("I'm busy; ask me in our chat")
INLINE_TOO_FAST = N_("Too many questions; wait a minute")
INLINE_TOO_LONG = N_("The quote is too long for this; ask me in our chat")
ASK_ABOUT = N_("To ask about it alone, begin your question with")
SPEAKERS = N_(
    'Who is quoted in the documents, and how often. A question that begins with said:"name" is '
    "answered in the words of that person alone."
)
NO_SPEAKERS = N_("I found nobody who is quoted in these documents.")
OLD_BUTTON = N_("This button is too old; send /sources again")
NEWER, OLDER = N_("‹ Newer"), N_("Older ›")
LINK_USAGE = N_(
    "Give me the question that the link is to ask, as in /link which borders were reached? "
    "Or reply with /link to one of my answers."
)
NO_EXCHANGE = N_("I no longer know what I was asked there. Send /link with the question.")
DAMAGED_LINK = N_("This link is damaged or too old. Please type your question.")
LINK = N_("Whoever opens this link asks me:")


def question_too_long(max_chars: int) -> str:
    return _("That question is too long for me; give at most {limit} characters.").format(
        limit=decimal(max_chars)
    )


def listed(reply: Sources) -> str:
    """Return the range of a list that is shown, as in 11–20 of 1,204."""
    first = reply.skipped + 1
    return _("{first}–{last} of {number}").format(
        first=decimal(first),
        last=decimal(reply.skipped + len(reply.documents)),
        number=decimal(reply.found),
    )


def word_too_long(max_bytes: int) -> str:
    return _(
        "That is too long to look for; give at most {limit} letters of a title or publisher"
    ).format(limit=decimal(max_bytes))


def source_facts(document: Document) -> list[str]:
    """Return the known facts of a document beside its name, a line each."""
    metadata = document.metadata
    facts = {
        _("Author: {fact}"): name_of(metadata.author or ""),
        _("Publisher: {fact}"): name_of(metadata.publisher or ""),
        _("Published: {fact}"): day(metadata.published) if metadata.published else "",
        _("Language: {fact}"): language_names([metadata.language]) if metadata.language else "",
        _("Read on: {fact}"): day(document.fetched) if document.fetched else "",
        _("Address: {fact}"): one_line(metadata.url or "", MAX_URL_CHARS),
    }
    return [line.format(fact=fact) for line, fact in facts.items() if fact]


def about(reply: About) -> str:
    name = isolate(f"Onrecord {version('onrecord')}.")
    parts = f"{name} {_(PROMISE)}", known_documents(reply.status), _(ASSURANCE), _(PRIVACY)
    return "\n\n".join(parts)


def inline_abstention(question: str, reply: AnswerReply) -> str:
    """Return an abstention with the question, which only the asker saw."""
    asked = one_line(question, MAX_INLINE_QUESTION_CHARS)
    return f"\u201c{asked}\u201d\n{abstention(reply)}"


def asked_by_link(question: str) -> str:
    """Return the question of a link, which the user who opened it does not see."""
    return _("Your question: {question}").format(question=one_line(question, MAX_ECHO_CHARS))


def sources_heading(reply: Sources) -> str:
    """Return the lines above the documents."""
    if reply.word:
        return found_sources(reply)
    if not reply.documents:
        return _(NO_DOCUMENTS)
    heading = _("I answer from {documents}:").format(documents=extent(reply.status))
    sizes = " · ".join(in_collection(*item) for item in reply.collections)
    return "\n".join(filter(None, [heading, sizes]))


def found_sources(reply: Sources) -> str:
    """Return the line above the documents with a word in name, date or publisher."""
    word = one_line(reply.word)
    documents = count_documents(reply.status.documents)
    template = (
        _("{found} of {documents} with “{word}” in name, date or publisher:")
        if reply.found
        else _("None of {documents} has “{word}” in its name, date or publisher.")
    )
    return template.format(found=decimal(reply.found), documents=documents, word=word)


def speakers(reply: Speakers) -> str:
    """Return those who are quoted, one a line, with how often."""
    if not reply.speakers:
        return _(NO_SPEAKERS)
    lines = [
        f"{line_start()}• {name_first(name_of(speaker))} ({decimal(count)})"
        for speaker, count in reply.speakers
    ]
    return "\n".join(filter(None, [_(SPEAKERS), *lines, unlisted(reply.unlisted)]))


def in_collection(name: str, number: int) -> str:
    """Return the size of a collection, as in library: 1,204."""
    # Nobody sees the collection of another chat.
    label = _("this chat") if name.startswith("chat:") else one_line(name)
    return f"{label}: {decimal(number)}"
