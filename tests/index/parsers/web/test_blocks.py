"""What stands amid the text of a web page neither cuts its sentences nor joins them."""

from __future__ import annotations

from index.parsers import parse
from tests.support.drawing import quotable

FIRST = (
    "Taliban fighters on Thursday seized two border crossings in the west of the country, "
    "officials said, on the third day of their offensive."
)
SECOND = (
    "The governor of the province told reporters that his forces had made a tactical retreat "
    "and that they would be back before the end of the week."
)


def test_inline_code_and_quotations_do_not_cut_a_sentence() -> None:
    said = "Call <code>open()</code> once, and <q>close it</q> with <code>close()</code>, he said."
    parsed = parse("a.html", f"<article><p>{FIRST}</p><p>{said}</p><p>{SECOND}</p>".encode())

    assert quotable(parsed) == [
        FIRST,
        "Call open() once, and close it with close(), he said.",
        SECOND,
    ]


def test_an_advert_amid_an_article_is_left_out() -> None:
    advert = '<div class="ad">Advertisement<p>The new phone costs only 99 dollars now.</p></div>'
    parsed = parse("a.html", f"<article><p>{FIRST}</p>{advert}<p>{SECOND}</p></article>".encode())

    assert quotable(parsed) == [FIRST, SECOND]


def test_a_long_text_in_a_class_for_adverts_is_the_article() -> None:
    long = [f"{number}. {FIRST}" for number in range(8)]
    inside = "".join(f"<p>{text}</p>" for text in long)
    parsed = parse("a.html", f'<div class="advert"><h1>Wanted</h1>{inside}</div>'.encode())

    assert quotable(parsed) == long


def test_a_page_laid_out_by_a_table_keeps_its_paragraphs() -> None:
    cell = f"<h2>In the west</h2><p>{FIRST}</p><h2>In the north</h2><p>{SECOND}</p>"
    page = f"<body><table><tr><td width=20>Links</td><td>{cell}</td></tr></table></body>"
    parsed = parse("a.html", page.encode())

    assert [quote for quote in quotable(parsed) if quote != "Links"] == [FIRST, SECOND]


def test_the_link_sign_behind_a_heading_is_no_part_of_it() -> None:
    link = '<a class="headerlink" href="#a" title="Link to this heading">¶</a>'
    page = f"<article><h1>Borders{link}</h1><p>{FIRST}</p><h2>Later{link}</h2><p>{SECOND}</p>"
    parsed = parse("a.html", page.encode())

    assert parsed.metadata.title == "Borders"
    assert [paragraph.heading for paragraph in parsed.paragraphs] == ["", "Later"]


def test_the_number_of_a_note_is_no_part_of_the_sentence() -> None:
    note = '<sup class="reference"><a href="https://en.example/dam#note-1">[1]</a></sup>'
    said = f"It fell in 1932.{note} It holds 3 km<sup>3</sup> of water.{note}"
    parsed = parse("a.html", f"<article><p>{FIRST}</p><p>{said}</p><p>{SECOND}</p>".encode())

    assert quotable(parsed) == [FIRST, "It fell in 1932. It holds 3 km³ of water.", SECOND]
