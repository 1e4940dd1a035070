"""The pages that ask, and that show a quote where it stands."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.places import key_of
from index.library import Library
from index.store.context import Outline
from tests.support.folders import Shelf
from tests.support.web import marked, read, reading

BRIDGE = "The old bridge at Mostar was rebuilt in 2004 by divers."
HOSTILE = "<script>alert('Mostar')</script> & the <b>council</b> paid 12 million for it."
PARAGRAPHS = [BRIDGE, HOSTILE, "Nobody was hurt. It rained."]
ARABIC = "أعيد بناء الجسر القديم في موستار. شارك فيه غواصون من كل البلاد."


def fill(shelf: Shelf) -> None:
    shelf.write("news/mostar.txt", "date 2004-07-23\n\n" + "\r\n\r\n".join(PARAGRAPHS))
    shelf.write("arabic.txt", ARABIC)
    shelf.write("cake.txt", "A cake needs flour. It needs five eggs and patience.")
    shelf.sync()


@pytest.fixture
def library(shelf: Shelf) -> Library:
    return shelf.fill(fill)


def key(library: Library, path: str) -> str:
    return next(key_of(found) for found in library.documents() if found.path == path)


def outline(library: Library, path: str) -> Outline:
    found = next(found for found in library.documents() if found.path == path)
    return library.store.outline(found.id)


def place(text: str, part: str) -> str:
    start = text.index(part)
    return f"{start}-{start + len(part)}"


class TestAsking:
    async def test_each_quote_links_to_where_it_stands(self, library: Library) -> None:
        async with reading(library) as client:
            page = await client.get("/", params={"q": "Who rebuilt the old bridge at Mostar?"})
            assert page.status_code == 200
            quotes = read(page).xpath("//blockquote")
            assert BRIDGE in [quote.text_content() for quote in quotes]
            for quote in quotes:
                (link,) = quote.xpath(".//a/@href")
                assert re.match(r"/d/[\w-]{12}\?q=\d+-\d+(&|#)", link)
                assert marked(await client.get(link)) == quote.text_content()
                assert marked(await client.get(quote.get("cite"))) == quote.text_content()

    async def test_the_three_states_are_told_apart(self, shelf: Shelf, library: Library) -> None:
        question = {"q": "Who rebuilt the old bridge at Mostar?"}
        async with reading(library) as client:
            sure = read(await client.get("/", params=question))
        async with reading(shelf.open(min_confidence=1.0)) as client:
            none = read(await client.get("/", params=question))
        assert sure.xpath("//@data-state") in (["answered"], ["unsure"])
        assert none.xpath("//@data-state") == ["none"]
        assert "I can't find this in the documents." in none.text_content()

    async def test_the_other_side_stands_below_its_heading(
        self, shelf: Shelf, library: Library
    ) -> None:
        claim = "Two officers said that the mill at Orla had burnt down."
        denial = "The mayor denied the reports."
        shelf.write("mill.txt", f"{claim} {denial}")
        library.sync(shelf.folder)
        async with reading(library) as client:
            page = read(await client.get("/", params={"q": "Had the mill at Orla burnt down?"}))
        parts = page.xpath("//h2[@class='heading'] | //blockquote")
        told = [part.text_content() for part in parts]
        at = told.index(claim)
        assert told[at + 1 : at + 3] == ["Disputed:", denial]

    async def test_without_a_question_it_gives_examples(self, library: Library) -> None:
        async with reading(library) as client:
            page = read(await client.get("/"))
        assert page.xpath("//input[@name='q']")
        assert "I have read 3 documents" in page.text_content()

    async def test_small_talk_and_what_cannot_be_asked(self, library: Library) -> None:
        async with reading(library) as client:
            hello = await client.get("/", params={"q": "hello!"})
            long = await client.get("/", params={"q": "why " * 400})
        assert "Ask me a question" in hello.text
        assert long.status_code == 400
        assert "the limit is 1,000" in long.text

    async def test_it_speaks_the_language_of_the_browser(self, library: Library) -> None:
        async with reading(library, interface="de") as client:
            languages = [
                read(await client.get("/", headers={"Accept-Language": header})).get("lang")
                for header in ("fr-CA;q=0.5, es, xx", "tlh", "", "fa;q=oops, ru;q=0.1")
            ]
            persian = read(await client.get("/", headers={"Accept-Language": "fa"}))
        assert languages == ["es", "de", "de", "ru"]
        assert persian.get("dir") == "rtl"

    async def test_one_address_asks_so_much_a_minute(self, library: Library) -> None:
        async with reading(library, web_per_minute=2) as client:
            found = [await client.get("/", params={"q": f"Who {n}?"}) for n in range(3)]
        assert [page.status_code for page in found] == [200, 200, 429]
        assert int(found[2].headers["Retry-After"]) > 50


class TestDocument:
    async def test_it_shows_the_text_and_nothing_of_it_is_markup(self, library: Library) -> None:
        async with reading(library) as client:
            page = read(await client.get(f"/d/{key(library, 'news/mostar.txt')}"))
        shown = page.xpath("//article")[0]
        assert [p.text_content() for p in shown.xpath(".//p[@data-number]")] == PARAGRAPHS
        assert page.xpath("//script/@src") == ["/static/room.js"]
        assert not page.xpath("//script[not(@src)] | //style | //@style | //@onclick")
        assert "23 July 2004" in page.text_content()
        assert "news/mostar.txt" in page.text_content()

    @pytest.mark.parametrize(
        "part", [BRIDGE, HOSTILE, f"divers.\r\n\r\n{HOSTILE}", "hurt. It", "rained."]
    )
    async def test_the_mark_is_the_quote(self, library: Library, part: str) -> None:
        text = outline(library, "news/mostar.txt").text
        address = f"/d/{key(library, 'news/mostar.txt')}?q={place(text, part)}"
        async with reading(library) as client:
            page = await client.get(address)
        assert page.status_code == 200
        assert marked(page) == part

    async def test_the_short_answer_is_bold_inside(self, library: Library) -> None:
        text = outline(library, "news/mostar.txt").text
        query = {"q": place(text, BRIDGE), "a": place(text, "Mostar")}
        async with reading(library) as client:
            page = read(await client.get(f"/d/{key(library, 'news/mostar.txt')}", params=query))
        assert page.xpath("//mark/b/text()") == ["Mostar"]

    async def test_quotes_of_one_answer_lead_to_each_other(self, library: Library) -> None:
        async with reading(library) as client:
            asked = read(await client.get("/", params={"q": "What of Mostar, eggs and flour?"}))
            links = asked.xpath("//blockquote/a/@href")
            assert len(links) > 1
            first, last = read(await client.get(links[0])), read(await client.get(links[-1]))
        assert first.xpath("//a[@rel='next']/@href") == [links[1]]
        assert not first.xpath("//a[@rel='prev']")
        assert last.xpath("//a[@rel='prev']/@href") == [links[-2]]
        assert not last.xpath("//a[@rel='next']")
        assert first.xpath("//a[@rel='up']/@href") == ["/?q=What+of+Mostar%2C+eggs+and+flour%3F"]

    async def test_text_from_right_to_left_finds_its_direction(self, library: Library) -> None:
        text = outline(library, "arabic.txt").text
        async with reading(library) as client:
            page = await client.get(f"/d/{key(library, 'arabic.txt')}?q={place(text, ARABIC)}")
        assert marked(page) == ARABIC
        assert read(page).xpath("//article/p/@dir") == ["auto"]

    async def test_a_place_that_is_gone_is_told(self, library: Library) -> None:
        async with reading(library) as client:
            for query in ("q=5-99999", "q=7-7", "q=a", "q=", "q=1-2&q=nothing"):
                page = await client.get(f"/d/{key(library, 'cake.txt')}?{query}")
                assert page.status_code == 404
                assert "the document has changed" in page.text
                assert "five eggs" in page.text

    async def test_a_number_of_the_index_opens_it_too(self, library: Library) -> None:
        found = library.documents()[0]
        async with reading(library) as client:
            assert (await client.get(f"/d/{found.id}")).status_code == 200
            missing = await client.get("/d/abcdefghijkl")
        assert missing.status_code == 404
        assert "no such document" in missing.text

    async def test_another_collection_is_not_shown(self, shelf: Shelf, library: Library) -> None:
        secret = shelf.write("secret.txt", "The secret of Mostar is out.")
        library.add([secret], collection="chat:7")
        (hidden,) = library.documents(["chat:7"])
        async with reading(library) as client:
            answers = [await client.get(f"/d/{at}") for at in (key_of(hidden), hidden.id)]
            asked = await client.get("/", params={"q": "What is the secret of Mostar?"})
        assert [page.status_code for page in answers] == [404, 404]
        assert "secret of Mostar is out" not in asked.text


class TestRobustness:
    async def test_an_error_is_a_page_without_details(
        self, library: Library, monkeypatch: pytest.MonkeyPatch, folder: Path
    ) -> None:
        def fail(*_: object) -> None:
            raise OSError(f"{folder}/index.db")

        async with reading(library) as client:
            monkeypatch.setattr(type(library.store), "outline", fail)
            page = await client.get(f"/d/{key(library, 'cake.txt')}")
        assert page.status_code == 500
        assert "Something went wrong here" in page.text
        assert str(folder) not in page.text
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]

    @pytest.mark.slow
    @settings(
        max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
    )
    @given(
        path=st.sampled_from(
            [
                *("/", "/d/{key}", "/d/{key}/page/1.png", "/d/x", "/static/x", "/nothing"),
                *("/library", "/speakers", "/app/{key}"),
            ]
        ),
        query=st.dictionaries(
            st.sampled_from(["q", "a", "v", "for", "sig", "chat", "in", "page", "year", "said"]),
            st.text(),
            max_size=4,
        ),
    )
    async def test_no_parameter_breaks_a_page(
        self, library: Library, path: str, query: dict[str, str]
    ) -> None:
        query = {name: value.encode(errors="replace").decode() for name, value in query.items()}
        async with reading(library, web_per_minute=10_000) as client:
            page = await client.get(path.format(key=key(library, "cake.txt")), params=query)
        assert page.status_code < 500


@pytest.mark.slow
async def test_large_documents_are_whole(shelf: Shelf) -> None:
    sentence = "Sentence number {} of this long report says nothing new.\n\n"
    text = "".join(sentence.format(at) for at in range(3000)).strip()
    shelf.write("long.txt", text)
    shelf.sync()
    library = shelf.open()
    async with reading(library) as client:
        response: httpx.Response = await client.get(f"/d/{key(library, 'long.txt')}?q=0-40")
    assert len(read(response).xpath("//article/p")) == 3000
    assert marked(response) == text[:40]
