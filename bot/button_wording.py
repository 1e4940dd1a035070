"""What the bot says on buttons, and in reply to them."""

from __future__ import annotations

from bot import wording
from index.quotes import Quote

CONTEXT_BUTTON = "Context"
MORE_BUTTON = "More quotes"
OPEN_BUTTON = "Open source"
UP_BUTTON = "👍 Helpful"
DOWN_BUTTON = "👎 Not it"
EXPIRED_BUTTON = "I no longer know this answer. Please ask again."
STRANGER_PRESSED = "I'm sorry, I only answer people on a list."
PRESS_APOLOGY = (
    "Something went wrong on my side, and the button did nothing. Please press it again; if it "
    "stays, tell the operator this reference: {reference}"
)
PRESSED_TWICE = "That is here already, or on its way."
VOTED_UP = "Thank you. Noted as helpful."
VOTED_DOWN = "Noted: not what you asked for. Other words may find it."
NO_MORE_QUOTES = "There are no more quotes on this question."


def context_button(number: int) -> str:
    """Return the label of the button that shows what stands around a quote."""
    return f"Context of [{number}]"


def sources_button(count: int) -> str:
    """Return the label of the button that lists where the quotes are from."""
    return "Show source" if count == 1 else "Show sources"


def context_heading(number: int) -> str:
    """Return the line above what stands around a quote."""
    return f"Around [{number}], which is in bold:"


def context_gone(number: int, quote: Quote, certificate: str) -> str:
    """Return why nothing can be shown around a quote, and what to do."""
    name = wording.document_name(quote.source)
    return (
        f"I can't show what is around [{number}]: {name} has changed since "
        f"I quoted it, or is gone. /verify {certificate} tells what became of the quote."
    )


def certificate_line(certificate: str) -> str:
    """Return how to check a quote later."""
    return f"To check this quote later: /verify {certificate}"


def also_heading(quote: Quote) -> str:
    """Return the line above the others that say the same."""
    return f"Almost the same words in {wording.count(len(quote.also), 'other source')}:"
