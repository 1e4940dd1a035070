"""A quote of a book has its page in print, or that of the fixed layout."""

from __future__ import annotations

import pytest

from index.core.documents import Parsed
from index.parsers.epub_pages import PageMarks
from tests.index.parsers.test_epub import NAV, NCX, epub, package, page, quotable

BREAK = '<span epub:type="pagebreak" id="p{0}" title="{0}"/>'
ROLE = '<span role="doc-pagebreak" id="p{0}" aria-label=" page {0} "></span>'
SHOWN = '<a epub:type="pagebreak" id="p{0}">{0}</a>'
BLOCK = '<div epub:type="pagebreak" id="p{0}" title="{0}">{0}</div>'
HIDDEN = '<span hidden="" epub:type="pagebreak" title="{0}">{0}</span>'
FIXED = '<meta property="rendition:layout">pre-paginated</meta>'


def pages(parsed: Parsed) -> list[tuple[str, int]]:
    """Return each paragraph, and the page on which it begins; 0 for none."""
    return [
        (one.span.cut(parsed.text), sum(at <= one.span.start for at in parsed.pages))
        for one in parsed.paragraphs
    ]


@pytest.mark.parametrize("mark", [BREAK, ROLE, SHOWN, BLOCK, HIDDEN])
def test_marks_in_the_text(mark: str) -> None:
    at_7, at_8, at_9 = map(mark.format, (7, 8, 9))
    within = at_8 if "<div" not in mark else ""
    body = (
        f"<p>It was late.</p>{at_7}<p>It rained. He {within} slept.</p>{at_9}<h2>A</h2><p>On.</p>"
    )
    parsed = epub(one=page(body))
    assert pages(parsed)[:3] == [("It was late.", 0), ("It rained. He slept.", 7), ("On.", 9)]
    if within:
        assert parsed.text[parsed.pages[7] :].startswith("slept.")
    assert not set(parsed.text) & set("\ufeff\u2060\u200b")


def test_marks_that_only_the_list_of_pages_names() -> None:
    nav = NAV.replace('href="text/two.xhtml">7<', 'href="text/two.xhtml#b">12<')
    two = page('<p>It stopped.</p><p id="b">It was dark.</p>')
    parsed = epub(**{"OEBPS/nav.xhtml": nav, "OEBPS/text/two.xhtml": two})
    assert pages(parsed)[-2:] == [("It stopped.", 0), ("It was dark.", 12)]


def test_a_whole_part() -> None:
    assert pages(epub())[-1] == ("It stopped.", 7)


def test_the_older_list() -> None:
    target = (
        '<pageList><pageTarget type="normal" value="3"><navLabel><text>3</text></navLabel>'
        '<content src="text/two.xhtml"/></pageTarget></pageList></ncx>'
    )
    parsed = epub(ncx=NCX.replace("</ncx>", target), **{"OEBPS/nav.xhtml": page("")})
    assert pages(parsed)[-1] == ("It stopped.", 3)


def test_roman_and_disordered_numbers_are_none_of_it() -> None:
    marks = "".join(f"{BREAK.format(name)}<p>On {name}.</p>" for name in ("xii", 2, 9000000, 1, 4))
    found = pages(epub(one=page(marks)))
    assert [number for _, number in found] == [0, 2, 2, 2, 4, 7]


def test_pages_without_a_mark_are_empty() -> None:
    parsed = epub(one=page(f"<p>It {BREAK.format(3)}was.</p><p>So {BREAK.format(5)}it is.</p>"))
    assert len(parsed.pages) == 7
    assert parsed.pages[0] == parsed.pages[2] < parsed.pages[3] == parsed.pages[4]


def test_a_fixed_layout() -> None:
    opf = package().replace("</metadata>", f"{FIXED}</metadata>")
    lines = (
        "<h1>The Fox</h1><div>The fox</div><div>sleeps in</div><div>the mill.</div><div>So</div>"
    )
    parsed = epub(opf=opf, one=page(f"<h1>The Fox</h1>{lines}"), **{"OEBPS/nav.xhtml": page("")})
    assert pages(parsed) == [
        ("The fox sleeps in the mill.", 2),
        ("So", 2),
        ("It stopped.", 3),
    ]


def test_a_book_without_marks_has_no_pages() -> None:
    parsed = epub(**{"OEBPS/nav.xhtml": page("")})
    assert parsed.pages == ()
    assert quotable(parsed)[0] == "It was a dark night."


def test_many_marks_take_little_time() -> None:
    marks = PageMarks()
    for number in range(1, 10_000):
        marks.add([(0, number)], number)
    assert len(marks.pages()) == 9_999
