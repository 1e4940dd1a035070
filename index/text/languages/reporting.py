"""Questions in other languages than English for what somebody said, and sentences that tell it."""

from __future__ import annotations

import re

from index.text.languages.stop_words import STOP_WORDS
from index.text.stemming import fold

_VERBS_TEXT = """
sagt sagte sagten gesagt erklärt erklärte meint meinte betonte kritisierte
dice dijo dijeron dicho denunció explicó afirmó declaró replicó señaló
dit dite disent déclaré expliqué affirmé
сказал сказала сказали говорит говорил говорила заявил заявила сообщил сообщила рассказал
рассказала пояснил пояснила отметил отметила ответил ответила
сказав сказала сказали каже кажуть заявив заявила повідомив повідомила розповів розповіла пояснив
пояснила відповів відповіла
گفت گفته گفتند گوید میگوید میگه
قال قالت يقول تقول صرح صرحت أضاف أضافت
"""
_VERBS = frozenset(map(fold, _VERBS_TEXT.split()))
_WHAT_TEXT = "was qué que qu quoi что чё чо що шо чего чого چه چی ماذا"
_WHAT = frozenset(map(fold, _WHAT_TEXT.split()))
_FORMS = frozenset().union(*(map(fold, STOP_WORDS[language]) for language in STOP_WORDS))
_WORD = re.compile(r"[^\W\d_]+(?:ʼ[^\W\d_]+)*")
_QUOTED = re.compile(r"[“„«»\"]\w[^“”„«»\"]{8,}[”“»«\"]")


def words_asked_of(question: str) -> tuple[str, ...]:
    """Return who and what a question for somebody's words names; none for another question."""
    words = [(word, fold(word.casefold())) for word in _WORD.findall(question)]
    folded = {plain for _, plain in words}
    if folded.isdisjoint(_VERBS) or folded.isdisjoint(_WHAT):
        return ()
    return tuple(word for word, plain in words if plain not in _VERBS | _WHAT | _FORMS)


def tells_words(text: str) -> bool:
    """Whether a sentence has somebody's words, and says so."""
    words = {fold(word.casefold()) for word in _WORD.findall(text)}
    return _QUOTED.search(text) is not None or not words.isdisjoint(_VERBS)
