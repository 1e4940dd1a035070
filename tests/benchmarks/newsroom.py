"""Measures a newsroom of eight languages: right quotes, and silence where it should be.

Editors type as on a phone: small letters, no marks, no accents, digits of another script. Each
question is asked of the documents in its language and of all documents; those across languages
(`x`) of all. Every third question of a language was held out while the program was changed.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from index.core.answers import Answer
from index.core.scope import Scope
from index.core.settings import IndexSettings
from index.library import Library
from tests.support.folders import temporary_folder

FOLDER = Path(__file__).with_suffix("")
DOCUMENTS, QUESTIONS = FOLDER / "documents", FOLDER / "questions.tsv"
ACROSS, ALL = "x", "library"
HELD_OUT = 3


class Asked(NamedTuple):
    """A question; `wanted` is a piece of the quote that answers, "" if none does."""

    language: str
    kind: str
    text: str
    wanted: str
    is_held_out: bool


def read_questions() -> Iterator[Asked]:
    """Yield the questions in their order."""
    seen: Counter[str] = Counter()
    with QUESTIONS.open(encoding="utf-8", newline="") as lines:
        for language, kind, text, wanted in csv.reader(
            lines, delimiter="\t", quoting=csv.QUOTE_NONE
        ):
            is_held_out = seen[language] % HELD_OUT == HELD_OUT - 1
            seen[language] += 1
            yield Asked(language, kind, text, wanted, is_held_out)


def judge(answer: Answer, wanted: str) -> str:
    """Return what became of a question; of one without an answer, only an answer is wrong."""
    if not wanted:
        return {"none": "silent", "unsure": "unsure", "answered": "wrong"}[answer.state]
    if not answer.quotes:
        return "silent"
    is_right = wanted in answer.quotes[0].text
    return ("right" if is_right else "wrong") + ("" if answer.state == "answered" else ", unsure")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure a newsroom of eight languages.")
    parser.add_argument("--home", type=Path, help="folder of the converted models")
    parser.add_argument("--json", type=Path, help="write each answer as a line")
    given = parser.parse_args(arguments)
    with temporary_folder() as folder:
        settings = IndexSettings(_env_file=None, data=folder, home=given.home, model="multilingual")
        library = Library(settings)
        library.sync(DOCUMENTS, ALL)
        for part in sorted(DOCUMENTS.iterdir()):
            library.sync(part, part.name)
        lines = ask_all(library)
        library.close()
    if given.json:
        given.json.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def ask_all(library: Library) -> list[str]:
    """Ask each question, print the table and return a line of JSON for each answer."""
    counts: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    lines = []
    for asked in read_questions():
        own = [asked.language] if asked.language != ACROSS else []
        for collection in (*own, ALL):
            answer = library.ask(asked.text, Scope((collection,)))
            outcome = judge(answer, asked.wanted)
            among = "across" if not own else "own" if collection != ALL else "all"
            part = "held out" if asked.is_held_out else "tuning"
            kind = "answerable" if asked.wanted else "without an answer"
            counts[part, among, kind][outcome] += 1
            first = (answer.quotes or answer.closest)[:1]
            lines.append(
                json.dumps(
                    {
                        **asked._asdict(),
                        "collection": collection,
                        "outcome": outcome,
                        "confidence": round(answer.confidence, 3),
                        "missing": answer.missing,
                        "first": first[0].text if first else "",
                    },
                    ensure_ascii=False,
                )
            )
    for place, found in sorted(counts.items()):
        told = ", ".join(f"{name} {number}" for name, number in sorted(found.items()))
        print(f"{' | '.join(place)} | {found.total()}: {told}")
    return lines


if __name__ == "__main__":
    main()
