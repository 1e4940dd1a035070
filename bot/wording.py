"""What the bot says around the quotes, the same on every front end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import NamedTuple

from bot.conversation import COMMANDS, CheckReply, Sources, VerificationReply, Welcome
from index.differences import Diff
from index.quote_check import Finding, Verdict
from index.quotes import Quote
from index.records import Document, LibraryStatus
from index.verification import State, Verification

MAX_NAME_CHARS = 80
MAX_OPENING_CHARS = 50
MAX_SECTION_CHARS = 60
MAX_EXAMPLE_CHARS = 200
MAX_CHECKED_CHARS = 200
FIRST_STRONG_ISOLATE = "\u2068"
POP_DIRECTIONAL_ISOLATE = "\u2069"
# A name with one of these, or with half of a surrogate pair, would garble what follows it.
DIRECTION_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

CHANGES = "Struck through was given, underlined is in the document:"
MARKED_CHANGES = "[-Between these-] what was given, {+between these+} what is in the document:"
CLOSEST = "Closest, but not an answer:"
HELP = """\
Ask in a whole sentence, as you would ask a colleague: "Which borders did they reach?"

Every answer is a quote, word for word, with its source. I add nothing of my own. \
When the documents don't answer, I say so.

Ask on with "and in Herat?". Reply to an answer to ask its sources first. Edit a question, and its \
answer changes.

In a group, mention me or reply to one of my messages.

"""
PRIVACY = (
    "Your questions are answered on the machine I run on; no other service but Telegram sees them."
)
PROMISE = (
    "I answer questions from documents in their own words: every answer is a quote with its "
    "source. When the documents don't answer, I say so."
)
STRANGER = (
    "I'm sorry, I only answer people on a list. To be added, send the operator your id: {user_id}"
)
APOLOGY = (
    "Something went wrong on my side, your question was not answered. Please ask again; if it "
    "stays, tell the operator this reference: {reference}"
)
DESCRIPTION = (
    "Ask a question and get the answer in the documents' own words: a quote with its source. "
    "When the documents don't answer, I say so."
)
SHORT_DESCRIPTION = "Answers from documents, with verbatim quotes"


class Place(NamedTuple):
    """A heading, the quote below it and how that differs, where there are any."""

    heading: str
    quote: Quote | None
    diff: Diff


def shorten(text: str, max_chars: int = MAX_NAME_CHARS) -> str:
    """Return a name on one line of at most `max_chars` code points, cut with an ellipsis."""
    printable = DIRECTION_MARKS.sub("", UNPRINTABLE.sub(" ", text))
    line = " ".join(printable.split())
    return line if len(line) <= max_chars else f"{line[: max_chars - 1].rstrip()}…"


def isolate(text: str) -> str:
    """Return the text so that its direction leaves the rest of the line alone."""
    if any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text):
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_DIRECTIONAL_ISOLATE}"
    return text


def document_title(document: Document) -> str:
    """Return the title on one line, or the first words where the document has none."""
    return isolate(shorten(document.metadata.title or shorten_opening(document.opening)))


def shorten_opening(opening: str) -> str:
    """Return whole words from the beginning of a document, with an ellipsis; "" for none."""
    words = shorten(opening, MAX_OPENING_CHARS + 1).removesuffix("…").rpartition(" ")[0]
    return f"{words}…" if words else ""


def file_name(document: Document) -> str:
    """Return the name of the file on one line."""
    return isolate(shorten(PurePosixPath(document.path).name)) or "untitled"


def document_name(document: Document) -> str:
    """Return the title, or else the first words and the name of the file."""
    title, file = document_title(document), file_name(document)
    if document.metadata.title:
        return title
    return f"{title} ({file})" if title else file


def day(value: date) -> str:
    """Return a date as in 10 July 2021."""
    return f"{value.day} {value:%B} {value.year}"


def count(number: int, noun: str) -> str:
    """Return a number and what it counts, as in 1,204 documents."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def place(quote: Quote) -> str:
    """Return what follows the name of the document: date, page, paragraph, speaker."""
    parts = []
    metadata = quote.source.metadata
    if metadata.published is not None:
        parts.append(day(metadata.published))
    if quote.entry is not None and quote.entry.time is not None:
        parts.append(f"{quote.entry.time:%H:%M}")
    if quote.section and quote.section != metadata.title:
        parts.append(isolate(shorten(quote.section, MAX_SECTION_CHARS)))
    if quote.page is not None:
        parts.append(f"page {quote.page}")
    parts.append(f"paragraph {quote.paragraph}")
    line = "".join(f" · {part}" for part in parts)
    if quote.speaker is not None:
        line += f" — said by {isolate(shorten(quote.speaker.text))}"
    return line


def also(quote: Quote) -> str:
    """Return that others say the same, as it ends the line of the source; "" for none."""
    return f" · also in {count(len(quote.also), 'other source')}" if quote.also else ""


def other_source(quote: Quote) -> str:
    """Return one of the others that say the same, in short."""
    return f"{document_name(quote.source)}{published(quote.source)}"


def places(reply: CheckReply | VerificationReply) -> list[Place]:
    """Return what is said of a text that was checked, or of a quote that was verified."""
    if isinstance(reply, VerificationReply):
        now = reply.verification
        return [Place(verification_heading(now), now.quote, now.diff)]
    return [Place(finding_heading(item), item.quote, item.diff) for item in reply.findings]


def finding_heading(finding: Finding) -> str:
    """Return how a text stands in the documents, above the quote if there is one."""
    part = ", part of a sentence" if finding.is_part else ""
    match finding.verdict:
        case Verdict.EXACT:
            return f"Exact, word for word{part}:"
        case Verdict.TYPOGRAPHY:
            return f"Exact but for typography, such as quotation marks and dashes{part}:"
        case Verdict.ALTERED:
            return "Altered. The documents say:"
        case Verdict.NOT_FOUND:
            text = isolate(shorten(finding.text, MAX_CHECKED_CHARS))
            return f"Not found, nor anything close to it: {text}"


def verification_heading(verification: Verification) -> str:
    """Return what became of a quote, above what the document says now if there is anything."""
    certificate = verification.certificate
    name = isolate(shorten(certificate.title or PurePosixPath(certificate.path).name))
    match verification.state:
        case State.UNCHANGED:
            return f"Unchanged since it was quoted on {day(certificate.issued)}:"
        case State.MOVED:
            return "The same words, now in another place:"
        case State.CHANGED:
            return f"Changed since it was quoted on {day(certificate.issued)}. It now says:"
        case State.SENTENCE_GONE:
            return f"Gone: {name} no longer says this, nor anything close to it."
        case State.DOCUMENT_GONE:
            return f"Gone: {name} is no longer among the documents, and no other says this."
        case State.DAMAGED:
            return "The record of this quote is damaged. Don't rely on it."


def extent(status: LibraryStatus) -> str:
    """Return how much is indexed, as in 1,204 documents (newest: 31 December 2021)."""
    documents = count(status.documents, "document")
    return f"{documents} (newest: {day(status.newest)})" if status.newest else documents


def abstention(status: LibraryStatus) -> str:
    """Return that there is no answer, and in how much it was looked for."""
    if status.documents == 0:
        return "I can't find this: no documents are indexed yet."
    return f"I can't find this in the documents. I searched {extent(status)}."


def welcome(reply: Welcome) -> str:
    """Return the first message of a conversation."""
    parts = [PROMISE]
    if reply.examples:
        examples = "\n".join(f"• {shorten(text, MAX_EXAMPLE_CHARS)}" for text in reply.examples)
        parts.append(f"Questions to try:\n{examples}")
    if reply.status.documents == 0:
        parts.append("No documents are indexed yet.")
    else:
        parts.append(f"I have read {extent(reply.status)}. /sources lists them.")
    parts.append(PRIVACY)
    return "\n\n".join(parts)


def help_text(commands: Mapping[str, str] = COMMANDS) -> str:
    """Return how to ask, and the commands."""
    return HELP + "\n".join(f"/{name} {purpose}" for name, purpose in commands.items())


def sources_heading(reply: Sources) -> str:
    """Return the line above the documents."""
    if reply.word:
        return found_sources(reply)
    if not reply.documents:
        return "No documents are indexed yet."
    status = reply.status
    newest = f" (newest: {day(status.newest)})" if status.newest else ""
    passages = count(status.passages, "passage")
    heading = f"I answer from {count(status.documents, 'document')} in {passages}{newest}:"
    if not reply.collections:
        return heading
    return f"{heading}\n{' · '.join(in_collection(*item) for item in reply.collections)}"


def published(document: Document) -> str:
    """Return what follows a document's name in a list."""
    return f" · {day(document.metadata.published)}" if document.metadata.published else ""


def unlisted(reply: Sources) -> str:
    """Return the line below the documents, "" where all are listed."""
    return f"and {reply.unlisted:,} more" if reply.unlisted else ""


def busy(waiting: int) -> str:
    """Return why a question was not taken."""
    questions = "1 question is" if waiting == 1 else f"{waiting:,} questions are"
    return f"I'm busy: {questions} waiting. Please ask again in a minute."


def in_line(number: int) -> str:
    """Return that an answer will take a while."""
    return f"I'm busy: you are number {number:,} in line. Your answer will come here."


def crowded(waiting: int) -> str:
    """Return why a question was not taken of somebody who has others waiting."""
    questions = "1 question" if waiting == 1 else f"{waiting:,} questions"
    return f"You have {questions} waiting. Please ask this again when they are answered."


def too_fast(per_minute: int, wait_s: float) -> str:
    """Return why a question was not taken of somebody who asks too often."""
    wait = count(max(1, round(wait_s)), "second")
    return f"I answer {count(per_minute, 'question')} a minute. Please ask this again in {wait}."


def found_sources(reply: Sources) -> str:
    """Return the line above the documents that have a word in their names."""
    word = isolate(shorten(reply.word))
    documents = count(reply.status.documents, "document")
    if not reply.found:
        return f"None of {documents} has \u201c{word}\u201d in its title or publisher."
    return f"{reply.found:,} of {documents} with \u201c{word}\u201d in title or publisher:"


def in_collection(name: str, number: int) -> str:
    """Return how many documents a collection has, as in library: 1,204."""
    # Nobody sees the collection of another chat.
    label = "this chat" if name.startswith("chat:") else isolate(shorten(name))
    return f"{label}: {number:,}"
