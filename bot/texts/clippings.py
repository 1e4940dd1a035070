"""Texts about quotes that are kept, in a chat, on the web and in exported files."""

from __future__ import annotations

from pathlib import PurePosixPath

from bot.conversation.clippings import Recalled
from bot.i18n.language import N_, _, day, decimal, ngettext
from bot.storage.clippings import Outcome
from bot.texts.answers import dated_name, line_start, name_of
from bot.texts.citations import place, source_line
from bot.texts.sources import source_facts
from index.answering.verification import State
from index.core.answers import Quote
from index.core.lazy_text import Phrase
from index.sources.names import is_url

TITLE = N_("Clippings")
KEEP_BUTTON = N_("Keep")
NUMBERED_KEEP_BUTTON = N_("Keep [{number}]")
REMOVE_BUTTON = N_("Remove")
NUMBERED_REMOVE_BUTTON = N_("Remove [{number}]")
OPEN_BUTTON = N_("Open on the web")
KEPT = {
    Outcome.KEPT: N_("Kept. /clippings lists what is kept here, and exports it."),
    Outcome.KNOWN: N_("It is kept here already."),
}
SAVED = N_("Kept")
NONE_KEPT = N_("Nothing is kept here yet. Press Keep below a quote.")
GONE_BUTTON = N_("It is no longer kept here.")
REMOVED = N_("Removed.")
NOT_YOURS = N_("It can be removed by who kept it, by the administrators of this chat and by mine.")
USAGE = N_(
    "/clippings lists the quotes that are kept here. /clippings export sends them as a file: "
    "markdown, word, csv, bibtex or ris, as in /clippings export bibtex"
)
CHOOSE = N_("As what file?")
NOTHING_LEFT = N_("There is nothing to export: the documents of what is kept here are gone.")
TOO_LONG = N_("Too long to be shown here; an export has it.")
OLD_FORM = N_("This page is too old for that. Please load it again.")
EXPORT = N_("Export as")
GONE_QUOTE = Phrase("the document of this quote is gone, and its words with it")
DAMAGED = N_("The record of this quote is damaged. Don't rely on it.")


def full(limit: int) -> str:
    return ngettext(
        "{number} quote is kept here, and there is no room for more. Remove it first.",
        "{number} quotes are kept here, and there is no room for more. Remove some first.",
        limit,
    )


def outcome(result: Outcome, limit: int) -> str:
    """Return the line about a quote that was to be kept."""
    return full(limit) if result is Outcome.FULL else _(KEPT[result])


def heading(first: int, shown: int, total: int) -> str:
    """Return the line above a part of the list, which begins with number `first`."""
    if shown == total:
        return ngettext("{number} quote is kept here:", "{number} quotes are kept here:", total)
    return _("{first}–{last} of {number}").format(
        first=decimal(first), last=decimal(first + shown - 1), number=decimal(total)
    )


def line(recalled: Recalled, quote: Quote, label: str = "") -> str:
    """Return the line below a quote: its source and place, or that the document has changed."""
    if not recalled.has_changed:
        return source_line(quote, label)
    return f"{line_start()}{label}{dated_name(quote.source)} · {changed(recalled)}"


def changed(recalled: Recalled) -> str:
    return _("as it stood on {day}; the document has changed since").format(
        day=day(recalled.certificate.issued)
    )


def gone(recalled: Recalled) -> str:
    """Return why there are no words of a quote any more."""
    if recalled.state is State.DAMAGED:
        return _(DAMAGED)
    name = name_of(PurePosixPath(recalled.certificate.path).name)
    return _("Gone: {name} is no longer among the documents; what it said went with it.").format(
        name=name
    )


def exported(number: int, left_out: int) -> str:
    """Return the line above an exported file."""
    written = ngettext("The file has {number} quote.", "The file has {number} quotes.", number)
    rest = ngettext(
        "{number} is left out, as its document is gone.",
        "{number} are left out, as their documents are gone.",
        left_out,
    )
    return f"{written} {rest}" if left_out else written


def facts(recalled: Recalled, quote: Quote) -> list[str]:
    """Return all that identifies a quote beside its words, a line each."""
    lines = source_facts(quote.source)
    if not is_url(quote.document.path):
        lines.append(_("File: {fact}").format(fact=name_of(quote.document.path)))
    where = changed(recalled) if recalled.has_changed else place(quote)
    lines.append(_("Place: {fact}").format(fact=where))
    lines.append(_("Certificate: {fact}").format(fact=recalled.id))
    return lines


def export_title() -> str:
    return _(TITLE)
