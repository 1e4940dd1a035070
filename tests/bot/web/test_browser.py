"""The reading room as a person sees it, in headless Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright, expect

from index.core.settings import IndexSettings
from index.library import Library
from tests.support.web import CHROMIUM, needs_chromium, serving

pytestmark = [pytest.mark.slow, needs_chromium]

QUESTION = "Which borders did the Taliban reach?"
UNANSWERED = "Which borders did the Taliban reach in 2019?"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True}
SERIOUS = {"serious", "critical"}


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
async def visiting(library: Library, **options: Any) -> AsyncIterator[Visit]:
    """Open a browser on the reading room."""
    async with serving(library) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox"]
        )
        context = await browser.new_context(**options)
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
        assert await mark.inner_text() == quote
        assert await mark.locator("b").all_text_contents()
        box = await mark.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < page.viewport_size["height"]  # type: ignore[index]
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
        for path in ("/", "/no", "/library", f"/?q={UNANSWERED}", f"/?q={QUESTION}"):
            await visit.open(path)
            found[path] = await visit.problems()
        await visit.page.locator("figure.quote figcaption > a").first.click()
        await visit.page.wait_for_selector("mark#quote")
        found["document"] = await visit.problems()
    assert {path: problems for path, problems in found.items() if problems} == {}


async def test_pages_load_nothing_from_elsewhere(library: Library) -> None:
    async with visiting(library) as visit:
        asked: list[str] = []
        visit.page.on("request", lambda request: asked.append(request.url))
        await visit.open(f"/?q={QUESTION}")
    assert {url.startswith(visit.url) for url in asked} == {True}
