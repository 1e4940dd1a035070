"""Turn question sets of several kinds into folders and questions files of `onrecord eval`.

python -m tests.benchmarks.kinds SETS SQUADSHIFTS OUT [--seed 2026]

SETS holds gzipped JSON lines, a passage with its questions each: qed-*, tydi-en-*, qamr-*,
selqa-*. SQUADSHIFTS holds new_wiki.json, reddit.json and amazon_reviews.json. Whole documents are
dealt into train, dev and test: OUT/SPLIT/corpus is a folder of all kinds, OUT/SPLIT.jsonl has the
questions about it, with their kind. A near miss that annotators found stays one. OUT/further.jsonl
has 7,000 questions about train, to train a reader further.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

SPLITS = ("train", "dev", "test")
# Documents of each split: shares, but for the Wikipedia articles, dealt as for earlier readers.
SHARES = (0.8, 0.1, 0.1)
WIKI_ARTICLES = (36, 6, 6)
# The most questions of a kind: crowds asked dozens about one sentence. To train on there are more.
MOST = 400
MOST_TO_TRAIN = {"news": 3000, "wiki": 3500, "threads": 2500, "reviews": 2000}
# Of each kind, those to train further on are drawn from so many; of wiki, from all.
FURTHER = {
    "queries": 3200,
    "wonder": 1300,
    "news": 900,
    "sections": 700,
    "wiki": None,
    "threads": 900,
    "reviews": 700,
}
ALL_FURTHER = 7000
SETS = {
    "queries": "qed-*.jsonl.gz",
    "wonder": "tydi-en-*.jsonl.gz",
    "news": "qamr-*.jsonl.gz",  # in part sentences of Wikipedia
    "sections": "selqa-*.jsonl.gz",
}


@dataclass
class Document:
    """A document in the making, with its questions."""

    title: str | None
    text: str = ""
    questions: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = self.title or ""

    def add(self, paragraph: str) -> int:
        """Append a paragraph, unless it is there; return where it starts."""
        if self.text and (at := self.text.find(paragraph)) >= 0:
            return at
        start = len(self.text) + 2 * bool(self.text)
        self.text += f"\n\n{paragraph}" if self.text else paragraph
        return start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path)
    parser.add_argument("squadshifts", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    kinds = {kind: list(of_set(given.sets, pattern)) for kind, pattern in SETS.items()}
    kinds |= {
        "wiki": of_squad(given.squadshifts / "new_wiki.json"),
        "threads": of_squad(given.squadshifts / "reddit.json", apart=True),
        "reviews": of_squad(given.squadshifts / "amazon_reviews.json"),
    }
    given.out.mkdir(parents=True)
    further: list[dict[str, Any]] = []
    for kind, documents in kinds.items():
        for split, part in zip(SPLITS, deal(kind, documents, given.seed), strict=True):
            corpus = given.out / split / "corpus"
            lines = write(part, kind, corpus, scattered=split == "train")
            random.Random(given.seed).shuffle(lines)
            if split == "train":
                further += lines[: FURTHER[kind]]
            lines = lines[: MOST_TO_TRAIN.get(kind) if split == "train" else MOST]
            append(lines, given.out / f"{split}.jsonl")
            print(f"{split} {kind}: {len(part):,} documents, {len(lines):,} questions")
    random.Random(1).shuffle(further)
    append(further[:ALL_FURTHER], given.out / "further.jsonl")


def append(lines: list[dict[str, Any]], file: Path) -> None:
    with file.open("a", encoding="utf-8") as written:
        written.writelines(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def deal(kind: str, documents: list[Document], seed: int) -> Iterator[list[Document]]:
    """Yield the documents of each split; those of one title go to one split in every kind."""
    if kind == "wiki":
        random.Random(seed).shuffle(documents)
        at = 0
        for count in WIKI_ARTICLES:
            yield documents[at : at + count]
            at += count
        return
    of_split: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        subject = (document.title or document.text).split(":")[0]
        draw = random.Random(f"{seed} {subject}").random()
        of_split[SPLITS[(draw > SHARES[0]) + (draw > SHARES[0] + SHARES[1])]].append(document)
    yield from (of_split[split] for split in SPLITS)


def write(
    documents: list[Document], kind: str, corpus: Path, *, scattered: bool
) -> list[dict[str, Any]]:
    """Write the documents of a kind; return the lines of their questions.

    Answers that annotators found in several sentences, whose marks are less sure, are left out
    unless `scattered`.
    """
    (corpus / kind).mkdir(parents=True)
    lines = []
    for number, document in enumerate(documents):
        stem = re.sub(r"[^\w() ,-]+", " ", document.title or "untitled").strip()[:80]
        name = f"{kind}/{stem} {number}.txt"
        (corpus / name).write_text(f"{document.text}\n", encoding="utf-8")
        for asked in document.questions:
            answers = [{"document": name, **answer} for answer in asked["answers"]]
            silence = {} if answers else {"silence": "near_miss"}
            is_kept = scattered or not asked.get("scattered")
            if is_kept and (kind != "news" or stands_alone(asked["question"])):
                lines.append(
                    {"question": asked["question"], "answers": answers, "kind": kind} | silence
                )
    return lines


def stands_alone(question: str) -> bool:
    """Whether a question about one sentence tells which one, by a name or a number."""
    words = question.split()
    return len(words) > 4 and any(word[0].isupper() or word[0].isdigit() for word in words[1:])


def of_set(folder: Path, pattern: str) -> Iterator[Document]:
    """Yield the documents of a set: passages of one title make one."""
    documents: dict[str, Document] = {}
    for file in sorted(folder.glob(pattern)):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for passage in map(json.loads, lines):
                key = passage["title"] or passage["id"]
                document = documents.setdefault(key, Document(passage["title"]))
                start = document.add(passage["text"])
                for asked in passage["questions"]:
                    answers = [
                        {"start": start + answer["start"], "text": answer["text"]}
                        for answer in asked["answers"]
                    ]
                    document.questions.append(
                        {
                            "question": asked["question"],
                            "answers": answers,
                            "scattered": asked.get("explanation") == "multi_sentence",
                        }
                    )
    yield from documents.values()


def of_squad(file: Path, *, apart: bool = False) -> list[Document]:
    """Return the articles of a file of SQuAD 1.1; its paragraphs if they lie `apart`."""
    documents = []
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        title = unquote(article["title"]).replace("_", " ")
        whole = Document(title)
        for paragraph in article["paragraphs"]:
            document = Document(None) if apart else whole
            start = document.add(paragraph["context"])
            for asked in paragraph["qas"]:
                marked = {(answer["answer_start"], answer["text"]) for answer in asked["answers"]}
                answers = [{"start": start + at, "text": text} for at, text in sorted(marked)]
                document.questions.append({"question": asked["question"], "answers": answers})
            if apart:
                documents.append(document)
        if not apart:
            documents.append(whole)
    return documents


if __name__ == "__main__":
    main()
