"""Texts of the reading room that no other front end has."""

from __future__ import annotations

from bot.i18n.language import N_, _, decimal, ngettext, ordinal
from bot.texts.answers import NO_DOCUMENTS, count_documents, extent
from index.core.scope import LibraryStatus

# The frame
SKIP = N_("Skip to the content")
ASK = N_("Ask")
LIBRARY = N_("Library")
SPEAKERS = N_("Speakers")
CHECK = N_("Check a draft")
MENU = N_("Pages")

# The page that asks
QUESTION = N_("Your question")
ANSWER = N_("Answer")
OPEN_PLACE = N_("Open the quote where it stands")
SAYS_SO_TOO = N_("Says the same:")
CERTIFICATE = N_("Certificate")
KEYS = N_("Keys: / to the box, n and p to the next and previous quote, o opens it, c copies it.")

# A document
PREVIOUS = N_("Previous quote")
NEXT = N_("Next quote")
BACK = N_("Back to the answer")
COPY = N_("Copy with source")
COPIED = N_("Copied")
CITE = N_("How to cite it")
ORIGINAL = N_("Open the original")
CHANGED_PLACE = N_("The quote is not at this place any more: the document has changed.")
SAYS_NOTHING = N_("This document has no text.")

# Inside of Telegram
OPENING = N_("Opening the quote…")
NEEDS_SCRIPT = N_("Telegram tells this page who you are by a script, and scripts are switched off.")

# The library
BY_MONTH = N_("Documents by time of publication")
FIND_DOCUMENT = N_("Title, publisher or file")
FIND = N_("Find")
YEAR = N_("Year")
ANY = N_("Any")
COLLECTION = N_("Collection")
ORDER = N_("Order")
SORT_NEWEST = N_("Newest first")
SORT_OLDEST = N_("Oldest first")
SORT_TITLE = N_("By title")
SORT_PASSAGES = N_("Longest first")
DOCUMENT = N_("Document")
DATE = N_("Date")
PASSAGES = N_("Passages")
PREVIOUS_PAGE = N_("Previous page")
NEXT_PAGE = N_("Next page")
HEALTH = N_("Health of the index")
SOUND = N_("Sound: every text, place and vector is as it was stored.")

# The speakers
FIND_SPEAKER = N_("Name or role")
ASK_SPEAKER = N_("Ask about their words")
ALL_SPEAKERS = N_("All speakers")
NO_SPEAKERS = N_("Nobody is quoted by name. Speakers are found in English texts alone.")

# The check of a draft
PASTE = N_("Paste a text: what stands between quotation marks or in block quotes is looked up")
FILE = N_("Or send a file, such as .docx or .md")
CHECK_BUTTON = N_("Check the quotations")
DRAFT = N_("The draft")
REPORT = N_("Report on the quotations")
SAVE_HTML = N_("Save the report as a web page")
SAVE_DOCX = N_("Save the report for Word")

# Refusals
NOT_FOUND = N_("There is no such page.")
NO_DOCUMENT = N_("There is no such document here: it is gone, or not for you to read.")
NO_METHOD = N_("This page cannot be used like that.")
OTHER_HOST = N_("This server is not known under that name.")
TOO_LARGE = N_("That is too large for this page.")
NO_TOKEN = N_("You need a token to read here. Give it as the password; the name does not matter.")
EXPIRED_LINK = N_("This link has expired. Please ask again in the chat for a new one.")
FORGED_LINK = N_("This link is not valid: it was changed, or the chat may no longer read here.")
EXPIRED_APP = N_("This page was opened too long ago. Please open it again from the chat.")
FORGED_APP = N_("This page opens from its button in a chat with the bot, for those who may read.")
BROKEN = N_("Something went wrong here, and nothing was done. Please try again.")


def read_so_far(status: LibraryStatus) -> str:
    """Return how much is indexed."""
    if not status.documents:
        return _(NO_DOCUMENTS)
    return _("I have read {documents}.").format(documents=extent(status))


def report_title() -> str:
    return _(REPORT)


def picture_of(page: int) -> str:
    return _("Page {page}, with a box around the quote").format(page=ordinal(page))


def place_among(number: int, among: int) -> str:
    """Return the place of a quote in its answer, from 1."""
    return _("Quote {number} of {among}").format(number=decimal(number), among=decimal(among))


def found(number: int, among: int) -> str:
    """Return how many documents of a library are listed."""
    return _("{found} of {documents}").format(
        found=decimal(number), documents=count_documents(among)
    )


def found_speakers(number: int, among: int) -> str:
    """Return how many of those who are quoted are listed."""
    return ngettext("{found} of {number} speaker", "{found} of {number} speakers", among).format(
        found=decimal(number)
    )


def count_words(number: int) -> str:
    return ngettext("Quoted in {number} place", "Quoted in {number} places", number)


def page_of(number: int, among: int) -> str:
    """Return the number of a page of a list, from 1."""
    return _("Page {number} of {among}").format(number=decimal(number), among=decimal(among))


def undated(number: int) -> str:
    """Return the line below a chart of dates, "" if all have one."""
    if not number:
        return ""
    return ngettext("{number} document without a date", "{number} documents without a date", number)


def health(faults: int) -> str:
    if not faults:
        return _(SOUND)
    found = ngettext("{number} fault was found.", "{number} faults were found.", faults)
    # Translators: the command stays as it is.
    remedy = _("The operator sees them, each with its remedy, by: onrecord index verify")
    return f"{found} {remedy}"
