"""Takes docs/room-*.webp: the reading room in Chromium, on a desk, on a phone and in the dark.

`python -m tests.screenshots` asks about the article that ships; it needs Debian's package chromium.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from playwright.async_api import Page, async_playwright

from index.core.settings import IndexSettings
from index.library import Library
from tests.support import ROOT
from tests.support.web import CHROMIUM, serving

DOCS = ROOT / "docs"
QUESTION = "which borders did the Taliban reach?"
DRAFT = (
    "In July 2021 the article said that “the Taliban has overrun areas bordering five countries”. "
    "It spoke of “US-led forces that ended their three-decade intervention”, and it quoted an "
    "officer: “we shall be back before the winter”.\n"
)
DESK: dict[str, Any] = {"viewport": {"width": 1120, "height": 760}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 780}, "is_mobile": True}
DARK = {"color_scheme": "dark"}
QUALITY = 82


async def answer(page: Page, url: str) -> None:
    await page.goto(f"{url}/?q={QUESTION}")
    await page.wait_for_selector("[data-state=answered]")


async def document(page: Page, url: str) -> None:
    await answer(page, url)
    await page.locator("figure.quote figcaption > a").first.click()
    await page.wait_for_selector("mark#quote")


async def check(page: Page, url: str) -> None:
    await page.goto(f"{url}/check")
    await page.fill("textarea[name=text]", DRAFT)
    await page.click("button[type=submit]")
    await page.wait_for_selector(".findings")


class Shot(NamedTuple):
    """A page as one device shows it."""

    visit: Callable[[Page, str], Awaitable[None]]
    device: dict[str, Any]


SHOTS = {
    "room-answer": Shot(answer, DESK),
    "room-check": Shot(check, DESK),
    "room-dark": Shot(document, DESK | DARK),
    "room-phone": Shot(document, PHONE),
}


async def take() -> dict[str, bytes]:
    """Return the pictures as WebP, by their names."""
    taken = {}
    with tempfile.TemporaryDirectory() as folder:
        library = Library(IndexSettings(_env_file=None, data=Path(folder)))
        library.index_seeds()
        async with serving(library) as url, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=str(CHROMIUM), args=["--no-sandbox"]
            )
            for name, shot in SHOTS.items():
                context = await browser.new_context(**shot.device, reduced_motion="reduce")
                page = await context.new_page()
                await shot.visit(page, url)
                taken[name] = webp(await page.screenshot())
                await context.close()
            await browser.close()
        library.close()
    return taken


def webp(png: bytes) -> bytes:
    made = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(made, "WEBP", quality=QUALITY, method=6)
    return made.getvalue()


def picture_of(name: str) -> Path:
    return DOCS / f"{name}.webp"


def main() -> None:
    for name, picture in asyncio.run(take()).items():
        picture_of(name).write_bytes(picture)
        print(f"{picture_of(name).relative_to(ROOT)}: {len(picture) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
