"""The report on the quotations of a draft, as a web page and as a Word document."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.text.paragraph import Paragraph
from markupsafe import Markup, escape

from bot.conversation.drafts import Draft
from bot.conversation.places import quote_path
from bot.texts import checks, web
from bot.texts.answers import UNPRINTABLE, refusal
from bot.texts.citations import source_line
from bot.web.layout import changes, marked
from bot.web.rendering import render
from index.answering.draft_check import Checked, Mark
from index.text.diff import Diff, Op

CLASSES = {
    Mark.EXACT: "exact",
    Mark.ALTERED: "altered",
    Mark.NOT_FOUND: "not-found",
    Mark.UNCHECKED: "unchecked",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the documents say to a quotation or a certificate."""

    heading: str
    quote: Markup | None = None
    source: str = ""
    path: str = ""
    diff: Markup | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A quotation of a draft with its mark."""

    number: int
    name: str
    label: str
    text: str
    places: Sequence[Shown]


def html(draft: Draft, checked: Sequence[Checked]) -> str:
    """Return the report as a page that needs no other file."""
    return render("report.html", **values(draft, checked))


def values(draft: Draft, checked: Sequence[Checked]) -> dict[str, Any]:
    """Return what a page shows of a draft: a line, the text with its marks, and the findings."""
    return {
        "draft": draft,
        "said": checks.tally(checked, draft.left_out),
        "body": body_of(draft, checked),
        "rows": list(rows_of(checked)),
    }


def body_of(draft: Draft, checked: Sequence[Checked]) -> Markup:
    """Return the draft with each quotation marked."""
    parts, position = [], 0
    for number, one in enumerate(checked, 1):
        span = one.quotation.span
        parts.append(escape(draft.text[position : span.start]))
        parts.append(
            Markup('<mark class="{}" data-mark="{}">{}<a href="#r{}">{}</a></mark>').format(
                CLASSES[one.mark], one.mark, span.cut(draft.text), number, number
            )
        )
        position = span.end
    return Markup("").join([*parts, escape(draft.text[position:])])


def rows_of(checked: Sequence[Checked]) -> Iterator[Row]:
    for number, one in enumerate(checked, 1):
        places = (
            checks.Place(checks.finding_heading(item), item.quote, item.diff)
            for item in one.findings
        )
        problem = [Shown(refusal(one.problem))] if one.problem else []
        yield Row(
            number,
            CLASSES[one.mark],
            checks.mark_label(one),
            one.quotation.text,
            [*shown(places), *problem],
        )


def shown(places: Iterable[checks.Place]) -> Iterator[Shown]:
    for heading, quote, diff in places:
        if quote is None:
            yield Shown(heading)
            continue
        yield Shown(
            heading,
            marked(quote.text, quote.span.start, quote.answer),
            source_line(quote),
            quote_path(quote),
            changes(diff) if diff else None,
        )


def docx(draft: Draft, checked: Sequence[Checked]) -> bytes:
    """Return the report: each quotation with its mark, and what the documents say."""
    report = Document()
    report.add_heading(web.report_title(), level=1)
    report.add_paragraph(_fit(checks.tally(checked, draft.left_out)))
    for number, one in enumerate(checked, 1):
        report.add_heading(f"{number}. {checks.mark_label(one)}", level=2)
        report.add_paragraph(_fit(one.quotation.text), style="Quote")
        if one.problem:
            report.add_paragraph(_fit(refusal(one.problem)))
        for finding in one.findings:
            report.add_paragraph(_fit(checks.finding_heading(finding)))
            if finding.quote is not None:
                report.add_paragraph(_fit(finding.quote.text), style="Intense Quote")
                report.add_paragraph(_fit(source_line(finding.quote)))
            if finding.diff:
                _add_changes(report.add_paragraph(), finding.diff)
    file = io.BytesIO()
    report.save(file)
    return file.getvalue()


def _add_changes(paragraph: Paragraph, diff: Diff) -> None:
    for op, text in diff:
        run = paragraph.add_run(_fit(text))
        run.font.strike = op is Op.REMOVED
        run.font.underline = op is Op.ADDED


def _fit(text: str) -> str:
    """A text without the characters that XML does not allow."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(UNPRINTABLE.sub(" ", line) for line in lines)
