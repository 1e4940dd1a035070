"""The API keeps the contract that it describes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from bot.conversation.conversation import Conversation
from bot.scheduling.answers import Answers
from bot.scheduling.inference import Inference
from bot.settings import BotSettings
from bot.web.app import make_app
from index.library import Library
from tests.support.folders import Shelf, temporary_folder
from tests.support.web import reading

pytestmark = pytest.mark.slow  # to import
TOKEN = "a-long-and-random-word"
BRIDGE = "The old bridge at Mostar was rebuilt in 2004 by divers."
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]
QUESTION = "Who rebuilt the old bridge at Mostar?"


def fill(shelf: Shelf) -> Library:
    shelf.write("mostar.txt", BRIDGE)
    shelf.write("cake.txt", "A cake needs flour. It needs five eggs and patience.")
    shelf.sync()
    return shelf.open()


@pytest.fixture
def library(shelf: Shelf) -> Library:
    return fill(shelf)


async def test_an_answer_has_the_form_of_the_terminal(library: Library) -> None:
    async with reading(library) as client:
        answer = (await client.get("/api/ask", params={"q": QUESTION})).json()
        certificate = answer["quotes"][0]["certificate"]
        verified = (await client.get("/api/verify", params={"certificate": certificate})).json()
        later = await client.get("/api/ask", params={"q": QUESTION, "since": "2019"})
    assert answer["quotes"][0]["text"] == BRIDGE
    assert (verified["state"], verified["text"]) == ("unchanged", BRIDGE)
    assert later.json()["state"] == "none"


async def test_documents_are_listed_in_parts(library: Library) -> None:
    async with reading(library) as client:
        every = (await client.get("/api/documents")).json()
        second = (await client.get("/api/documents?offset=1&limit=1")).json()
        cake = (await client.get("/api/documents?q=CAKE")).json()
        page = await client.get(f"/d/{every['documents'][0]['key']}")
    assert [one["document"] for one in every["documents"]] == ["cake.txt", "mostar.txt"]
    assert (second["total"], second["documents"]) == (2, every["documents"][1:])
    assert [one["document"] for one in cake["documents"]] == ["cake.txt"]
    assert page.status_code == 200


async def test_quotations_are_checked(library: Library) -> None:
    text = "“The old bridge at Mostar”, “rebuilt in 1998 by many divers of the town”."
    async with reading(library) as client:
        found = (await client.post("/api/check", json={"text": text})).json()
    first, second = found["quotations"]
    assert text[first["start"] : first["end"]] == first["text"] == "The old bridge at Mostar"
    assert (first["mark"], second["mark"]) == ("exact", "not found")
    assert first["findings"][0]["quote"]["text"] == BRIDGE


async def test_what_is_known_of_a_revision_is_not_sent_again(
    library: Library, shelf: Shelf
) -> None:
    async with reading(library) as client:
        first = await client.get("/api/ask", params={"q": QUESTION})
        known = {"If-None-Match": first.headers["ETag"]}
        again = await client.get("/api/ask", params={"q": QUESTION}, headers=known)
        other = await client.get("/api/ask", params={"q": "What of eggs?"}, headers=known)
        shelf.write("new.txt", "Something new.")
        shelf.sync()
        changed = await client.get("/api/ask", params={"q": QUESTION}, headers=known)
    assert [one.status_code for one in (again, other, changed)] == [304, 200, 200]
    assert again.content == b""


async def test_refusals_are_objects(library: Library) -> None:
    async with reading(library, web_token=TOKEN) as client:
        stranger = await client.get("/api/documents")
        described = await client.get("/api/openapi.json")
    async with reading(library, web_per_minute=1) as client:
        found = [
            await client.get("/api/ask"),
            await client.get("/api/ask?q=+"),
            await client.get("/api/ask?q=x&since=yesterday"),
            await client.get("/api/documents?limit=0"),
            await client.post("/api/check", content=b"[1"),
            await client.get("/api/nothing"),
        ]
    assert stranger.status_code == 401
    assert stranger.headers["WWW-Authenticate"] == 'Bearer realm="Onrecord"'
    assert described.status_code == 200
    assert [one.status_code for one in found] == [400, 400, 429, 400, 400, 404]
    assert all(set(one.json()) == {"error"} for one in (stranger, *found))


@pytest.fixture(scope="module")
def described() -> Iterator[schemathesis.BaseSchema]:
    with temporary_folder() as folder:
        shelf = Shelf(folder)
        chosen = BotSettings(_env_file=None, web_per_minute=1_000_000)
        inference = Inference(chosen.queue_size)
        answers = Answers(Conversation(fill(shelf)), inference)
        app = make_app(chosen, answers, frozenset({"testserver"}))
        yield schemathesis.openapi.from_asgi("/api/openapi.json", app)
        inference.close()
        shelf.close()


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/api/ask", "/api/documents", "/api/check", "/api/verify"])
def test_whatever_is_sent_the_contract_is_kept(
    described: schemathesis.BaseSchema, path: str
) -> None:
    (operation,) = [
        found.ok() for found in described.get_all_operations() if found.ok().path == path
    ]

    @settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def keep(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS)

    keep()
