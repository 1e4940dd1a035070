"""Compares what is read of saved web pages with what people marked as their article.

    python -m tests.benchmarks.web_pages FOLDER

FOLDER is a clone of scrapinghub/article-extraction-benchmark or of mozilla/readability. Precision
and recall of runs of four words, averaged over pages as the first of them does.
readability-lxml and resiliparse are compared if they are installed.
"""

from __future__ import annotations

import gzip
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import regex
from lxml import html as lxml_html
from trafilatura import extract

from index.core.errors import DocumentError
from index.parsers import parse

_RUN = 4


class Page(NamedTuple):
    source: bytes
    article: str


def main(folder: Path) -> None:
    pages = list(_pages(folder))
    print(f"{len(pages)} pages")
    print("| extractor | F1 | precision | recall | pages that lose a tenth | ms a page |")
    print("|---|---|---|---|---|---|")
    for name, read in _extractors().items():
        begun = time.perf_counter()
        found = [read(page.source) for page in pages]
        ms = (time.perf_counter() - begun) * 1000 / len(pages)
        scores = [_score(page.article, text) for page, text in zip(pages, found, strict=True)]
        precision = statistics.mean(score[0] for score in scores)
        recall = statistics.mean(score[1] for score in scores)
        f1 = 2 * precision * recall / (precision + recall)
        losing = sum(score[1] < 0.9 for score in scores)
        print(f"| {name} | {f1:.3f} | {precision:.3f} | {recall:.3f} | {losing} | {ms:.0f} |")


def _pages(folder: Path) -> Iterator[Page]:
    truth = folder / "ground-truth.json"
    if truth.exists():
        for name, fields in json.loads(truth.read_text("utf-8")).items():
            source = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
            yield Page(source, fields["articleBody"])
    for page in sorted(folder.rglob("source.html")):
        expected = lxml_html.document_fromstring((page.parent / "expected.html").read_text("utf-8"))
        yield Page(page.read_bytes(), " ".join(expected.itertext()))


def _extractors() -> dict[str, Callable[[bytes], str]]:
    found: dict[str, Callable[[bytes], str]] = {"onrecord": _own}
    for name, options in (
        ("trafilatura", {}),
        ("trafilatura, precision", {"favor_precision": True}),
        ("trafilatura, recall", {"favor_recall": True}),
        ("trafilatura, no fallback", {"fast": True}),
    ):
        found[name] = partial(_trafilatura, options)
    if find_spec("readability"):
        found["readability-lxml"] = _readability
    if find_spec("resiliparse"):
        found["resiliparse"] = _resiliparse
    return found


def _own(source: bytes) -> str:
    try:
        parsed = parse("page.html", source)
    except DocumentError:
        return ""
    lines = []
    for heading, paragraphs in groupby(parsed.paragraphs, key=lambda paragraph: paragraph.heading):
        lines += [heading, *(paragraph.span.cut(parsed.text) for paragraph in paragraphs)]
    return "\n".join(lines)


def _trafilatura(options: dict[str, bool], source: bytes) -> str:
    return extract(source, include_comments=False, **options) or ""


def _readability(source: bytes) -> str:
    from readability import Document  # noqa: PLC0415

    summary: Any = Document(source.decode("utf-8", "replace")).summary()
    return " ".join(lxml_html.document_fromstring(summary).itertext())


def _resiliparse(source: bytes) -> str:
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415

    return str(extract_plain_text(source.decode("utf-8", "replace"), main_content=True))


def _score(expected: str, found: str) -> tuple[float, float]:
    """Precision and recall of the runs of words."""
    wanted, given = _runs(expected), _runs(found)
    common = (wanted & given).total()
    if not wanted or not given:
        return float(not given), float(not wanted)
    return common / given.total(), common / wanted.total()


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = regex.findall(r"\w+", text)
    return Counter(tuple(words[at : at + _RUN]) for at in range(max(0, len(words) - _RUN + 1)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
