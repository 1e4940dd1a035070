"""Texts on buttons, and in reply to them."""

from __future__ import annotations

from bot.i18n.language import N_, _, ngettext
from bot.texts.answers import document_name, isolate
from index.core.answers import Quote

CONTEXT_BUTTON = N_("Context")
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


def context_button(number: int) -> str:
    return _("Context of [{number}]").format(number=number)


def sources_button(count: int) -> str:
    return _("Show source") if count == 1 else _("Show sources")


def context_heading(number: int) -> str:
    return _("Around [{number}], which is in bold:").format(number=number)


def context_gone(number: int, quote: Quote, certificate: str) -> str:
    return _(
        "I can't show what is around [{number}]: {name} has changed since I quoted it, or is "
        "gone. {command} tells what became of the quote."
    ).format(
        number=number,
        name=document_name(quote.source),
        command=isolate(f"/verify {certificate}"),
    )


def certificate_line(certificate: str) -> str:
    return _("To check this quote later: {command}").format(
        command=isolate(f"/verify {certificate}")
    )


def also_heading(quote: Quote) -> str:
    return ngettext(
        "Almost the same words in {number} other source:",
        "Almost the same words in {number} other sources:",
        len(quote.also),
    )
