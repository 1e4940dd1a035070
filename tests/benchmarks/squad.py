"""Turn questions in the format of SQuAD 1.1 into folders and questions files of `onrecord eval`.

python -m tests.benchmarks.squad FILE OUT [--parts 36,6,6] [--seed 2026]

Each article becomes OUT/corpus/TITLE.txt, its title first and a paragraph for each context. The
articles are shuffled and dealt into parts of the sizes given; the questions about a part go to
OUT/1.jsonl, OUT/2.jsonl and so on. With SQuADShifts' new_wiki.json, the defaults are what the
reader that ships was trained on, fitted on and judged by.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--parts", default="36,6,6", help="articles in each part")
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    articles = json.loads(given.file.read_text(encoding="utf-8"))["data"]
    random.Random(given.seed).shuffle(articles)
    corpus = given.out / "corpus"
    corpus.mkdir(parents=True)
    at = 0
    for number, count in enumerate(map(int, given.parts.split(",")), start=1):
        part = articles[at : at + count]
        lines = [json.dumps(line) for article in part for line in write(article, corpus)]
        (given.out / f"{number}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"part {number}: {len(part)} articles, {len(lines):,} questions")
        at += count


def write(article: dict[str, Any], corpus: Path) -> Iterator[dict[str, Any]]:
    """Write an article as a document; yield its questions."""
    title = unquote(article["title"]).replace("_", " ")
    name = f"{title.replace('/', ' ')}.txt"
    text = title
    for paragraph in article["paragraphs"]:
        start = len(text) + 2
        text += f"\n\n{paragraph['context']}"
        for asked in paragraph["qas"]:
            marked = {(answer["answer_start"], answer["text"]) for answer in asked["answers"]}
            answers = [
                {"document": name, "start": start + at, "text": words}
                for at, words in sorted(marked)
            ]
            yield {"question": asked["question"], "answers": answers}
    (corpus / name).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
