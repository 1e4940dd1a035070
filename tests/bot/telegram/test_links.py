"""Links by which people come: they ask a question, or show a source."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.places import key_of
from bot.storage.database import open_inbox
from bot.telegram.links import DeepLinks, Kind
from index.core.documents import Document, Metadata
from tests.botapi import FakeBotApi, Message
from tests.botapi.people import Person
from tests.support.library import BORDERS, StubLibrary, answered, document, quote
from tests.support.running import running

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
LONG = "Which borders were reached by whom, and who of the neighbours denied it afterwards?"


pytestmark = pytest.mark.usefixtures("folder")


def payload_of(url: str) -> str:
    (payload,) = parse_qs(urlsplit(url).query)["start"]
    assert PAYLOAD.fullmatch(payload)
    return payload


async def tell(api: FakeBotApi, person: Person, text: str, count: int = 1) -> list[Message]:
    sent = person.send(text)
    return await api.wait_for(person, count, after=sent)


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeepLinks]:
    engine = open_inbox(tmp_path_factory.mktemp("links"))
    yield DeepLinks(engine, "onrecord_bot")
    engine.dispose()


@given(st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip))
def test_a_link_asks_what_it_was_made_for(links: DeepLinks, question: str) -> None:
    payload = payload_of(links.to_question(question))
    assert links.read(payload) == (Kind.QUESTION, " ".join(question.split()))


@given(st.text(st.sampled_from("qks_Aa0-"), max_size=64))
def test_any_payload_can_be_read(links: DeepLinks, payload: str) -> None:
    found = links.read(payload)
    assert found is None or payload.startswith(("q_", "s_", "k_"))


@pytest.mark.parametrize("question", ["Which borders?", LONG, "\u042f" * 1000])
async def test_a_made_link_asks_at_once(api: FakeBotApi, question: str) -> None:
    async with running(api) as library:
        ann, bob = api.private_chat(1), api.private_chat(2)
        (made,) = await tell(api, ann, f"/link {question}")
        (url,) = made.entity_texts("url")
        assert url.startswith("https://t.me/onrecord_bot?start=")
        notice, reply = await tell(api, bob, f"/start {payload_of(url)}", 2)
    assert library.asked == [question]
    assert question in (notice.text or "")
    assert reply.entity_texts("blockquote") == [BORDERS]


async def test_a_link_in_a_group_is_answered_there(api: FakeBotApi) -> None:
    async with running(api) as library:
        group = api.group()
        (made,) = await tell(api, ann := api.private_chat(1), "/link Which borders?")
        payload = payload_of(made.entity_texts("url")[0])
        ann.send(f"/start@onrecord_bot {payload}", chat=group)
        await api.wait_for(group, 2)
    assert library.asked == ["Which borders?"]


async def test_a_link_can_only_ask(api: FakeBotApi) -> None:
    async with running(api) as library:
        (made,) = await tell(api, ann := api.private_chat(1), "/link /sources")
        payload = payload_of(made.entity_texts("url")[0])
        await tell(api, ann, f"/start {payload}", 2)
    assert library.asked == ["/sources"]


@pytest.mark.parametrize("payload", ["q_", "q_x", "q____8", "k_nobodykept", "k_", "q_IA"])
async def test_a_damaged_link_says_so(api: FakeBotApi, payload: str) -> None:
    async with running(api) as library:
        (reply,) = await tell(api, api.private_chat(1), f"/start {payload}")
    assert "damaged" in (reply.text or "")
    assert library.asked == []


@pytest.mark.parametrize("payload", ["", "inline", "newsletter", "q", "x_abc"])
async def test_other_payloads_are_a_welcome(api: FakeBotApi, payload: str) -> None:
    async with running(api):
        (reply,) = await tell(api, api.private_chat(1), f"/start {payload}")
    assert "Questions to try" in (reply.text or "")


async def test_a_link_does_not_let_strangers_in(api: FakeBotApi) -> None:
    async with running(api, allowed={1}) as library:
        (made,) = await tell(api, api.private_chat(1), f"/link {LONG}")
        payload = payload_of(made.entity_texts("url")[0])
        (reply,) = await tell(api, api.private_chat(2), f"/start {payload}")
    assert "your id: 2" in (reply.text or "")
    assert library.asked == []


async def test_a_reply_to_an_answer_links_its_question(api: FakeBotApi) -> None:
    async with running(api) as library:
        ann = api.private_chat(1)
        (answer,) = await tell(api, ann, "since:2021-07 Which borders?")
        sent = ann.send("/link", reply_to=answer)
        (made,) = await api.wait_for(ann, after=sent)
        payload = payload_of(made.entity_texts("url")[0])
        sent = ann.send("/link", reply_to=sent)
        (unknown,) = await api.wait_for(ann, after=sent)
        notice, _ = await tell(api, ann, f"/start {payload}", 2)
    assert library.asked == ["Which borders?"] * 2
    assert (notice.text or "").endswith("since:2021-07-01 Which borders?")
    assert "no longer know" in (unknown.text or "")


async def test_how_to_make_a_link(api: FakeBotApi) -> None:
    async with running(api):
        ann = api.private_chat(1)
        (reply,) = await tell(api, ann, "/link")
        assert "/link which" in (reply.text or "")
        (reply,) = await tell(api, ann, f"/link {'why ' * 300}?")
        assert "1,000" in (reply.text or "")


async def test_a_source_card_says_all_that_is_known(api: FakeBotApi) -> None:
    shown = Document(
        7,
        "library",
        "news/taliban.html",
        Metadata(
            title="Taliban seize a key district",
            published=date(2021, 7, 10),
            author="Ann Example",
            publisher="Al Jazeera",
            url="https://example.org/taliban",
        ),
        sha256="",
        characters=9999,
        passages=12,
        fetched=datetime(2026, 5, 3, tzinfo=UTC),
    )
    async with running(api, StubLibrary(shelf=[document(path="other.txt"), shown])):
        (card,) = await tell(api, api.private_chat(1), f"/start s_{key_of(shown)}")
    assert (card.text or "").splitlines() == [
        "Taliban seize a key district",
        "Author: Ann Example",
        "Publisher: Al Jazeera",
        "Published: 10 July 2021",
        "Read on: 3 May 2026",
        "Address: https://example.org/taliban",
        'To ask about it alone, begin your question with source:"news/taliban.html"',
    ]
    assert card.entity_texts("code") == ['source:"news/taliban.html"']


async def test_a_source_that_is_gone(api: FakeBotApi) -> None:
    gone = document(path="gone.txt")
    async with running(api):
        (card,) = await tell(api, api.private_chat(1), f"/start s_{key_of(gone)}")
    assert "no such document" in (card.text or "")
    assert "/sources" in (card.text or "")


async def test_a_name_full_of_markup_stays_a_name(api: FakeBotApi) -> None:
    hostile = document(title='<b>"\u202e[x](tg://user?id=1)', path='a"b.txt')
    async with running(api, StubLibrary(answered(quote()), shelf=[hostile])):
        (card,) = await tell(api, api.private_chat(1), f"/start s_{key_of(hostile)}")
    assert '<b>"[x](tg://user?id=1)' in (card.text or "")
    assert "source:" not in (card.text or "")
    assert not card.entity_texts("text_link")
