"""Presentations are read slide by slide, in the order in which they are shown."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

from index.core.documents import Parsed
from index.parsers import parse
from tests.support.containers import check, headings, quotable, with_member
from tests.support.office import pptx, shape, table


def page_of(parsed: Parsed, text: str) -> int:
    at = parsed.text.index(text)
    return max(number for number, start in enumerate(parsed.pages, 1) if start <= at)


def test_slides_in_order_with_titles_as_headings() -> None:
    slides = [
        shape("The harbour", role="ctrTitle") + shape("It was built in 1904."),
        shape("Costs", role="title") + shape("The wall costs most.", "The crane comes next."),
    ]
    parsed = check(parse("a.pptx", pptx(slides)))
    assert quotable(parsed) == [
        "It was built in 1904.",
        "The wall costs most.",
        "The crane comes next.",
    ]
    assert headings(parsed) == ["The harbour", "Costs", "Costs"]
    assert [page_of(parsed, text) for text in ("It was", "The crane")] == [1, 2]


def test_rows_of_a_table_keep_empty_cells() -> None:
    rows = [["Street", "2022", "2023"], ["Mill Road", "", "610"]]
    parsed = check(parse("a.pptx", pptx([shape("Rents", role="title") + table(rows)])))
    assert quotable(parsed) == ["Street | 2022 | 2023", "Mill Road | | 610"]


def test_notes_follow_their_slide_and_footers_are_left_out() -> None:
    slides = [
        shape("The harbour", role="title") + shape("Page 1 of 2", role="sldNum"),
        shape("The second slide ends it."),
    ]
    notes = [shape("The speaker thanked the mayor.") + shape("1", role="sldNum")]
    parsed = check(parse("a.pptx", pptx(slides, notes)))
    assert quotable(parsed) == ["The speaker thanked the mayor.", "The second slide ends it."]
    assert page_of(parsed, "The speaker") == 1
    assert "Page 1 of 2" not in parsed.text


def test_a_hidden_slide_is_not_read_but_counts() -> None:
    slides = [shape("Nobody sees it."), shape("All see it.")]
    parsed = check(parse("a.pptx", pptx(slides, hidden=[0])))
    assert quotable(parsed) == ["All see it."]
    assert page_of(parsed, "All see it.") == 2


def test_shapes_in_a_group() -> None:
    grouped = f"<p:grpSp>{shape('The red fox sleeps.')}</p:grpSp>"
    assert quotable(parse("a.pptx", pptx([grouped]))) == ["The red fox sleeps."]


def test_a_slide_without_a_relation_costs_itself_alone() -> None:
    made = pptx([shape("The fox sleeps."), shape("The dog barks.")])
    with ZipFile(BytesIO(made)) as archive:
        main = archive.read("ppt/presentation.xml").decode()
    damaged = re.sub(r' r:id="[^"]*"', "", main, count=1)
    assert damaged != main
    parsed = parse("a.pptx", with_member(made, "ppt/presentation.xml", damaged))
    assert quotable(check(parsed)) == ["The dog barks."]
