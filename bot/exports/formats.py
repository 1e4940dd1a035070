"""The formats of an export, and the file that each of them makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.conversation.clippings import Recalled
from bot.exports import documents, records
from bot.exports.references import Reference, references

_NAME = "clippings"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name, which is not translated, its ending and its media type."""

    label: str
    suffix: str
    media_type: str
    make: Callable[[Sequence[Reference]], str | bytes]
    encoding: str = "utf-8"

    @property
    def file_name(self) -> str:
        return f"{_NAME}.{self.suffix}"


FORMATS = {
    "markdown": Format("Markdown", "md", "text/markdown", documents.markdown),
    "word": Format(
        "Word",
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        documents.word,
    ),
    # Excel takes a table for UTF-8 only by its mark.
    "csv": Format("CSV", "csv", "text/csv", records.table, "utf-8-sig"),
    "bibtex": Format("BibTeX", "bib", "application/x-bibtex", records.bibtex),
    "ris": Format("RIS", "ris", "application/x-research-info-systems", records.ris),
}
"""By what people call them; the endings do as well, see `find_format`."""


def find_format(name: str) -> Format | None:
    """Return the format of a name or an ending."""
    wanted = name.strip().lower().removeprefix(".")
    by_suffix = {one.suffix: one for one in FORMATS.values()}
    return FORMATS.get(wanted) or by_suffix.get(wanted)


def export(chosen: Format, recalled: Iterable[Recalled]) -> tuple[bytes, int]:
    """Return a file of the quotes whose words are still there, and how many these are."""
    kept = list(references(recalled))
    made = chosen.make(kept)
    return made if isinstance(made, bytes) else made.encode(chosen.encoding, "replace"), len(kept)
