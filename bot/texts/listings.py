"""Texts in reply to questions about the documents themselves."""

from __future__ import annotations

from bot.conversation.collection import Kind
from bot.conversation.replies import Count, Languages, Listing, Openings, Speakers
from bot.i18n.language import N_, _, language_counts, ngettext
from bot.texts.answers import (
    NO_DOCUMENTS,
    count_documents,
    dated_name,
    known_documents,
    line_start,
    one_line,
    unlisted,
)
from bot.texts.sources import speakers

ON_SUBJECT = N_("On “{subject}”:")
NEWEST_ON_SUBJECT = N_("On “{subject}”, newest first:")
NEAR_SUBJECT = N_("Nothing mentions “{subject}”. Closest in meaning:")
NEWEST = N_("Newest first:")
NO_LANGUAGES = N_("I don't know the languages of my documents.")
NONE_WITHIN = N_("No document lies within these limits.")
WHICH = N_(
    "Which one? Reply to a quote from it, or write its title after “summarize”. Newest first:"
)


def in_words(reply: Count | Languages | Listing | Speakers) -> str:
    """Return a reply on the documents that quotes nothing."""
    match reply:
        case Count():
            return known_documents(reply.status)
        case Languages():
            return languages(reply)
        case Speakers():
            return speakers(reply)
        case Listing():
            return listing(reply)


def languages(reply: Languages) -> str:
    """Return the languages of the documents, each with its number of them."""
    if not reply.counts:
        return _(NO_LANGUAGES)
    # Translators: names of languages follow the colon, each with a number; they are not inflected.
    line = _("The languages of my documents: {languages}.")
    return line.format(languages=language_counts(reply.counts))


def listing(reply: Listing) -> str:
    """Return a heading, and below it titles with their dates."""
    titles = [f"{line_start()}• {dated_name(document)}" for document in reply.documents]
    return "\n".join(filter(None, [heading(reply), *titles, unlisted(reply.unlisted)]))


def heading(reply: Listing) -> str:
    documents, subject = reply.status.documents, one_line(reply.subject)
    if not documents:
        return _(NO_DOCUMENTS)
    if reply.documents:
        return _(_template(reply)).format(subject=subject)
    if not subject:
        return _(NONE_WITHIN)
    return _("None of {documents} mentions “{subject}”.").format(
        documents=count_documents(documents), subject=subject
    )


def _template(reply: Listing) -> str:
    if not reply.are_naming:
        return NEAR_SUBJECT
    if reply.subject:
        return NEWEST_ON_SUBJECT if reply.kind is Kind.LATEST else ON_SUBJECT
    return WHICH if reply.kind is Kind.SUMMARY else NEWEST


def openings_heading(reply: Openings) -> str:
    return ngettext(
        "I quote, and don't summarize. It begins:",
        "I quote, and don't summarize. They begin:",
        len(reply.shown),
    )
