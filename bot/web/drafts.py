"""The page that checks the quotations of a draft, and the page of a certificate."""

from __future__ import annotations

from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.conversation.contract import MAX_TEXT_CHARS
from bot.conversation.drafts import Draft, make_draft, read_draft
from bot.conversation.places import read_spans, write_span
from bot.conversation.replies import Refusal
from bot.texts import answers, checks
from bot.web import reports
from bot.web.rendering import page
from bot.web.room import conversation_of, room_of
from index.answering.draft_check import Checked, check_quotation
from index.core.scope import Scope
from index.sources.names import clean_name
from index.text.quotations import Quotation

MAX_PART_BYTES = 4 * MAX_TEXT_CHARS
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


async def check_page(request: Request) -> Response:
    """Return the page with the box; with a draft in it, the draft with its quotations marked.

    With `format` the same as a file.
    """
    if request.method == "GET":
        return await page("check.html", draft=None, said="")
    async with request.form(max_part_size=MAX_PART_BYTES) as form:
        draft, wanted = await _given(request, form), form.get("format")
    checked = await check(request, draft)
    if wanted == "html":
        report = await run_in_threadpool(reports.html, draft, checked)
        return HTMLResponse(report, headers=_attached("report.html"))
    if wanted == "docx":
        file = await run_in_threadpool(reports.docx, draft, checked)
        return Response(file, media_type=DOCX, headers=_attached("report.docx"))
    blocks = ",".join(map(write_span, draft.block_quotes))
    return await page("check.html", blocks=blocks, **reports.values(draft, checked))


async def verify_page(request: Request) -> Response:
    """Return what became of the quote of a certificate."""
    conversation, certificate = conversation_of(request), request.path_params["certificate"]
    reply = await room_of(request).run(request, conversation.verify, certificate)
    if isinstance(reply, Refusal):
        return await page("verify.html", 404, places=[reports.Shown(answers.refusal(reply.text))])
    return await page("verify.html", places=list(reports.shown(checks.places(reply))))


async def check(request: Request, draft: Draft) -> list[Checked]:
    """Return the findings on each quotation; the models are free for others between two."""
    room, conversation = room_of(request), conversation_of(request)
    room.count(request)
    scope = Scope(conversation.collections)

    def look_up(quotation: Quotation, _text: str) -> Checked:
        return check_quotation(quotation, partial(conversation.library.check, scope=scope))

    return [
        await room.answers.inference.run(partial(look_up, one), one.text, patient=True)
        for one in draft.quotations
    ]


async def _given(request: Request, form: FormData) -> Draft:
    file, text = form.get("file"), form.get("text")
    if isinstance(file, UploadFile) and file.filename:
        data = await file.read()
        library = conversation_of(request).library
        return await run_in_threadpool(read_draft, library, clean_name(file.filename), data)
    # Browsers send each line break as two characters.
    pasted = text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else ""
    blocks = read_spans(str(form.get("blocks") or "")) or ()
    return make_draft(pasted[:MAX_TEXT_CHARS], blocks)


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
