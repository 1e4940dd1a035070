"""Texts around the quotes, the same on every front end."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

import regex

from bot.conversation.conversation import COMMANDS
from bot.conversation.replies import Welcome
from bot.i18n.language import (
    LEFT_TO_RIGHT_MARK,
    N_,
    RIGHT_TO_LEFT_MARK,
    _,
    day,
    decimal,
    is_right_to_left,
    ngettext,
    say,
)
from index.core.answers import Side
from index.core.documents import Document
from index.core.ellipsis import shorten_honestly, takes_back
from index.core.lazy_text import Phrase
from index.core.scope import LibraryStatus
from index.text.terms import is_function_word

MAX_NAME_CHARS = 80
MAX_TITLE_CHARS = 200
MAX_OPENING_CHARS = 50
MAX_EXAMPLE_CHARS = 200
MAX_CHECKED_CHARS = 200
MAX_REFUSAL_CHARS = 1000
FIRST_STRONG_ISOLATE = "\u2068"
POP_DIRECTIONAL_ISOLATE = "\u2069"
# A name with one of these, or with half of a surrogate pair, would garble what follows it, or look
# like another. Two of them are the letters' own in Persian and in Indian scripts.
INVISIBLE = regex.compile(r"(?![\u200c\u200d])\p{Cf}")
UNPRINTABLE = regex.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# What separates the parts of our lines, or begins them, and letters that pass for others.
LIKE_OURS = regex.compile(
    r"[\xb7\u2022\u2027\u2219\u22c5\u30fb\uff65\xb6\u25b6-\u25cf\u2580-\u258f]|\[\d+\]|\A\s*[>|•]"
    r"|\p{Latin}\p{M}*[\p{Cyrillic}\p{Greek}]|[\p{Cyrillic}\p{Greek}]\p{M}*\p{Latin}"
)
QUOTATION_MARK = regex.compile('["\u201c-\u201f]')

CHANGES = N_("Struck through was given, underlined is in the document:")
MARKED_CHANGES = N_("[-Between these-] what was given, {+between these+} what is in the document:")
HELP = N_("""\
Ask in a whole sentence, as you would ask a colleague: "Which borders did they reach?"

Every answer is a quote, word for word, with its source. I add nothing of my own. \
When the documents don't answer, I say so.

Follow up in a few words: "and in Herat?". Reply to an answer to ask its sources first. Edit a \
question, and its answer changes.

In a group, mention me or reply to one of my messages.""")
PRIVACY = N_(
    "Your questions are answered on the machine I run on; no other service but Telegram sees them."
)
PROMISE = N_(
    "I answer questions from documents in their own words: every answer is a quote with its "
    "source. When the documents don't answer, I say so."
)
STRANGER = N_(
    "I'm sorry, I only answer people on a list. To be added, send the operator your id: {user_id}"
)
APOLOGY = N_(
    "Something went wrong on my side, your question was not answered. Please ask again; if it "
    "stays, tell the operator this reference: {reference}"
)
DESCRIPTION = N_(
    "Ask a question and get the answer in the documents' own words: a quote with its source. "
    "When the documents don't answer, I say so."
)
SHORT_DESCRIPTION = N_("Answers from documents, with verbatim quotes")
TRY = N_("Questions to try:")
NO_DOCUMENTS = N_("No documents are indexed yet.")
SIDES: dict[Side, str] = {
    # Translators: above a quote that denies or doubts the quote before it, or that it denies.
    "disputed": N_("Disputed:"),
    "differs": N_("Another source says:"),
    # Translators: above a quote of an earlier day, when the answer was another.
    "earlier": N_("Earlier:"),
}


def shorten(text: str, max_chars: int = MAX_NAME_CHARS) -> str:
    """Return a text on one line of at most `max_chars` code points, cut with an ellipsis."""
    printable = INVISIBLE.sub("", UNPRINTABLE.sub(" ", text))
    line = " ".join(printable.split())
    return line if len(line) <= max_chars else f"{line[: max_chars - 1].rstrip()}…"


def shorten_quote(text: str, max_chars: int) -> str:
    """Return words of a document on one line, cut as `shorten_honestly` does."""
    return shorten_honestly(shorten(text, len(text) + 1), max_chars)


def isolate(text: str) -> str:
    """Return the text so that its direction does not affect the rest of the line."""
    others = {"L"} if is_right_to_left() else {"R", "AL"}
    if any(unicodedata.bidirectional(character) in others for character in text):
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_DIRECTIONAL_ISOLATE}"
    return text


def one_line(text: str, max_chars: int = MAX_NAME_CHARS) -> str:
    """Return a shortened and isolated text."""
    return isolate(shorten(text, max_chars))


def name_of(text: str, max_chars: int = MAX_NAME_CHARS) -> str:
    """Return a name that a document gives, on one line.

    It is put between quotation marks if it may pass for words of ours: if it has a separator or a
    number of our lines, a count of other sources, a speaker or a certificate.
    """
    name = shorten(text, max_chars)
    like_ours = unicodedata.normalize("NFKC", name)
    if LIKE_OURS.search(like_ours) or own_words().search(like_ours):
        name = f"\u201c{QUOTATION_MARK.sub('’', name)}\u201d"
    return isolate(name)


def own_words() -> regex.Pattern[str]:
    """Return a pattern of what stands around a quote, in the language of the reader."""
    counts = [also_in(number).split(decimal(number)) for number in (1, 2, 3, 11, 100)]
    certificate = _("certificate {certificate}").split("{certificate}")
    speaker = _("said by {speaker}").split("{speaker}")
    phrases = [
        *(r"\S+(?: \S+)?".join(map(regex.escape, parts)) for parts in counts),
        r"\w+-\w+".join(map(regex.escape, certificate)),
        r"\p{Pd}\s*" + r"\S+".join(map(regex.escape, speaker)),
        *(regex.escape(_(heading)) for heading in SIDES.values()),
    ]
    return regex.compile("|".join(phrases), regex.IGNORECASE)


def also_in(number: int) -> str:
    """Return how many other sources have a quote."""
    return ngettext("also in {number} other source", "also in {number} other sources", number)


def document_name(document: Document) -> str:
    """Return the title on one line, else the first words, else the name of the file in words."""
    title = document.metadata.title or ""
    # A title that cannot be cut is shown longer.
    title = shorten_quote(title, MAX_NAME_CHARS) or title
    known = title, shorten_opening(document.opening), file_words(document.path)
    return next(
        filter(None, (name_of(name, MAX_TITLE_CHARS) for name in known if name)), _("Untitled")
    )


def shorten_opening(opening: str) -> str:
    """Return the first line of a document, or as many of its words as fit; "" for none.

    It does not end in a mere "of" or "the", and leaves out no denial.
    """
    line = shorten_quote(opening.strip().partition("\n")[0], MAX_OPENING_CHARS + 1)
    if not line.endswith("…"):
        return line
    words = line.removesuffix("…").split()
    while words and is_function_word(words[-1]) and not takes_back(words[-1]):
        words.pop()
    return f"{' '.join(words)}…" if words else ""


def file_words(path: str) -> str:
    """Return a path's last part without its ending, and with spaces for other marks."""
    return " ".join(regex.split(r"[\W_]+", PurePosixPath(path).stem)).strip()


def line_start() -> str:
    """Return the direction mark for a line."""
    return RIGHT_TO_LEFT_MARK if is_right_to_left() else ""


def before_command() -> str:
    """Return the direction marks for a line that begins with a command."""
    return f"{RIGHT_TO_LEFT_MARK}{LEFT_TO_RIGHT_MARK}" if is_right_to_left() else ""


def count_documents(number: int) -> str:
    # Translators: in the nominative; often after a colon.
    return ngettext("{number} document", "{number} documents", number)


def extent(status: LibraryStatus) -> str:
    """Return how much is indexed, as in 1,204 documents (newest: 31 December 2021)."""
    documents = count_documents(status.documents)
    if status.newest is None:
        return documents
    # Translators: 1,204 documents (newest: 31 December 2021)
    return _("{documents} (newest: {day})").format(documents=documents, day=day(status.newest))


def reason(text: str) -> str:
    """Return why something is refused, translated if it is a phrase."""
    if isinstance(text, Phrase):
        return say(text, lambda field: one_line(field, MAX_CHECKED_CHARS))
    return shorten(text, MAX_REFUSAL_CHARS)


def refusal(text: str) -> str:
    """Return a reason that stands alone, with a capital unless it begins with what was typed."""
    said = reason(text)
    is_typed = isinstance(text, Phrase) and text.template.startswith("{")
    return said if is_typed else said[:1].upper() + said[1:]


def welcome(reply: Welcome) -> str:
    examples = list_examples(reply.examples)
    return "\n\n".join(filter(None, [_(PROMISE), examples, *_about_documents(reply)]))


def welcome_with_buttons(reply: Welcome) -> str:
    """Return the welcome above buttons that ask the examples."""
    heading = _(TRY) if reply.examples else ""
    return "\n\n".join(filter(None, [_(PROMISE), *_about_documents(reply), heading]))


def _about_documents(reply: Welcome) -> tuple[str, str]:
    return known_documents(reply.status), _(PRIVACY)


def known_documents(status: LibraryStatus) -> str:
    """Return a sentence on how much is indexed."""
    if status.documents == 0:
        return _(NO_DOCUMENTS)
    return _("I have read {documents}. /sources lists them.").format(documents=extent(status))


def list_examples(examples: Sequence[str]) -> str:
    """Return questions to try below a heading, "" for none."""
    lines = [f"• {one_line(text, MAX_EXAMPLE_CHARS)}" for text in examples]
    return "\n".join([_(TRY), *lines]) if lines else ""


def help_text(commands: Mapping[str, str] = COMMANDS) -> str:
    start = before_command()
    lines = [f"{start}/{name} – {_(purpose)}" for name, purpose in commands.items()]
    return "\n".join([_(HELP), "", *lines])


def published(document: Document) -> str:
    """Return the date that follows a document's name in a list."""
    return f" · {day(document.metadata.published)}" if document.metadata.published else ""


def dated_name(document: Document) -> str:
    return f"{document_name(document)}{published(document)}"


def unlisted(number: int) -> str:
    """Return the line below a list on the number left out, "" if all are listed."""
    return ngettext("and {number} more", "and {number} more", number) if number else ""


def busy(waiting: int) -> str:
    """Return a phrase, as users of several languages may wait for the same answer."""
    return Phrase.counted(
        "I'm busy: {number} question is waiting. Please ask again in a minute.",
        "I'm busy: {number} questions are waiting. Please ask again in a minute.",
        waiting,
    )


def in_line(number: int) -> str:
    return _("I'm busy: you are number {number} in line. Your answer will come here.").format(
        number=decimal(number)
    )


def crowded(waiting: int) -> str:
    return ngettext(
        "You have {number} question waiting. Please ask this again when it is answered.",
        "You have {number} questions waiting. Please ask this again when they are answered.",
        waiting,
    )


def pace(per_minute: int) -> str:
    return ngettext(
        "I answer {number} question a minute.", "I answer {number} questions a minute.", per_minute
    )


def too_fast(per_minute: int, wait_s: float) -> str:
    again = ngettext(
        "Please ask again in {number} second.",
        "Please ask again in {number} seconds.",
        max(1, round(wait_s)),
    )
    return f"{pace(per_minute)} {again}"
