"""What the bot says about itself, its documents, links to it, and in inline mode."""

from __future__ import annotations

from importlib.metadata import version

from bot.conversation import About, Sources
from bot.wording import PRIVACY, PROMISE, abstention, count, day, isolate, shorten
from index.records import Document, LibraryStatus

MAX_INLINE_TITLE_CHARS = 64
MAX_INLINE_QUESTION_CHARS = 256
MAX_URL_CHARS = 1000
MAX_ECHO_CHARS = 1000

ASSURANCE = (
    "A quote is what its document says, word for word and in whole sentences; each is compared "
    "once more before it is sent. /verify tells whether an earlier one still stands."
)
INLINE_UNTITLED = "A quote"
INLINE_HINT = "Type a whole question"
INLINE_NO_ANSWER = "Not in the documents"
INLINE_STRANGER = "I only answer people on a list"
INLINE_BUSY = "I'm busy; ask me in our chat"
INLINE_TOO_FAST = "Too many questions; wait a minute"
INLINE_TOO_LONG = "The quote is too long for this; ask me in our chat"
ASK_ABOUT = "To ask about it alone, begin your question with"
OLD_BUTTON = "This button is too old; send /sources again"
NEWER, OLDER = "‹ Newer", "Older ›"
LINK_USAGE = (
    "Give me the question that the link is to ask, as in /link which borders were reached? "
    "Or reply with /link to one of my answers."
)
NO_EXCHANGE = "I no longer know what I was asked there. Send /link with the question."
DAMAGED_LINK = "This link is damaged or too old. Please type your question."
LINK = "Whoever opens this link asks me:"


def question_too_long(max_chars: int) -> str:
    """Return why there can be no link."""
    return f"That question is too long for me; give at most {max_chars:,} characters."


def listed(reply: Sources) -> str:
    """Return which part of a list is shown, as in 11-20 of 1,204."""
    first = reply.skipped + 1
    return f"{first:,}\u2013{reply.skipped + len(reply.documents):,} of {reply.found:,}"


def word_too_long(max_bytes: int) -> str:
    """Return why a list cannot be made."""
    return f"That is too long to look for; give at most {max_bytes} letters of a title or publisher"


def source_facts(document: Document) -> list[str]:
    """Return what is known of a document beside its name, a line each."""
    metadata = document.metadata
    facts = {
        "Author": isolate(shorten(metadata.author or "")),
        "Publisher": isolate(shorten(metadata.publisher or "")),
        "Published": day(metadata.published) if metadata.published else "",
        "Read on": day(document.fetched) if document.fetched else "",
        "Address": shorten(metadata.url or "", MAX_URL_CHARS),
        "Passages": f"{document.passages:,}",
    }
    return [f"{name}: {fact}" for name, fact in facts.items() if fact]


def about(reply: About) -> str:
    """Return what the bot is, what it has read and what it promises."""
    status = reply.status
    known = "No documents are indexed yet."
    if status.documents:
        passages = count(status.passages, "passage")
        newest = f"; the newest is of {day(status.newest)}" if status.newest else ""
        known = f"I have read {count(status.documents, 'document')} in {passages}{newest}."
        known += " /sources lists them."
    return "\n\n".join([f"Onrecord {version('onrecord')}. {PROMISE}", known, ASSURANCE, PRIVACY])


def inline_abstention(question: str, status: LibraryStatus) -> str:
    """Return that there is no answer, where nobody but the asker saw the question."""
    asked = isolate(shorten(question, MAX_INLINE_QUESTION_CHARS))
    return f"\u201c{asked}\u201d\n{abstention(status)}"


def asked_by_link(question: str) -> str:
    """Return what was asked by a link, as the one who opened it sees nothing of it."""
    return f"Your question: {isolate(shorten(question, MAX_ECHO_CHARS))}"
