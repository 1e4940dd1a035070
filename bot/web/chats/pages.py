"""The page that Telegram opens as a Mini App, and that leads to the quote.

It shows nothing by itself: its script sends the init data, which only the browser has, and who may
read is led to an address signed for the chat with that user. Telegram's own script is not loaded,
since no file of others is: all that is needed of it is to read two values of the fragment.
"""

from __future__ import annotations

import time
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.conversation.places import ANSWER, Pass
from bot.texts import web
from bot.web.chats.init_data import check_init_data
from bot.web.rendering import page
from bot.web.room import room_of

LIFETIME_S = 24 * 3600.0
KEPT = ("q", "a", "v")
"""What says of a document's address which place is shown."""


async def app_page(request: Request) -> Response:
    """Return the page that sends the init data; with them, lead to the document.

    Raises:
        HTTPException: they are missing, forged or too old, or the user may not read.
    """
    chats = room_of(request).chats
    if chats is None or not chats.token:
        raise HTTPException(404)
    if request.method == "GET":
        return await page("app.html", is_guest=True)
    async with request.form(max_files=0, max_fields=1) as form:
        data = form.get("data")
    passed, user = check_init_data(str(data or ""), chats.token, time.time())
    if passed is Pass.EXPIRED:
        raise HTTPException(410, web.EXPIRED_APP)
    # A private chat has the number of its user.
    if passed is Pass.FORGED or not chats.may_read(user):
        raise HTTPException(403, web.FORGED_APP)
    query, key = request.query_params, request.path_params["key"]
    until = int(time.time() + min(LIFETIME_S, chats.signer.lifetime_s))
    signed = chats.signer.sign(user, key, query.get(ANSWER, ""), until)
    place = {name: query[name] for name in KEPT if name in query}
    return RedirectResponse(f"/d/{key}?{urlencode(place | signed)}#quote", 303)
