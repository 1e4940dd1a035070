"""Pages as sites write them: no word of the article is lost, and none of the page is added."""

from __future__ import annotations

import json
from datetime import date, time

import pytest

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers import parse
from tests.support.containers import check, headings, quotable

FIRST = (
    "The road to the lake was closed on Tuesday after a lorry had lost its load of gravel there."
)
SECOND = "It will be open again by the weekend, a spokeswoman of the county told us in the evening."
THIRD = "Until then buses take the way through the forest, which is nine kilometres longer."


def page(body: str, head: str = "<title>Road closed</title>") -> Parsed:
    source = f"<html lang=en><head>{head}</head><body>{body}</body></html>"
    return check(parse("a.html", source.encode()))


def article(*inside: str) -> list[str]:
    return quotable(page(f"<article><h1>Road closed</h1>{''.join(inside)}</article>"))


def linked(**fields: object) -> str:
    data = {"@type": "NewsArticle", "headline": "Road closed", **fields}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_comments_amid_a_sentence() -> None:
    lines = article(f"<p>{FIRST}</p><p>And <!-- -->nine<!-- --> buses, <b>$<!-- -->4</b> each.</p>")
    assert lines == [FIRST, "And nine buses, $4 each."]


def test_cells_and_items_that_are_only_a_name() -> None:
    rows = "".join(
        f"<tr><td>{name}</td><td>{n}</td></tr>" for n, name in enumerate(("Xing", "Ford"))
    )
    items = "".join(f"<li>{name}</li>" for name in ("Google", "Etsy", "Pinterest"))
    source = f"<p>{FIRST}</p><table>{rows}</table><p>{SECOND}</p><ul>{items}</ul><p>{THIRD}</p>"
    assert article(source) == [
        FIRST, "Xing | 0", "Ford | 1", SECOND, "Google", "Etsy", "Pinterest", THIRD
    ]  # fmt: skip


def test_empty_cells_keep_their_place() -> None:
    table = (
        "<table><tr><th></th><th>2022</th><th>2023</th></tr><tr><td>Oak Road</td><td></td>"
        "<td>61</td></tr><tr><td></td><td>59</td><td></td></tr><tr><td></td><td></td></tr></table>"
    )
    assert article(f"<p>{FIRST}</p><p>{SECOND}</p>{table}<p>{THIRD}</p>")[2:-1] == [
        "| 2022 | 2023",
        "Oak Road | | 61",
        "| 59 |",
    ]


def test_a_sentence_in_a_heading_tag_is_text_and_no_section() -> None:
    parsed = page(
        f"<article><h1>Road closed</h1><h2>{FIRST}</h2><p>{SECOND}</p><h3>How long?</h3>"
        f"<p>{THIRD}</p></article>"
    )
    assert quotable(parsed) == [FIRST, SECOND, THIRD]
    assert headings(parsed) == ["", "", "How long?"]


@pytest.mark.parametrize("kind", ["json", "liveblog", "Live-Ticker", "c-live-feed", "title"])
def test_each_post_of_a_live_blog_has_its_heading_and_time(kind: str) -> None:
    posts = "".join(
        f'<article id="p{day}"><time datetime="2022-11-0{day}T14:05:00Z">14:05</time>'
        f"<h2>On day {day}</h2><p>{text}</p></article>"
        for day, text in ((6, FIRST), (5, SECOND), (4, THIRD))
    )
    head = linked(**{"@type": "LiveBlogPosting"}) if kind == "json" else ""
    canonical = '<link rel="canonical" href="https://n.example/live">'
    around = f'<div class="{kind}">{posts}</div>'
    title = "Live: " * (kind == "title") + "Storm"
    parsed = page(f"<main><h1>{title}</h1>{around}</main>", head + canonical)
    assert quotable(parsed) == [FIRST, SECOND, THIRD]
    assert headings(parsed) == ["On day 6", "On day 5", "On day 4"]
    entries = [parsed.entry_at(paragraph.span.start) for paragraph in parsed.paragraphs]
    assert [(one.published, one.time, one.url) for one in entries if one] == [
        (date(2022, 11, day), time(14, 5), f"https://n.example/live#p{day}") for day in (6, 5, 4)
    ]


def test_dated_parts_of_another_page_are_no_posts() -> None:
    parts = "".join(
        f'<section><time datetime="2022-11-06T14:05:00Z">14:05</time><p>{text}</p></section>'
        for text in (FIRST, SECOND)
    )
    parsed = page(f"<main><h1>People who live by the river</h1><div>{parts}</div></main>")
    assert parsed.entries == ()


class TestDescribedBody:
    def test_it_is_read_where_the_page_shows_next_to_nothing(self) -> None:
        body = f"<p>{FIRST} {SECOND}</p><p>{THIRD} &amp; so on.</p>"
        shown = f"<div class='image__title'><p>{FIRST[:60]} Photo: NTB</p></div>"
        parsed = page(f"<div id=app>{shown}</div>", linked(articleBody=body))
        assert quotable(parsed) == [f"{FIRST} {SECOND}", f"{THIRD} & so on."]

    def test_what_the_page_shows_counts_more(self) -> None:
        parsed = page(
            f"<article><p>{FIRST}</p><p>{SECOND}</p></article>", linked(articleBody=FIRST)
        )
        assert quotable(parsed) == [FIRST, SECOND]

    def test_a_page_without_either_says_so(self) -> None:
        with pytest.raises(DocumentError, match="no article in it"):
            page("<div class='image'><p>The bridge in the evening. Photo: NTB</p></div>")


class TestMetadata:
    def test_the_day_of_a_teaser_is_not_that_of_the_article(self) -> None:
        teasers = "".join(
            f'<div class="teaser"><span class="date">0{n}.08.2019</span> '
            f'<a href="/{n}">Apples from the north</a></div>'
            for n in (1, 2)
        )
        box = "<ul><li><strong>Date</strong> 10.06.2013</li></ul>"
        parsed = page(
            f"<div class=main><h1>Pears</h1><p>{FIRST}</p><p>{SECOND}</p></div>{teasers}{box}",
            "<title>Pears | Field News | 10.06.2013</title>",
        )
        assert parsed.metadata.published == date(2013, 6, 10)
        assert parsed.metadata.publisher == "Field News"
        assert quotable(parsed) == [FIRST, SECOND]

    def test_an_author_is_a_name(self) -> None:
        head = '<title>Road</title><meta name="author" content="View all posts by Ann B. Lee">'
        assert page(f"<p>{FIRST}</p>", head).metadata.author == "Ann B. Lee"


@pytest.mark.parametrize(
    "byline",
    [
        '<p class="byline">By Nora Quist, 4 May 2021</p>',
        "<p>By Nora Quist</p>",
        '<div class="byline">By <a href=/x>Nora Quist</a> <time>4 May</time></div>',
        '<div class="post-meta">4 May 2021</div>',
    ],
)
def test_a_short_item_keeps_its_parts(byline: str) -> None:
    short = ["A shot was fired at the mill. Nobody was hurt.", "Police look for a man."]
    nav = "<header><nav><a href=/>Home</a> <a href=/s>Sport</a></nav></header>"
    text = f"<h1>Road closed</h1>{byline}<p>{short[0]}</p><p>{short[1]}</p>"
    body = f"{nav}<article>{text}</article><footer>Contact us | Privacy</footer>"
    assert quotable(page(body)) == short


class TestParagraphs:
    def test_two_line_breaks_end_one(self) -> None:
        assert article(f"<div>{FIRST}<br><br>\n{SECOND}<br>On two lines.</div>") == [
            FIRST,
            f"{SECOND}\nOn two lines.",
        ]

    def test_empty_lines_in_preformatted_text_end_one(self) -> None:
        wrapped = FIRST.replace("after a", "after\na")
        assert article(f"<pre>{wrapped}\n\n{SECOND}\n</pre>") == [wrapped, SECOND]


class TestScripts:
    @pytest.mark.parametrize(
        ("source", "read"),
        [
            ("3.2 &times; 10<sup>6</sup> tonnes", "3.2 × 10⁶ tonnes"),
            ("5 &times; 10<sup>&minus;9</sup> grams", "5 × 10⁻⁹ grams"),
            ("2<sup>k+1</sup> rows", "2^(k+1) rows"),
            ("40 m<sup>3</sup> of CO<sub>2</sub>", "40 m³ of CO₂"),
            ("one quarter<sup>1</sup> of it<sup>[2]</sup>", "one quarter of it"),
            ("the 19<sup>th</sup> time", "the 19th time"),
            ("48<sup>1</sup>/<sub>2</sub> cents", "48 1/2 cents"),
            ("Acme<sup>TM</sup> paint", "AcmeTM paint"),
        ],
    )
    def test_powers_stay_and_marks_of_notes_go(self, source: str, read: str) -> None:
        assert (
            article(f"<p>{FIRST}</p><p>It was {source} at last.</p>")[1]
            == f"It was {read} at last."
        )


class TestOutOfSight:
    @pytest.mark.parametrize(
        "extra",
        [
            "<p hidden>Draft: it cost too much.</p>",
            '<p style="display:none">Nobody sees this text on the page at all.</p>',
            "<noscript><p>Please enable JavaScript to see this page.</p></noscript>",
            "<amp-sidebar layout=nodisplay><ul><li>Home</li><li>Sport</li></ul></amp-sidebar>",
            '<div class="paywall"><h3>Subscribe to read on</h3><p>Get access for $1.</p></div>',
            "<p>Already a subscriber? Sign in.</p>",
        ],
    )
    def test_it_is_not_quoted(self, extra: str) -> None:
        assert article(f"<p>{FIRST}</p>{extra}<p>{SECOND}</p><p>{THIRD}</p>") == [
            FIRST,
            SECOND,
            THIRD,
        ]

    def test_an_article_behind_a_paywall_is_read_if_it_is_in_the_page(self) -> None:
        assert article(f'<div class="paywall"><p>{FIRST}</p><p>{SECOND}</p></div>') == [
            FIRST,
            SECOND,
        ]

    def test_a_page_that_is_all_hidden_until_its_script_has_run_is_read(self) -> None:
        hidden = f'<div style="display:none"><p>{FIRST}</p><p>{SECOND}</p></div>'
        assert quotable(page(hidden)) == [FIRST, SECOND]


def test_soft_hyphens_are_no_part_of_a_word() -> None:
    assert article(f"<p>{FIRST}</p><p>Der Bürger&shy;meister will sie öffnen.</p>")[1] == (
        "Der Bürgermeister will sie öffnen."
    )
