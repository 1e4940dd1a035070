"""Files to read: Markdown and Word."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from bot.exports.references import Reference, printable
from bot.texts.clippings import export_title, facts

_MARKS = re.compile(r"([\\`*_\[\]<>&|~$])")
_BEGINNING = re.compile(r"^(\s*)([#+\-=:]|\d+(?=[.)]))")
_EDGE = re.compile(r"^[ \t]+|[ \t]+$")


def markdown(references: Sequence[Reference]) -> str:
    """Return block quotes, each below its title and above its citation."""
    blocks = [f"# {escaped(export_title())}"]
    for number, one in enumerate(references, 1):
        blocks.append(f"## {number}. {escaped(one.title)}")
        blocks.append("\n".join(f"> {line}".rstrip() for line in _lines(one.text)))
        blocks.append("\n".join(f"- {escaped(fact)}" for fact in facts(one.recalled, one.quote)))
    return "\n\n".join(blocks) + "\n"


def word(references: Sequence[Reference]) -> bytes:
    """Return the same as a Word document."""
    # A machine that only answers may lack the package.
    from docx import Document  # noqa: PLC0415

    made = Document()
    made.add_heading(export_title(), level=1)
    for number, one in enumerate(references, 1):
        made.add_heading(f"{number}. {printable(one.title)}", level=2)
        made.add_paragraph(printable(one.text), style="Quote")
        for fact in facts(one.recalled, one.quote):
            made.add_paragraph(printable(fact), style="List Bullet")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _lines(text: str) -> list[str]:
    """The lines of a text, escaped; a paragraph of it is one of the block quote."""
    return [escaped(line) for line in printable(text).split("\n")]


def _begin(found: re.Match[str]) -> str:
    """Escape the sign that would begin a heading, a rule or a list, or the mark after a number."""
    blank, mark = found.groups()
    return f"{blank}{mark}\\" if mark.isdecimal() else f"{blank}\\{mark}"


def escaped(text: str) -> str:
    """Return a line that Markdown shows as it is, white space at its ends included."""
    marked = _BEGINNING.sub(_begin, _MARKS.sub(r"\\\1", text))
    return _EDGE.sub(lambda edge: "".join(f"&#{ord(blank)};" for blank in edge[0]), marked)
