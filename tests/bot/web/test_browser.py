"""The reading room as a person sees it, in headless Chromium."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any
from urllib.parse import quote as percent_encode
from urllib.parse import urlencode

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright, expect

from bot.conversation.originals import original_url
from bot.conversation.places import Signer, app_path
from bot.web.chats import Chats
from index.core.answers import Quote
from index.core.documents import Metadata, Span
from index.core.settings import IndexSettings
from index.library import Library
from tests.support import PATIENCE_S
from tests.support.library import document
from tests.support.library import quote as shown_quote
from tests.support.web import CHROMIUM, init_data, needs_chromium, serving

pytestmark = [pytest.mark.slow, needs_chromium]

QUESTION = "Which borders did the Taliban reach?"
UNANSWERED = "Which borders did the Taliban reach in 2019?"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True}
SERIOUS = {"serious", "critical"}
PATIENCE_MS = 1000 * PATIENCE_S
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Visit:
    """A page in a browser, with the errors that it reported."""

    page: Page
    url: str
    errors: list[str] = field(default_factory=list)

    async def open(self, path: str) -> None:
        await self.page.goto(f"{self.url}{path}")

    async def problems(self) -> list[str]:
        """Return what axe-core finds serious."""
        found = await Axe().run(self.page)
        return [
            f"{problem['id']}: {node['html']}"
            for problem in found.response["violations"]
            if problem["impact"] in SERIOUS
            for node in problem["nodes"]
        ]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    made = Library(IndexSettings(_env_file=None, data=tmp_path_factory.mktemp("data")))
    made.index_seeds()
    yield made
    made.close()


@asynccontextmanager
async def visiting(
    library: Library, chats: Chats | None = None, **options: Any
) -> AsyncIterator[Visit]:
    """Open a browser on the reading room."""
    async with serving(library, chats=chats) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox"]
        )
        context = await browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        visit = Visit(await context.new_page(), url)
        visit.page.on("console", lambda said: note(visit, said.text))
        visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
        try:
            yield visit
        finally:
            await browser.close()
    assert visit.errors == []


def note(visit: Visit, said: str) -> None:
    """Keep what the browser reports, but for a missing page, and for fields that a test fills."""
    if "status of 404" not in said and "Autofocus" not in said:
        visit.errors.append(said)


@pytest.mark.parametrize(
    "options", [{}, PHONE, {"java_script_enabled": False}], ids=["desk", "phone", "no script"]
)
async def test_a_question_leads_to_the_very_sentence(
    library: Library, options: dict[str, Any]
) -> None:
    async with visiting(library, **options) as visit:
        page = visit.page
        await visit.open("/")
        await page.fill("input[name=q]", QUESTION)
        await page.press("input[name=q]", "Enter")
        await page.wait_for_selector("[data-state=answered]")
        assert "q=Which" in page.url
        quote = await page.locator("blockquote").first.text_content()
        await page.locator("figure.quote figcaption > a").first.click()
        mark = page.locator("mark#quote")
        assert await mark.text_content() == quote
        # What is not on the screen yet is not laid out, and has no inner text.
        await expect(mark).to_be_in_viewport()
        assert await mark.inner_text() == quote
        assert await mark.locator("b").all_text_contents()
        width = await page.locator("html").evaluate("page => page.scrollWidth - page.clientWidth")
        assert width <= 0


async def test_results_arrive_without_a_reload_and_the_way_back_works(library: Library) -> None:
    async with visiting(library) as visit:
        page = visit.page
        await visit.open("/")
        await page.evaluate("window.stayed = true")
        for question, state in ((QUESTION, "answered"), (UNANSWERED, "none")):
            await page.fill("input[name=q]", question)
            await page.click("button[type=submit]")
            await page.wait_for_selector(f"[data-state={state}]")
        await page.go_back()
        await page.wait_for_selector("[data-state=answered]")
        assert await page.input_value("input[name=q]") == QUESTION
        assert await page.evaluate("window.stayed")


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["desk", "no script"])
async def test_a_quote_is_kept_and_removed(library: Library, options: dict[str, Any]) -> None:
    async with visiting(library, **options) as visit:
        page = visit.page
        await visit.open(f"/?q={QUESTION}")
        quote = await page.locator("blockquote").first.inner_text()
        await page.locator("form.keep button").first.click()
        if not options:
            await page.wait_for_selector("form.keep button:disabled")
            assert "q=Which" in page.url
            await visit.open("/clippings")
        assert quote.startswith(await page.locator("blockquote").inner_text())
        await page.locator("form.keep button").click()
        await page.wait_for_selector("p.said")
        assert await page.locator("blockquote").count() == 0


async def test_keys_move_between_quotes(library: Library) -> None:
    async with visiting(library) as visit:
        page = visit.page
        await visit.open(f"/?q={QUESTION}")
        await page.keyboard.press("/")
        assert await page.evaluate("document.activeElement.id") == "question"
        await page.locator("h1").click()
        for key in "nn":
            await page.keyboard.press(key)
        await page.keyboard.press("o")
        await page.wait_for_selector("mark#quote")
        await page.wait_for_load_state()
        second = await page.text_content("mark#quote")
        assert second is not None
        await page.keyboard.press("p")
        await expect(page.locator("mark#quote")).not_to_have_text(second)
        await page.wait_for_load_state()
        await page.keyboard.press("n")
        await expect(page.locator("mark#quote")).to_have_text(second)


async def test_a_quote_is_copied_with_its_source(library: Library) -> None:
    async with visiting(library, permissions=["clipboard-read", "clipboard-write"]) as visit:
        page = visit.page
        await visit.open(f"/?q={QUESTION}")
        quote = await page.locator("blockquote").first.text_content()
        await page.locator("figure.quote figcaption > a").first.click()
        await page.click("[data-copy]")
        await page.wait_for_selector("text=Copied")
        copied = await page.evaluate("navigator.clipboard.readText()")
    assert quote is not None
    assert copied.startswith(f"“{quote}” — Taliban fighters")
    assert "10 July 2021" in copied
    assert f"{visit.url}/d/" in copied


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, PHONE | {"locale": "fa"}])
async def test_nothing_serious_is_inaccessible(library: Library, look: dict[str, Any]) -> None:
    async with visiting(library, **look) as visit:
        found = {}
        lists = ("/library", "/speakers", "/speakers?said=Tariq Arian", "/library/health")
        for path in ("/", "/no", "/check", *lists, f"/?q={UNANSWERED}", f"/?q={QUESTION}"):
            await visit.open(path)
            found[path] = await visit.problems()
        await visit.page.locator("figure.quote figcaption > a").first.click()
        await visit.page.wait_for_selector("mark#quote")
        found["document"] = await visit.problems()
        await visit.page.locator("form.keep button").click()
        await visit.page.wait_for_selector("form.keep button:disabled")
        await visit.open("/clippings")
        assert await visit.page.locator("blockquote").count() == 1
        found["clippings"] = await visit.problems()
        await visit.page.locator("form.keep button").click()
        await visit.page.wait_for_selector("p.said")
    assert {path: problems for path, problems in found.items() if problems} == {}


TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz012345"
THEME = {
    "bg_color": "#17212b",
    "text_color": "#f5f5f5",
    "hint_color": "#708499",
    "link_color": "#6ab3f3",
    "secondary_bg_color": "#232e3c",
}


def opened_by(user_id: int, theme: str) -> str:
    """Return the fragment by which Telegram tells a Mini App who opened it, and its colours."""
    return "#" + urlencode(
        {
            "tgWebAppData": init_data(user_id, TOKEN),
            "tgWebAppVersion": "8.0",
            "tgWebAppPlatform": "android",
            "tgWebAppThemeParams": theme,
        },
        quote_via=percent_encode,
    )


def quotes_of_seed(library: Library) -> list[Quote]:
    """Return two sentences of the article that ships."""
    (document,) = library.documents()
    text = library.store.outline(document.id).text
    first = text.index("In the past week")
    end = text.index(".", first) + 1
    second = end + len(text[end:]) - len(text[end:].lstrip())
    spans = [Span(at, text.index(".", at) + 1) for at in (first, second)]
    return [Quote(document, span, span.cut(text), paragraph=2, score=1.0) for span in spans]


@pytest.mark.parametrize(
    ("theme", "colour"),
    [
        (json.dumps(THEME), "rgb(23, 33, 43)"),
        (json.dumps(THEME | {"text_color": "#18222c"}), "rgb(251, 250, 247)"),
        ('{"bg_color": "red; }", "text_color": 7}', "rgb(251, 250, 247)"),
        ("{", "rgb(251, 250, 247)"),
    ],
    ids=["dark", "unreadable", "no colours", "damaged"],
)
async def test_a_mini_app_leads_to_the_quote_in_its_colours(
    library: Library, theme: str, colour: str
) -> None:
    quotes = quotes_of_seed(library)
    chats = Chats(
        Signer(b"secret", 60.0),
        TOKEN,
        may_read=lambda chat: chat == 1,
        quotes_of=lambda _answer, _chat: quotes,
    )
    async with visiting(library, chats, **PHONE) as visit:
        page = visit.page
        await visit.open(app_path(quotes[0], "answer") + opened_by(1, theme))
        mark = page.locator("mark#quote")
        for quote in quotes:
            await expect(mark).to_have_text(quote.text)
            paper = await page.evaluate(
                "getComputedStyle(document.documentElement).backgroundColor"
            )
            assert paper == colour
            assert await visit.problems() == []
            if await page.locator("a[rel=next]").count():
                await page.locator("a[rel=next]").click()
        assert "tgWebApp" not in page.url
        assert await page.locator("header nav").count() == 0


async def test_a_mini_app_opened_elsewhere_shows_nothing(library: Library) -> None:
    (quote, _other) = quotes_of_seed(library)
    chats = Chats(Signer(b"secret", 60.0), TOKEN, may_read=lambda chat: chat == 1)
    async with visiting(library, chats) as visit:
        for fragment in ("", opened_by(2, "{}")):
            await visit.open("/no")
            await visit.open(app_path(quote) + fragment)
            await expect(visit.page.locator("h1.refusal")).to_contain_text("opens from its button")
            assert await visit.page.locator("mark").count() == 0
        visit.errors[:] = [error for error in visit.errors if "status of 403" not in error]


async def test_pages_load_nothing_from_elsewhere(library: Library) -> None:
    async with visiting(library) as visit:
        asked: list[str] = []
        visit.page.on("request", lambda request: asked.append(request.url))
        await visit.open(f"/?q={QUESTION}")
    assert {url.startswith(visit.url) for url in asked} == {True}


@pytest.mark.parametrize(
    "text",
    [
        "They left.",
        "One thing — the US-led forces, he said, left “Kabul” (and more) by the end of August.",
        "Profit & loss: 100 % of #1, the co-operative's year-end figures, were re-stated in May.",
        "قال مدير الميناء، الذي طلب عدم ذكر اسمه، إن السفن الاثنتي عشرة ستغادر في أول مارس.",
        "港は氷のため冬の間ずっと閉鎖され、十二隻の船が三月一日まで外で待っていたと港長は述べた。"
        * 3,
    ],
    ids=["short", "dashes", "signs", "arabic", "japanese"],
)
async def test_a_source_on_the_web_is_opened_at_the_quote(text: str) -> None:
    source = replace(document(), metadata=Metadata(url="https://a.example/page"))
    address = original_url(shown_quote(text, source=source))
    filler = "<p>Nothing of the kind is told in this paragraph.</p>" * 200
    page_of_source = f"<!doctype html><meta charset=utf-8>{filler}<p>{escape(text)}</p>{filler}"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox"]
        )
        page = await browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        await page.route(
            "https://a.example/*",
            lambda route: route.fulfill(
                body=page_of_source, content_type="text/html; charset=utf-8"
            ),
        )
        await page.goto(str(address))
        await page.wait_for_function("scrollY > 0")
        paragraph = page.locator("p").nth(200)
        box = await paragraph.bounding_box()
        await browser.close()
    assert box is not None
    assert 0 <= box["y"] < 720
