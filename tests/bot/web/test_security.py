"""Who is let in, and what stands in every response."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.conversation.conversation import Conversation
from bot.conversation.places import Signer, key_of
from bot.errors import SettingsError
from bot.settings import BotSettings
from bot.web.chats import Chats
from bot.web.security import HEADERS
from bot.web.server import beside_terminal, check_reach
from index.library import Library
from tests.support import PATIENCE_S
from tests.support.folders import Shelf
from tests.support.web import reading, serving

TOKEN = "a-long-and-random-word"
PRESS = "another-random-word-9"
NOW = 1_000_000.0
CHAT = -1007


def fill(shelf: Shelf) -> None:
    shelf.write("shared.txt", "The shared report is about ships.")
    shelf.sync()
    library = shelf.open()
    library.add([shelf.write("own.txt", "The chat keeps a secret.")], collection=f"chat:{CHAT}")
    library.add([shelf.write("press.txt", "The press writes of trains.")], collection="press")


@pytest.fixture
def library(shelf: Shelf) -> Library:
    return shelf.fill(fill)


def keys(library: Library) -> dict[str, str]:
    return {found.path: key_of(found) for found in library.documents(None)}


async def test_every_response_has_the_headers(library: Library) -> None:
    async with reading(library) as client:
        for path in ("/", "/nothing", "/static/style.css", "/d/x"):
            headers = (await client.get(path)).headers
            assert {name: headers[name] for name in HEADERS} == HEADERS
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert "set-cookie" not in headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8080", 200),
        ("127.0.0.1", 200),
        ("192.168.1.9:8080", 200),
        ("[::1]:8080", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
        ("[", 421),
    ],
)
async def test_other_names_are_refused(library: Library, host: str, status: int) -> None:
    async with reading(library) as client:
        assert (await client.get("/", headers={"Host": host})).status_code == status


async def test_large_bodies_are_refused(library: Library) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 100_000

    async with reading(library, max_file_mb=0.1) as client:
        announced = await client.post("/", content=b"x" * 100_001)
    assert announced.status_code == 413


class TestTokens:
    async def test_without_one_nothing_is_shown(self, library: Library) -> None:
        basic = {"Authorization": "Basic " + b64encode(b"me:wrong").decode()}
        async with reading(library, web_token=TOKEN) as client:
            for headers in ({}, basic, {"Authorization": "Bearer x"}, {"Authorization": "Basic é"}):
                page = await client.get("/", headers={k: v.encode() for k, v in headers.items()})
                assert page.status_code == 401
                assert "Basic" in page.headers["WWW-Authenticate"]
                assert "shared" not in page.text

    async def test_it_is_the_password_or_the_bearer(self, library: Library) -> None:
        basic = "Basic " + b64encode(f"anybody:{TOKEN}".encode()).decode()
        async with reading(library, web_token=TOKEN) as client:
            for value in (basic, f"Bearer {TOKEN}"):
                page = await client.get("/", headers={"Authorization": value})
                assert page.status_code == 200

    async def test_it_may_open_one_collection_alone(self, library: Library) -> None:
        found = keys(library)
        async with reading(library, web_token=f"{TOKEN},{PRESS}=press") as client:
            status = {
                (token, path): (
                    await client.get(
                        f"/d/{found[path]}", headers={"Authorization": f"Bearer {token}"}
                    )
                ).status_code
                for token in (TOKEN, PRESS)
                for path in ("shared.txt", "press.txt")
            }
        assert status == {
            (TOKEN, "shared.txt"): 200,
            (TOKEN, "press.txt"): 404,
            (PRESS, "shared.txt"): 404,
            (PRESS, "press.txt"): 200,
        }

    @pytest.mark.parametrize(
        "token", ["short", "with a space in it all", f"{TOKEN},x", f"{TOKEN}="]
    )
    def test_one_that_is_easily_guessed_is_refused(self, token: str) -> None:
        with pytest.raises(ValueError, match="16 or more"):
            BotSettings(_env_file=None, web_token=token)


def chats(signer: Signer) -> Chats:
    return Chats(signer, may_read=lambda _chat: True)


class TestSignedLinks:
    async def test_one_opens_its_document_to_its_chat(self, library: Library) -> None:
        signer = Signer(b"secret", 60.0, lambda: NOW)
        own, shared = (keys(library)[path] for path in ("own.txt", "shared.txt"))
        async with reading(library, chats(signer), web_token=TOKEN) as client:
            opened = await client.get(f"/d/{own}", params=signer.sign(CHAT, own))
            of_another = await client.get(f"/d/{own}", params=signer.sign(CHAT - 1, own))
            other = await client.get(f"/d/{shared}", params=signer.sign(CHAT, own))
            asked = await client.get("/", params=signer.sign(CHAT, own))
        assert "keeps a secret" in opened.text
        assert [page.status_code for page in (opened, of_another, other, asked)] == [
            200,
            404,
            403,
            401,
        ]
        assert "keeps a secret" not in of_another.text

    async def test_a_changed_or_expired_one_says_so(self, library: Library) -> None:
        own = keys(library)["own.txt"]
        late = Signer(b"secret", 60.0, lambda: NOW + 61)
        given = Signer(b"secret", 60.0, lambda: NOW).sign(CHAT, own)
        async with reading(library, chats(late), web_token=TOKEN) as client:
            expired = await client.get(f"/d/{own}", params=given)
            forged = await client.get(f"/d/{own}", params=given | {"until": "9999999999"})
        async with reading(library, web_token=TOKEN) as client:
            unknown = await client.get(f"/d/{own}", params=given)
        assert [page.status_code for page in (expired, forged, unknown)] == [410, 403, 403]
        assert "has expired" in expired.text
        assert "not valid" in forged.text

    async def test_a_chat_that_may_no_longer_ask_reads_nothing(self, library: Library) -> None:
        own, signer = keys(library)["own.txt"], Signer(b"secret", 60.0)
        async with reading(library, Chats(signer, may_read=lambda chat: chat != CHAT)) as client:
            page = await client.get(f"/d/{own}", params=signer.sign(CHAT, own))
        assert page.status_code == 403


@pytest.mark.parametrize(
    ("host", "settings", "is_safe"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("localhost", {}, True),
        ("0.0.0.0", {}, False),
        ("192.168.1.9", {}, False),
        ("127.0.0.1", {"web_url": "https://read.example"}, False),
        ("0.0.0.0", {"web_token": TOKEN}, True),
        ("127.0.0.1", {"web_url": "https://read.example", "web_token": TOKEN}, True),
    ],
)
def test_only_this_machine_is_served_without_a_token(
    host: str, settings: dict[str, str], is_safe: bool
) -> None:
    given = BotSettings(_env_file=None, **settings)
    if is_safe:
        check_reach(host, given)
    else:
        with pytest.raises(SettingsError, match="ONRECORD_WEB_TOKEN"):
            check_reach(host, given)


async def test_it_listens_where_it_is_told(library: Library) -> None:
    async with serving(library) as url, httpx.AsyncClient(timeout=PATIENCE_S) as client:
        assert url.startswith("http://127.0.0.1:")
        assert (await client.get(url)).status_code == 200
        with pytest.raises(SettingsError, match="cannot listen"):
            async with serving(library, f"127.0.0.1:{url.rpartition(':')[2]}"):
                pass
    with pytest.raises(SettingsError, match="no address to listen on"):
        async with serving(library, "8080"):
            pass


@pytest.mark.slow
def test_it_runs_beside_the_terminal(library: Library) -> None:
    settings = BotSettings(_env_file=None)
    with (
        beside_terminal(settings, Conversation(library)) as url,
        beside_terminal(settings, Conversation(library)) as other,
    ):
        assert url != other
        for address in (url, other):
            assert "Your question" in httpx.get(address, timeout=PATIENCE_S).text
    with pytest.raises(httpx.ConnectError):
        httpx.get(other, timeout=PATIENCE_S)


def test_a_wrong_address_beside_the_terminal_is_an_error(library: Library) -> None:
    settings = BotSettings(_env_file=None, web="0.0.0.0:0")
    with (
        pytest.raises(SettingsError, match="ONRECORD_WEB_TOKEN"),
        beside_terminal(settings, Conversation(library)),
    ):
        pass
