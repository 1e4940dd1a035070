"""Questions of the sets in other languages than their passages', in our own translations.

Each line of the file is a question as it stands in TyDi QA (Apache-2.0), ARCD or PIAF (MIT), and
what is asked in its stead, by language.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from index.evaluation.questions import GoldQuestion

_FILE = Path(__file__).with_name("translations.jsonl")


@cache
def translations() -> dict[str, dict[str, str]]:
    """Return the translations of each question by language."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return {line.pop("question"): line for line in map(json.loads, lines)}


def translated(questions: Iterable[GoldQuestion], passages: str) -> Iterator[GoldQuestion]:
    """Yield the questions that have translations in these, with the pair of languages as kind."""
    for question in questions:
        for language, text in translations().get(question.text, {}).items():
            yield replace(question, text=text, kind=f"{language} → {passages}")
