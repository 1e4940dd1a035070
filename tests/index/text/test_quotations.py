"""What a draft quotes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.core.documents import Span
from index.text.quotations import find_quotations


def quoted(draft: str) -> list[str]:
    return [one.text for one in find_quotations(draft)]


@pytest.mark.parametrize(
    "draft",
    [
        'He said "the border is open" today.',
        "He said “the border is open” today.",
        "Er sagte „the border is open“ heute.",
        "Он сказал «the border is open» сегодня.",
        "Er sagte »the border is open« heute.",
        "He said ‘the border is open’ today.",
        "> the border is open\n\nSo he said.",
        "He said:\n\n> the border is open\n",
        "(“the border is open”)",
    ],
)
def test_each_kind_of_mark(draft: str) -> None:
    assert quoted(draft) == ["the border is open"]


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        ("The “so-called” plan, a “fake”.", ["so-called"]),
        ("“The border,” he said, “is open.”", ["The border,", "is open."]),
        ("“He told me ‘go home’ twice.”", ["He told me ‘go home’ twice."]),
        ("‘It doesn’t matter at all,’ she said.", ["It doesn’t matter at all,"]),
        ("The dogs’ owner and the cats’ owner met.", []),
        ('A 6" pipe and an 8" pipe.', []),
        ("“One of it.\n\n“Two of it,” he said.", ["One of it.", "Two of it,"]),
        ("“Never closed.\n\nNext paragraph.", []),
        (
            "> He said “the border is open”.\n> More.\n>\n> Another one.",
            [
                "He said “the border is open”.\nMore.",
                "Another one.",
            ],
        ),
        ("“«a b» and c”", ["«a b» and c"]),
        ("", []),
    ],
)
def test_what_is_a_quotation(draft: str, found: list[str]) -> None:
    assert quoted(draft) == found


def test_given_block_quotes_hold_no_other() -> None:
    draft = "Intro.\n\nHe said “it is open” then."
    (found,) = find_quotations(draft, [Span(8, len(draft))])
    assert found.text == "He said “it is open” then."


@given(st.text(st.sampled_from("ab “”\"'‘’«»„>\n"), max_size=80))
def test_they_lie_in_the_draft_one_after_the_other(draft: str) -> None:
    found = find_quotations(draft)
    end = 0
    for one in found:
        assert end <= one.span.start < one.span.end <= len(draft)
        end = one.span.end
