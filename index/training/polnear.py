"""Reads PolNeAR: news articles with every attribution marked (Newell et al. 2018)."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from index.core.attributions import Attribution
from index.core.documents import Paragraph, Sentence, Span
from index.core.errors import FittingError
from index.evaluation.attribution import AttributionScores, Find
from index.text.sentences import split_sentences

_PARAGRAPH = re.compile(r"\S(?:.*\S)?")
_ROLES = {"Source": 0, "Cue": 1, "Content": 2, "Content2": 2}


class Article(NamedTuple):
    """An article with its sentences and the attributions that people marked in it."""

    text: str
    sentences: list[Sentence]
    attributions: list[Attribution]


def read_split(corpus: Path, split: str) -> list[Article]:
    """Return the articles of a split ("train", "dev") of the corpus, a folder or its archive in it.

    Raises:
        FittingError: there are none.
    """
    if (corpus / split).is_dir():
        return read_articles(corpus / split)
    with TemporaryDirectory() as folder:
        for archive in corpus.glob("*.tar.gz"):
            with tarfile.open(archive) as opened:
                opened.extractall(folder, filter="data")
        return read_articles(Path(folder) / split)


def read_articles(folder: Path) -> list[Article]:
    """Return the articles of a split, a folder with `text` and `attributions`, by name.

    An article that several people marked comes once for each of them.

    Raises:
        FittingError: there are none.
    """
    articles = []
    for file in sorted((folder / "text").glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        sentences = sentences_of(text)
        for annotation in sorted((folder / "attributions").glob(f"{file.stem}_*.ann")):
            marked = sorted(set(_attributions(annotation, text)), key=lambda found: found.cue)
            articles.append(Article(text, sentences, marked))
    if not articles:
        raise FittingError(f"{folder} has no articles; it should hold text/ and attributions/")
    return articles


def score(find: Find, articles: Sequence[Article]) -> AttributionScores:
    """Return how well the attributions of articles are found."""
    scores = AttributionScores()
    for article in articles:
        scores.add(article.text, find(article.text, article.sentences), article.attributions)
    return scores


def sentences_of(text: str) -> list[Sentence]:
    """Return the sentences of a plain text whose lines are paragraphs."""
    paragraphs = [Paragraph(Span(*line.span())) for line in _PARAGRAPH.finditer(text)]
    return split_sentences(text, paragraphs)


def _attributions(file: Path, text: str) -> Iterator[Attribution]:
    spans: dict[str, tuple[Span, ...]] = {}
    events = []
    for line in file.read_text(encoding="utf-8").splitlines():
        name, _, rest = line.partition("\t")
        if name.startswith("T") and "\t" in rest:
            places = rest.split("\t")[0].split(" ", 1)[1]
            spans[name] = tuple(Span(*map(int, place.split(" "))) for place in places.split(";"))
        elif name.startswith("E"):
            events.append([part.split(":") for part in rest.split()[1:]])
    for event in events:
        roles: list[list[Span]] = [[], [], []]
        for role, mark in event:
            if role in _ROLES:
                roles[_ROLES[role]] += spans[mark]
        source, cue, content = (tuple(sorted(found)) for found in roles)
        if cue and content and max(s.end for s in (*source, *cue, *content)) <= len(text):
            yield Attribution(source, cue, content)
