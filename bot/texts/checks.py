"""Texts about checked sentences and verified quotes."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import NamedTuple

from bot.conversation.replies import CheckReply, VerificationReply
from bot.i18n.language import _, day
from bot.texts.answers import MAX_CHECKED_CHARS, isolate, shorten
from index.answering.quote_check import Finding, Verdict
from index.answering.verification import State, Verification
from index.core.answers import Quote
from index.text.diff import Diff


class Place(NamedTuple):
    """A heading, the quote below it if there is one, and its differences."""

    heading: str
    quote: Quote | None
    diff: Diff


def places(reply: CheckReply | VerificationReply) -> list[Place]:
    """Return the results of a check or a verification."""
    if isinstance(reply, VerificationReply):
        now = reply.verification
        return [Place(verification_heading(now), now.quote, now.diff)]
    return [Place(finding_heading(item), item.quote, item.diff) for item in reply.findings]


def finding_heading(finding: Finding) -> str:
    """Return the heading for a text that was checked, above the quote if there is one."""
    match finding.verdict:
        case Verdict.EXACT if finding.is_part:
            return _("Exact, word for word, part of a sentence:")
        case Verdict.EXACT:
            return _("Exact, word for word:")
        case Verdict.TYPOGRAPHY if finding.is_part:
            return _(
                "Exact but for typography, such as quotation marks and dashes, part of a sentence:"
            )
        case Verdict.TYPOGRAPHY:
            return _("Exact but for typography, such as quotation marks and dashes:")
        case Verdict.ALTERED:
            return _("Altered. The documents say:")
        case Verdict.NOT_FOUND:
            text = isolate(shorten(finding.text, MAX_CHECKED_CHARS))
            return _("Not found, nor anything close to it: {text}").format(text=text)


def verification_heading(verification: Verification) -> str:
    """Return the heading for a quote that was verified, above its current text if there is any."""
    certificate = verification.certificate
    name = isolate(shorten(certificate.title or PurePosixPath(certificate.path).name))
    issued = day(certificate.issued)
    match verification.state:
        case State.UNCHANGED:
            return _("Unchanged since it was quoted on {day}:").format(day=issued)
        case State.MOVED:
            return _("The same words, now in another place:")
        case State.CHANGED:
            return _("Changed since it was quoted on {day}. It now says:").format(day=issued)
        case State.SENTENCE_GONE:
            return _("Gone: {name} no longer says this, nor anything close to it.").format(
                name=name
            )
        case State.DOCUMENT_GONE:
            return _(
                "Gone: {name} is no longer among the documents, and no other says this."
            ).format(name=name)
        case State.DAMAGED:
            return _("The record of this quote is damaged. Don't rely on it.")
