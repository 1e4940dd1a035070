"""Pages that open inside of Telegram, for the user that its init data names."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.places import ANSWER, Pass, Signer, app_path, key_of
from bot.web.chats import Chats
from bot.web.chats.init_data import MAX_AGE_S, MAX_AHEAD_S, check_init_data, hash_of
from index.core.answers import Quote
from index.core.documents import Span
from index.library import Library
from tests.support.folders import Shelf
from tests.support.web import init_data as make_init_data
from tests.support.web import marked, read, reading

TOKEN, OTHER_TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz012345", "987654321:AAEother"
ANN, BEN = 11, 22
NOW = 1_800_000_000
SECRET = "The lighthouse of Ann was painted red in spring. Its keeper left in May."
ROOM = {"web_token": "a-long-and-random-word", "web_url": "https://read.example"}


def init_data(
    user_id: int = ANN, token: str = TOKEN, at: float | None = None, **fields: str
) -> str:
    return make_init_data(user_id, token, at, **fields)


class TestInitData:
    def test_it_names_the_user(self) -> None:
        assert check_init_data(init_data(at=NOW), TOKEN, NOW) == (Pass.VALID, ANN)

    def test_the_hash_is_the_one_that_telegram_documents(self) -> None:
        # Computed apart, by `openssl dgst` of OpenSSL.
        expected = "948bee1173ce58139e3b5e940910b9353bb5ba88df1dc4d318cd9c028c7d9964"
        fields = {"auth_date": "1", "query_id": "q", "user": '{"id":1}'}
        assert hash_of(fields, "1:A") == expected

    @pytest.mark.parametrize(
        ("data", "passed"),
        [
            ("", Pass.FORGED),
            ("hash=", Pass.FORGED),
            ("nothing of the kind", Pass.FORGED),
            (init_data(token=OTHER_TOKEN, at=NOW), Pass.FORGED),
            (init_data(at=NOW).replace(str(ANN), str(BEN)), Pass.FORGED),
            (init_data(at=NOW) + "&user=%7B%22id%22%3A22%7D", Pass.FORGED),
            (init_data(at=NOW) + "&added=1", Pass.FORGED),
            (init_data(at=NOW).replace("signature=z", "signature=y"), Pass.FORGED),
            (init_data(at=NOW, user='{"id":"11"}'), Pass.FORGED),
            (init_data(at=NOW, user='{"id":true}'), Pass.FORGED),
            (init_data(at=NOW, user='{"id":-11}'), Pass.FORGED),
            (init_data(at=NOW, user="[" * 5000), Pass.FORGED),
            (init_data(at=NOW, user="x" * 9000), Pass.FORGED),
            (init_data(at=NOW - MAX_AGE_S - 1), Pass.EXPIRED),
            (init_data(at=NOW, auth_date="soon"), Pass.EXPIRED),
            (init_data(at=NOW + MAX_AHEAD_S + 1), Pass.FORGED),
            (init_data(at=NOW - MAX_AGE_S + 1), Pass.VALID),
            (init_data(at=NOW + MAX_AHEAD_S), Pass.VALID),
        ],
    )
    def test_what_is_changed_or_old_names_nobody(self, data: str, passed: Pass) -> None:
        assert check_init_data(data, TOKEN, NOW) == (passed, ANN if passed is Pass.VALID else 0)

    @given(st.text())
    def test_whatever_is_sent_is_no_error(self, data: str) -> None:
        assert check_init_data(data, TOKEN, NOW) == (Pass.FORGED, 0)


def fill(shelf: Shelf) -> None:
    shelf.open().add([shelf.write("ann.txt", SECRET)], collection=f"chat:{ANN}")


@pytest.fixture
def library(shelf: Shelf) -> Library:
    return shelf.fill(fill)


def quotes(library: Library) -> list[Quote]:
    (document,) = library.documents(None)
    spans = (Span(0, SECRET.index(" Its")), Span(SECRET.index("Its"), len(SECRET)))
    return [Quote(document, span, span.cut(SECRET), paragraph=1, score=1.0) for span in spans]


def chats(library: Library, token: str = TOKEN, blocked: Sequence[int] = ()) -> Chats:
    return Chats(
        Signer(b"secret", 60.0),
        token,
        may_read=lambda chat: chat not in blocked,
        quotes_of=lambda answer, chat: quotes(library) if (answer, chat) == ("one", ANN) else (),
    )


async def enter(client: httpx.AsyncClient, path: str, data: str | None) -> httpx.Response:
    given = {} if data is None else {"data": data}
    return await client.post(path, data=given, follow_redirects=True)


async def test_who_may_read_is_led_to_the_quote(library: Library) -> None:
    first, _second = quotes(library)
    async with reading(library, chats(library), **ROOM) as client:
        shell = await client.get(app_path(first, "one"))
        page = await enter(client, app_path(first, "one"), init_data())
    assert shell.status_code == 200
    assert "lighthouse" not in shell.text
    assert [form.get("method") for form in read(shell).xpath("//form")] == ["post"]
    assert marked(page) == first.text
    assert page.history[0].headers["location"].endswith("#quote")


async def test_the_other_quotes_of_the_answer_are_a_step_away(library: Library) -> None:
    first, second = quotes(library)
    async with reading(library, chats(library), **ROOM) as client:
        page = await enter(client, app_path(first, "one"), init_data())
        (onward,) = read(page).xpath("//a[@rel='next']/@href")
        there = await client.get(onward)
        (back,) = read(there).xpath("//a[@rel='prev']/@href")
        again = await client.get(back)
        other = dict(parse_qsl(urlsplit(onward).query)) | {ANSWER: "two"}
        forged = await client.get(urlsplit(onward).path, params=other)
    assert marked(there) == second.text
    assert marked(again) == first.text
    assert forged.status_code == 403


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (None, 403),
        ("", 403),
        ("user=%7B%22id%22%3A11%7D&hash=00", 403),
        (init_data(token=OTHER_TOKEN), 403),
        (init_data(at=NOW - 10**9), 410),
        (init_data(BEN), 404),
    ],
    ids=["missing", "empty", "forged", "other bot's", "expired", "of another chat"],
)
async def test_nobody_else_reads_anything(library: Library, data: str | None, status: int) -> None:
    first, _second = quotes(library)
    async with reading(library, chats(library), **ROOM) as client:
        page = await enter(client, app_path(first, "one"), data)
    assert page.status_code == status
    assert "lighthouse" not in page.text


async def test_who_was_blocked_reads_nothing(library: Library) -> None:
    first, _second = quotes(library)
    async with reading(library, chats(library, blocked=[ANN]), **ROOM) as client:
        page = await enter(client, app_path(first, "one"), init_data())
    assert page.status_code == 403


async def test_without_encryption_there_is_no_such_page(library: Library) -> None:
    first, _second = quotes(library)
    for beside in (None, chats(library, token="")):
        async with reading(library, beside, **ROOM) as client:
            page = await enter(client, app_path(first, "one"), init_data(token=""))
        assert page.status_code == 404


async def test_only_pages_for_chats_stand_in_the_frame_of_telegram(library: Library) -> None:
    first, _second = quotes(library)
    async with reading(library, chats(library), **ROOM) as client:
        inside = await enter(client, app_path(first, "one"), init_data())
        outside = await client.get("/")
    policy = inside.headers["Content-Security-Policy"]
    assert "frame-ancestors https://web.telegram.org" in policy
    assert "script-src 'self';" in policy
    assert "X-Frame-Options" not in inside.headers
    assert outside.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in outside.headers["Content-Security-Policy"]


def test_the_key_stands_in_the_path(library: Library) -> None:
    first, _second = quotes(library)
    parts = urlsplit(app_path(first))
    assert parts.path == f"/app/{key_of(first.document)}"
    assert not parts.fragment
