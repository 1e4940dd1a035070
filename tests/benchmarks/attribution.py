"""Attributions in news articles: `python -m tests.benchmarks.attribution POLNEAR`.

POLNEAR is the folder of the corpus (Newell et al. 2018), with its `dev` articles.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index.attribution.tagger import Tagger
from index.evaluation.attribution import score_rows
from index.training.polnear import read_split, score
from tests.support import reporting_verbs


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
    table = Table("", *found, title=f"{len(articles)} articles, {marked:,} attributions")
    for row in score_rows(found):
        table.add_row(*row)
    Console(highlight=False).print(table)


if __name__ == "__main__":
    main()
