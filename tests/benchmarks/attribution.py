"""Attributions in news articles: `python -m tests.benchmarks.attribution POLNEAR`.

POLNEAR is the folder of the corpus (Newell et al. 2018), with its `dev` articles.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index.attribution.tagger import Tagger
from index.evaluation.attribution import ROLES, AttributionScores, Find
from index.training.polnear import Article, read_split
from tests.benchmarks import reporting_verbs


def score(find: Find, articles: list[Article]) -> AttributionScores:
    scores = AttributionScores()
    for article in articles:
        scores.add(article.text, find(article.text, article.sentences), article.attributions)
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("polnear", type=Path)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--network", type=Path)
    asked = parser.parse_args()
    articles = read_split(asked.polnear, asked.split)
    tagger = Tagger(asked.network) if asked.network else Tagger()
    found = {
        "reporting verbs": score(reporting_verbs.find, articles),
        "the model": score(tagger.find, articles),
    }
    marked = sum(len(article.attributions) for article in articles)
    table = Table("F1", *found, title=f"{len(articles)} articles, {marked:,} attributions")
    for role in (*ROLES, "linked"):
        name = "whole attribution" if role == "linked" else role
        table.add_row(f"{name}, exact", *(f"{of.exact[role].f1:.3f}" for of in found.values()))
        name = "linked content" if role == "linked" else role
        table.add_row(f"{name}, tokens", *(f"{of.tokens[role].f1:.3f}" for of in found.values()))
    direct = next(iter(found.values())).direct
    rows = (f"{of.direct_speaker:.3f}" for of in found.values())
    table.add_row(f"speaker right, of {direct} direct quotes", *rows)
    Console(highlight=False).print(table)


if __name__ == "__main__":
    main()
