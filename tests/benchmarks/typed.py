"""Measure what answers lose by the way in which people type their questions.

python -m tests.benchmarks.typed CORPUS QUESTIONS [--limit 300] [--data DIR]

CORPUS is indexed first (in DIR, or a temporary folder); QUESTIONS is a questions file of `eval`.
Each question is asked as it stands, in lower case without its mark, with a courtesy, with one
letter of one word left out, doubled, wrong or swapped with the next, in capitals, with its question
word misspelt, with a space left out, without apostrophes, with a greeting and an emoji, and after a
story.
"""

from __future__ import annotations

import argparse
import random
import re
import string
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.cli import progress_bar
from index.core.settings import IndexSettings
from index.evaluation.questions import GoldQuestion, is_covered, read_questions
from index.library import Library

_LONG_WORD = re.compile(r"[A-Za-z]{5,}")
_SPACE = re.compile(r" (?=[A-Za-z]{4,})")
_COPULA = re.compile(r"\b(what|who|where|when|why|how) is\b", re.IGNORECASE)
_MISSPELT = {
    "what": "waht", "which": "wich", "when": "wehn", "where": "wher", "who": "hwo", "why": "whi",
    "how": "hw", "many": "meny", "much": "mutch", "people": "poeple", "because": "becuase",
}  # fmt: skip
_AMISS = re.compile(rf"\b(?:{'|'.join(_MISSPELT)})\b", re.IGNORECASE)
_STORY = (
    "so my cousin told me about this last summer and now i cant stop thinking about it. we were at "
    "the lake with the whole family and it rained for a week, so we read a lot."
)
_chance = random.Random(5)


def hurried(text: str) -> str:
    return text.lower().rstrip("? ")


def courteous(text: str) -> str:
    return f"Hi, can you tell me {text[:1].lower()}{text[1:]}"


def misspelt(text: str) -> str:
    words = list(_LONG_WORD.finditer(text))
    if not words:
        return text
    word = _chance.choice(words)
    at = _chance.randrange(word.start() + 1, word.end() - 1)
    letter, following = text[at], text[at + 1]
    typed = _chance.choice(
        [
            following,
            letter + letter + following,
            _chance.choice(string.ascii_lowercase) + following,
            following + letter,
        ]
    )
    return text[:at] + typed + text[at + 2 :]


def asked_amiss(text: str) -> str:
    """Return the question with its question word, or another common one, as often misspelt."""
    return _AMISS.sub(lambda found: _MISSPELT[found[0].lower()], text.lower(), count=1)


def joined(text: str) -> str:
    """Return the question without the space before one of its longer words."""
    spaces = list(_SPACE.finditer(text))
    at = _chance.choice(spaces).start() if spaces else len(text)
    return hurried(text[:at] + text[at + 1 :])


def bare(text: str) -> str:
    return _COPULA.sub(r"\1s", hurried(text)).replace("'", "").replace("’", "")


def chatty(text: str) -> str:
    return f"hey guys pls {hurried(text)} 🤔??"


def told(text: str) -> str:
    return f"{_STORY} {hurried(text)}?"


WAYS: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "lower case, no mark": hurried,
    "a courtesy": courteous,
    "a letter wrong": misspelt,
    "in capitals": str.upper,
    "question word wrong": asked_amiss,
    "a space left out": joined,
    "no apostrophes": bare,
    "a greeting, an emoji": chatty,
    "a story before it": told,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    questions = read_questions(given.questions)
    chosen = random.Random(1).sample(questions, min(given.limit, len(questions)))
    with tempfile.TemporaryDirectory() as folder:
        library = Library(IndexSettings(data=given.data or Path(folder), _env_file=None))
        with progress_bar("Indexing") as progress:
            library.sync(given.corpus, progress=progress)
        for name, way in WAYS.items():
            print(f"{name:20} {measure(library, chosen, way)}")
        library.close()


def measure(library: Library, questions: Sequence[GoldQuestion], way: Callable[[str], str]) -> str:
    """Return quote@1, quote@3, and the shares that are answered and abstained from."""
    first, within, answered, abstained = [], [], [], []
    for gold in questions:
        answer = library.ask(way(gold.text))
        quotes = (answer.quotes or answer.closest)[:3]
        covered = [is_covered(gold.answers, q.document.path, q.span) for q in quotes]
        if gold.answers:
            first.append(covered[:1] == [True])
            within.append(any(covered))
            answered.append(answer.answered)
        else:
            abstained.append(not answer.answered)
    shares = {"quote@1": first, "quote@3": within, "answered": answered, "abstained": abstained}
    return ", ".join(f"{name} {sum(of) / len(of):.3f}" for name, of in shares.items() if of)


if __name__ == "__main__":
    main()
