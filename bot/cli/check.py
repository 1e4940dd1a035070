"""The command `onrecord check`: a sentence, or every quotation of a draft."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.text import Text

from bot.cli import DataOption, open_ready, progress_bar
from bot.cli.lines import check_text
from bot.cli.terminal import QUESTION_STYLE, render_places, render_reply
from bot.cli.web import make_reports
from bot.conversation.drafts import Draft, read_draft
from bot.conversation.replies import CheckReply
from bot.reload import read_index_settings
from bot.texts import answers, checks
from index.answering.draft_check import Checked, Mark, check_quotation
from index.answering.quote_check import Verdict
from index.core.errors import DocumentError
from index.library import Library
from index.parsers import SUFFIXES
from index.sources.files import find_file, read_file

BAD = {Verdict.ALTERED, Verdict.NOT_FOUND}


def check(
    text: Annotated[str, typer.Argument(metavar="SENTENCE|FILE", help="Or a draft: .docx, .md.")],
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a report: .html or .docx.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Tell whether a sentence, or each quotation of a file, is in the documents.

    Exits with 1 where one is altered or not found.
    """
    if report is not None and report.suffix.lower() not in {".html", ".docx"}:
        raise typer.BadParameter(f"{report} is no report; name it .html or .docx")
    library = open_ready(data)
    console = Console(highlight=False)
    if not _is_file(text):
        reply = CheckReply(library.check(check_text(text)))
        console.print(render_reply(reply))
        raise typer.Exit(any(finding.verdict in BAD for finding in reply.findings))
    max_bytes = int(read_index_settings(data).max_file_mb * 1_000_000)
    draft = read_draft(library, Path(text).name, read_file(find_file(Path(text)), max_bytes))
    checked = _check(library, draft)
    for one in checked:
        console.print(_render(one), "")
    console.print(checks.tally(checked, draft.left_out))
    if report is not None:
        _write(report, draft, checked)
    raise typer.Exit(any(one.mark is not Mark.EXACT for one in checked))


def _is_file(text: str) -> bool:
    """Whether an argument names a draft.

    Raises:
        DocumentError: it is named like one, but there is none.
    """
    path = Path(text)
    if len(text.splitlines()) > 1 or path.suffix.lower() not in SUFFIXES:
        return False
    if not path.is_file():
        raise DocumentError(text, "no such file; see that the path is right")
    return True


def _check(library: Library, draft: Draft) -> list[Checked]:
    found = []
    with progress_bar("Checking") as progress:
        for done, quotation in enumerate(draft.quotations, 1):
            found.append(check_quotation(quotation, library.check))
            progress(done, len(draft.quotations))
    return found


def _render(one: Checked) -> RenderableType:
    """A quotation with its mark, and what the documents say."""

    def parts() -> Iterator[RenderableType]:
        yield Text(f"{checks.mark_label(one)}: “{one.quotation.text}”", style=QUESTION_STYLE)
        if one.problem:
            yield Text(answers.refusal(one.problem))
        yield render_places(checks.places(CheckReply(one.findings)))

    return Group(*parts())


def _write(report: Path, draft: Draft, checked: list[Checked]) -> None:
    report.write_bytes(make_reports(draft, checked)[report.suffix.lower().removeprefix(".")])
