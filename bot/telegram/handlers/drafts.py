"""Checks the quotations of a file that is sent, or replied to, with /check."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import PurePath

from telegram import Document as TelegramDocument
from telegram.constants import FileSizeLimit

from bot.conversation.drafts import Draft, read_draft
from bot.i18n.language import _, ngettext
from bot.telegram.context import Context
from bot.telegram.handlers.uploads import download, is_file, name_of
from bot.telegram.rendering.message import Message, pack
from bot.telegram.rendering.replies import format_places
from bot.telegram.sending.progress import typing
from bot.texts import answers, checks, uploads
from index.answering.draft_check import Checked, Mark, check_quotation
from index.core.errors import DocumentError
from index.core.scope import Scope
from index.text.quotations import Quotation

MAX_SHOWN = 20
"""How many quotations that are not exact are shown; a message holds about three of them."""


def draft_of(context: Context) -> TelegramDocument | None:
    """Return the file that a message asks to check: its own, or the one it replies to."""
    if context.command != "check":
        return None
    message = context.message
    if is_file(message):
        return message.document
    replied = message.reply_to_message
    is_alone = len((message.text or "").split()) == 1
    return replied.document if replied is not None and is_file(replied) and is_alone else None


async def check_draft(context: Context, file: TelegramDocument) -> None:
    """Reply with how many quotations are exact, and those that are not; the report as files."""
    name = name_of(file)
    try:
        async with typing(context.message):
            draft = await read(context, file, name)
            checked = [await look_up(context, quotation) for quotation in draft.quotations]
    except DocumentError as error:
        await context.refuse(uploads.upload_failed(error.reason), quoting=True)
        return
    files, is_too_large = await make_files(context, name, draft, checked)
    bad = [(number, one) for number, one in enumerate(checked, 1) if one.mark is not Mark.EXACT]
    found = format_places([place for item in bad[:MAX_SHOWN] for place in places(*item)])
    tally = Message(checks.tally(checked, draft.left_out))
    rest = [Message(more(len(bad) - MAX_SHOWN))] if len(bad) > MAX_SHOWN else []
    if is_too_large:
        rest.append(Message(_(checks.REPORT_TOO_LARGE)))
    await context.reply(*pack([tally, *found, *rest]), quoting=True)
    for file_name, data in files:
        await context.services.delivery.attach(context.message, file_name, data)


async def make_files(
    context: Context, name: str, draft: Draft, checked: Sequence[Checked]
) -> tuple[list[tuple[str, bytes]], bool]:
    """Return the report as files with their names, and whether one is too large for Telegram."""
    make = context.services.make_reports
    if make is None or not checked:
        return [], False
    made = await asyncio.to_thread(make, draft, checked)
    stem = PurePath(name).stem or "draft"
    files = [
        (f"{stem}.report.{suffix}", data)
        for suffix, data in made.items()
        if len(data) <= FileSizeLimit.FILESIZE_UPLOAD
    ]
    return files, len(files) < len(made)


async def read(context: Context, file: TelegramDocument, name: str) -> Draft:
    """Return the draft in a file.

    Raises:
        DocumentError: it is too large, cannot be had, or cannot be read.
    """
    services = context.services
    max_mb, size = services.settings.max_file_mb, file.file_size or 0
    if size > max_mb * 1e6:
        raise DocumentError(name, uploads.file_too_large(size, max_mb))
    data = await download(services.delivery, file, name)
    return await asyncio.to_thread(read_draft, context.conversation.library, name, data)


async def look_up(context: Context, quotation: Quotation) -> Checked:
    """Return the findings on a quotation; the models are free for others between two."""
    conversation = context.conversation
    check = partial(conversation.library.check, scope=Scope(conversation.collections))
    return await context.services.answers.inference.run(
        lambda _text: check_quotation(quotation, check), quotation.text, patient=True
    )


def places(number: int, checked: Checked) -> Iterator[checks.Place]:
    if checked.problem:
        yield checks.Place(f"{number}. {answers.refusal(checked.problem)}", None, ())
    for finding in checked.findings:
        yield checks.Place(
            f"{number}. {checks.finding_heading(finding)}", finding.quote, finding.diff
        )


def more(number: int) -> str:
    return ngettext("and {number} more", "and {number} more", number)
