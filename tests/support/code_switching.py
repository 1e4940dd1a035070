"""English questions with a few words of another language, so that a reader knows them there.

Question words are given here, names of countries, languages and months by the CLDR.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from functools import cache
from typing import Any

from babel import Locale

from index.training.examples import QuestionExamples

LANGUAGES = ("es", "de", "fr", "ru", "uk", "fa", "ar")
ASKING = {
    "who": "quién|wer|qui|кто|хто|چه کسی|من هو",
    "when": "cuándo|wann|quand|когда|коли|کی|متى",
    "where": "dónde|wo|où|где|де|کجا|أين",
    "why": "por qué|warum|pourquoi|почему|чому|چرا|لماذا",
    "how many": "cuántos|wie viele|combien de|сколько|скільки|چند|كم عدد",
    "how much": "cuánto|wie viel|combien|сколько|скільки|چقدر|كم",
    "how": "cómo|wie|comment|как|як|چگونه|كيف",
    "what year": "en qué año|in welchem Jahr|en quelle année|в каком году|у якому році|در چه سالی"
    "|في أي عام",
    "what": "qué|was|que|что|що|چه|ما",
    "which": "cuál|welche|quelle|какой|який|کدام|أي",
    "what is": "qué es|was ist|qu'est-ce que|что такое|що таке|چیست|ما هو",
}
ASKED = re.compile(rf"^({'|'.join(sorted(ASKING, key=len, reverse=True))})\b", re.IGNORECASE)


def switched(of: QuestionExamples, rng: random.Random) -> QuestionExamples:
    """Return an English question with question word and common names of another language."""
    asked = of.positive.question
    at = rng.randrange(len(LANGUAGES))
    names = names_in(LANGUAGES[at])
    text = _NAME.sub(lambda name: names.get(name[0], name[0]), asked)
    if found := ASKED.match(text):
        other = ASKING[found[1].lower()].split("|")[at]
        text = (other.capitalize() if text[0].isupper() else other) + text[found.end() :]
    if text == asked:
        return of
    positive, *negatives = (replace(one, question=text) for one in (of.positive, *of.negatives))
    return QuestionExamples(positive, tuple(negatives), (), of.kind)


@cache
def names_in(language: str) -> dict[str, str]:
    """Return the names of countries, languages and months in a language by the English ones."""
    english, other = (_names(Locale(code)) for code in ("en", language))
    return {name: other[key] for key, name in english.items() if key in other}


def _names(locale: Locale) -> dict[tuple[str, Any], str]:
    months = locale.months["format"]["wide"]
    kinds = {"territory": locale.territories, "language": locale.languages, "month": months}
    return {(kind, key): name for kind, names in kinds.items() for key, name in names.items()}


_NAME = re.compile(
    rf"\b(?:{'|'.join(map(re.escape, sorted(names_in('es'), key=len, reverse=True)))})\b"
)
