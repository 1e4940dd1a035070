"""Compares the paragraphs that libraries find in PDFs, and the order of their words.

    python -m tests.benchmarks.pdf_layout FOLDER [READER ...]

Every PDF below FOLDER counts that has 1,500 characters on at most 40 pages. A paragraph is cut if
it begins in lower case after one without an end mark. Where a file is tagged, or a `.md` of its
name lies in FOLDER, that is the reference: for runs of four words (F1, the mean of files), and for
the beginnings of its paragraphs (F1 over all). Readers that are not installed are left out.
"""

from __future__ import annotations

import ctypes
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium
import regex
from pypdfium2 import raw

from index.core.errors import DocumentError
from index.parsers import parse

_MIN_CHARS, _MAX_PAGES, _MAX_DEPTH = 1500, 40, 60
_RUN, _START = 4, 3
_ENDS = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
_BLOCKS = re.compile(r"P|H\d?|LI|TR|Caption|Note|Figure|Formula|Title|TOCI|BlockQuote|FENote")

Read = Callable[[bytes], list[str]]
"""Returns the paragraphs of a PDF."""


class File(NamedTuple):
    path: Path
    data: bytes
    pages: int
    reference: list[str] | None


class Score(NamedTuple):
    order: float
    starts: tuple[int, int, int]


def main(folder: Path, names: Sequence[str]) -> None:
    files = list(_files(folder))
    known = sum(file.reference is not None for file in files)
    print(
        f"{len(files)} files, {sum(file.pages for file in files)} pages, {known} with a reference"
    )
    print("| reader | paragraphs | cut | order F1 | starts F1 | ms a page | failed |")
    print("|---|---|---|---|---|---|---|")
    for name, read in _readers().items():
        if not names or name in names:
            print(f"| {name} | {_row(files, read)} |", flush=True)


def _row(files: Sequence[File], read: Read) -> str:
    paragraphs = cut = failed = 0
    scores = []
    begun = time.perf_counter()
    found = []
    for file in files:
        try:
            found.append(read(file.data))
        except Exception:  # noqa: BLE001  # whatever a library raises about a damaged file
            failed += 1
            found.append([])
    ms = (time.perf_counter() - begun) * 1000 / sum(file.pages for file in files)
    for file, texts in zip(files, found, strict=True):
        paragraphs += len(texts)
        cut += sum(map(_is_cut, texts, texts[1:]))
        if file.reference is not None:
            scores.append(_score(file.reference, texts))
    order = statistics.mean(score.order for score in scores) if scores else 0
    right, given, wanted = (sum(column) for column in zip(*(s.starts for s in scores), strict=True))
    starts = 2 * right / (given + wanted)
    share = f"{100 * cut / max(paragraphs, 1):.1f} %"
    return f"{paragraphs} | {share} | {order:.3f} | {starts:.3f} | {ms:.1f} | {failed}"


def _is_cut(before: str, after: str) -> bool:
    return after[:1].islower() and not _ENDS.search(before)


def _score(reference: list[str], found: list[str]) -> Score:
    wanted, given = _runs(" ".join(reference)), _runs(" ".join(found))
    order = 2 * (wanted & given).total() / max(wanted.total() + given.total(), 1)
    right, mine = _starts(reference), _starts(found)
    return Score(order, ((right & mine).total(), mine.total(), right.total()))


def _words(text: str) -> list[str]:
    return regex.findall(r"\w+", text.casefold())


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _words(text)
    return Counter(tuple(words[at : at + _RUN]) for at in range(max(0, len(words) - _RUN + 1)))


def _starts(texts: list[str]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[:_START]) for words in map(_words, texts) if len(words) >= _START)


def _files(folder: Path) -> Iterator[File]:
    texts = {path.stem: path for path in folder.rglob("*.md")}
    seen = set()
    for path in sorted(folder.rglob("*.pdf")):
        data = path.read_bytes()
        if data in seen:
            continue
        seen.add(data)
        try:
            document = pdfium.PdfDocument(data)
            pages = len(document)
            chars = sum(page.get_textpage().count_chars() for page in document) * (
                pages <= _MAX_PAGES
            )
        except pdfium.PdfiumError:
            continue
        if chars >= _MIN_CHARS:
            reference = _tagged(document)
            if path.stem in texts:
                reference = _markdown(texts[path.stem].read_text("utf-8"))
            yield File(path, data, pages, reference)


def _markdown(source: str) -> list[str]:
    plain = re.sub(r"<!--.*?-->|^[#> ]+|[*_`\\]", "", source, flags=re.MULTILINE | re.DOTALL)
    blocks = re.split(r"\n\s*\n|\n(?=[|-])", plain)
    return [text for block in blocks if (text := " ".join(block.split()))]


def _tagged(document: pdfium.PdfDocument) -> list[str] | None:
    """The blocks of a tagged PDF in the order of its tags, None if these cover too little."""
    found: list[str] = []
    tagged = every = 0
    for page in document:
        textpage = page.get_textpage()
        marked: defaultdict[int, list[str]] = defaultdict(list)
        for at in range(textpage.count_chars()):
            text_object = raw.FPDFText_GetTextObject(textpage.raw, at)
            mark = raw.FPDFPageObj_GetMarkedContentID(text_object) if text_object else -1
            marked[mark].append(chr(raw.FPDFText_GetUnicode(textpage.raw, at)))
        tree = raw.FPDF_StructTree_GetForPage(page.raw)
        blocks: list[list[int]] = [[]]
        for at in range(raw.FPDF_StructTree_CountChildren(tree) if tree else 0):
            _walk(raw.FPDF_StructTree_GetChildAtIndex(tree, at), blocks, 0)
        for block in blocks:
            text = " ".join("".join("".join(marked[mark]) + " " for mark in block).split())
            found.extend([text] if text else [])
            tagged += sum(len(marked[mark]) for mark in block)
        every += sum(map(len, marked.values()))
    return found if tagged > every / 2 else None


def _walk(
    element: raw.FPDF_STRUCTELEMENT, blocks: list[list[int]], depth: int, in_row: bool = False
) -> None:
    if not element or depth > _MAX_DEPTH:
        return
    size = raw.FPDF_StructElement_GetType(element, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDF_StructElement_GetType(element, buffer, size)
    kind = buffer.raw.decode("utf-16-le").rstrip("\0")
    is_block = not in_row and bool(_BLOCKS.fullmatch(kind))
    if is_block:
        blocks.append([])
    for at in range(raw.FPDF_StructElement_CountChildren(element)):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, at)
        if child:
            _walk(child, blocks, depth + 1, in_row or kind == "TR")
        elif (mark := raw.FPDF_StructElement_GetChildMarkedContentID(element, at)) >= 0:
            blocks[-1].append(mark)
    if is_block:
        blocks.append([])


def _readers() -> dict[str, Read]:
    found: dict[str, Read] = {"onrecord": _own, "pypdfium2": _pypdfium2}
    others = {
        "pdfminer": ("pdfminer.six", _pdfminer),
        "pdftext": ("pdftext", _pdftext),
        "pypdf": ("pypdf", _pypdf),
        "pdfplumber": ("pdfplumber", _pdfplumber),
    }
    found |= {name: read for module, (name, read) in others.items() if find_spec(module)}
    return found


def _paragraphs(text: str) -> list[str]:
    return [clean for block in re.split(r"\n\s*\n", text) if (clean := " ".join(block.split()))]


def _own(data: bytes) -> list[str]:
    try:
        return _paragraphs(parse("a.pdf", data).text)
    except DocumentError as error:
        if "OCR" in error.reason or "nothing to quote" in error.reason:
            return []
        raise


def _pypdfium2(data: bytes) -> list[str]:
    pages = [page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(data)]
    return [line for page in pages for line in map(str.strip, page.splitlines()) if line]


def _pdfminer(data: bytes) -> list[str]:
    from pdfminer.high_level import extract_pages  # noqa: PLC0415
    from pdfminer.layout import LAParams, LTTextBox  # noqa: PLC0415

    pages = extract_pages(BytesIO(data), laparams=LAParams())
    boxes = [box.get_text() for page in pages for box in page if isinstance(box, LTTextBox)]
    return [text for box in boxes if (text := " ".join(box.split()))]


def _pdftext(data: bytes) -> list[str]:
    from pdftext.extraction import dictionary_output  # noqa: PLC0415

    pages = dictionary_output(BytesIO(data), sort=True, disable_links=True)
    blocks = [
        " ".join(span["text"] for line in block["lines"] for span in line["spans"])
        for page in pages
        for block in page["blocks"]
    ]
    return [text for block in blocks if (text := " ".join(block.split()))]


def _pypdf(data: bytes) -> list[str]:
    from pypdf import PdfReader  # noqa: PLC0415

    return [p for page in PdfReader(BytesIO(data)).pages for p in _paragraphs(page.extract_text())]


def _pdfplumber(data: bytes) -> list[str]:
    import pdfplumber  # noqa: PLC0415

    with pdfplumber.open(BytesIO(data)) as document:
        return [
            line["text"] for page in document.pages for line in page.extract_text_lines(strip=True)
        ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
