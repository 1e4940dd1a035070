"""Documents of any paragraphs, and the characters that their parts leave out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from index.core.documents import Paragraph, Parsed, Span
from index.core.errors import DocumentError

JUNK = "\n@junk@\n"
MARKS = [
    "?",
    "!",
    "...",
    "“",
    "”",
    '"',
    "—",
    "1.",
    "3.5",
    "A.",
    "😀",
    "\n",
    "\r\n",
    "\u2028",
    "\x85",
]
WORDS = st.sampled_from(["the", "Fox", "ran.", "Mr.", "U.S.", "said,", "(yes)", "x" * 130, *MARKS])
PROSE = st.lists(WORDS, min_size=1, max_size=40).map(" ".join).filter(str.strip)
ANY = (st.text(min_size=1, max_size=300) | PROSE).filter(str.strip)


@st.composite
def documents(draw: st.DrawFn, prose: st.SearchStrategy[str] = PROSE) -> Parsed:
    text, paragraphs = JUNK, []
    heading = ""
    for body in draw(st.lists(prose, min_size=1, max_size=8)):
        gap = draw(st.sampled_from(["\n\n", "\n", JUNK]))
        heading = draw(st.sampled_from([heading, heading, "One", "Two"]))
        text += gap
        stripped = body.strip()
        paragraphs.append(Paragraph(Span(len(text), len(text) + len(stripped)), heading))
        text += stripped
    return Parsed(text + JUNK, tuple(paragraphs))


def outside(span: Span, held: Sequence[Span], text: str) -> str:
    """The characters of `span` that lie in none of `held`, without white space."""
    return "".join(
        text[at]
        for at in range(span.start, span.end)
        if not text[at].isspace() and not any(one.start <= at < one.end for one in held)
    )


def check_paragraphs(parser: Callable[[str], Parsed], text: str) -> None:
    """Assert that the paragraphs of a text, if it is a document, are slices of it in order."""
    try:
        parsed = parser(text)
    except DocumentError:
        return
    at = 0
    assert parsed.text == text
    for paragraph in parsed.paragraphs:
        cut = paragraph.span.cut(text)
        assert cut
        assert cut == cut.strip()
        assert at <= paragraph.span.start
        at = paragraph.span.end


def quotable(parsed: Parsed) -> list[str]:
    return [paragraph.span.cut(parsed.text) for paragraph in parsed.paragraphs]


def headings(parsed: Parsed) -> list[str]:
    return [paragraph.heading for paragraph in parsed.paragraphs]
