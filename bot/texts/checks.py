"""Texts about checked sentences and verified quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from bot.conversation.replies import CheckReply, VerificationReply
from bot.i18n.language import N_, _, day, decimal, ngettext
from bot.texts.answers import MAX_CHECKED_CHARS, name_of, one_line
from index.answering.draft_check import MAX_QUOTATIONS, Checked, Mark
from index.answering.quote_check import Finding, Verdict
from index.answering.verification import State, Verification
from index.core.answers import Quote
from index.text.diff import Diff

FINDINGS = {
    Verdict.EXACT: N_("Exact, word for word:"),
    Verdict.TYPOGRAPHY: N_("Exact but for typography, such as quotation marks and dashes:"),
    Verdict.ALTERED: N_("Altered. The documents say:"),
    Verdict.NOT_FOUND: N_("Not found, nor anything close to it: {text}"),
}
FINDINGS_OF_PARTS = FINDINGS | {
    Verdict.EXACT: N_("Exact, word for word, part of a sentence:"),
    Verdict.TYPOGRAPHY: N_(
        "Exact but for typography, such as quotation marks and dashes, part of a sentence:"
    ),
}
VERIFICATIONS = {
    State.UNCHANGED: N_("Unchanged since it was quoted on {day}:"),
    State.MOVED: N_("The same words, now in another place:"),
    State.CHANGED: N_("Changed since it was quoted on {day}. It now says:"),
    State.SENTENCE_GONE: N_("Gone: {name} no longer says this, nor anything close to it."),
    State.DOCUMENT_GONE: N_(
        "Gone: {name} is no longer among the documents; what it said was deleted with it."
    ),
    State.DAMAGED: N_("The record of this quote is damaged. Don't rely on it."),
}


MARKS = {
    Mark.EXACT: N_("Exact"),
    Mark.ALTERED: N_("Altered"),
    Mark.NOT_FOUND: N_("Not found"),
    Mark.UNCHECKED: N_("Not checked"),
}
# Translators: the command stays as it is.
REPORT_TOO_LARGE = N_(
    "The report is too large for Telegram. On the machine of the bot: onrecord check FILE --report"
)
NO_QUOTATIONS = N_(
    "There is no quotation in this: no text between quotation marks, and no block quote."
)


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
    headings = FINDINGS_OF_PARTS if finding.is_part else FINDINGS
    text = one_line(finding.text, MAX_CHECKED_CHARS)
    return _(headings[finding.verdict]).format(text=text)


def verification_heading(verification: Verification) -> str:
    """Return the heading for a quote that was verified, above its current text if there is any."""
    certificate = verification.certificate
    name = name_of(certificate.title or PurePosixPath(certificate.path).name)
    return _(VERIFICATIONS[verification.state]).format(day=day(certificate.issued), name=name)


def mark_label(checked: Checked) -> str:
    return _(MARKS[checked.mark])


def tally(checked: Sequence[Checked], left_out: int) -> str:
    """Return how many quotations of a draft have each mark."""
    if not checked:
        return _(NO_QUOTATIONS)
    total = ngettext("{number} quotation", "{number} quotations", len(checked))
    counts = Counter(one.mark for one in checked)
    parts = [f"{_(MARKS[mark])}: {decimal(counts[mark])}" for mark in Mark if counts[mark]]
    line = f"{total} — {' · '.join(parts)}"
    if left_out:
        # Translators: the number is the limit of one draft.
        rest = _("Only the first {limit} were checked.").format(limit=decimal(MAX_QUOTATIONS))
        line += f". {rest}"
    return line
