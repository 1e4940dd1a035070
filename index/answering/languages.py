"""Finds questions in a language that no document is in, and quotes in another than theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.core.answers import Quote
from index.text import language
from index.text.languages import scripts
from index.text.spelling.speller import Speller

_MIN_CHARS = 4


def is_foreign(question: str, speller: Speller) -> bool:
    """Whether a question is certainly in none of the languages of the documents.

    Words of it that documents have make it doubtful: a few if its language is not beyond doubt,
    else all, as a document may have parts in another language.
    """
    languages = speller.languages
    if not languages or language.is_plainly_in(question, languages):
        return False
    found = language.detect(question)
    words = found.words if found else language.telling_words(question)
    if found is None:
        of_script = scripts.script_languages(words)
        if not of_script or of_script & set(languages):
            return False
    elif found.language in languages:
        return False
    long = [word for word in words if len(word) >= _MIN_CHARS] or words
    known = [word for word in long if speller.knows(word)]
    return len(known) < len(long) if found is None or found.is_certain else not known


def name_languages(question: str, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return the quotes, those in another language than the question with its name."""
    of_quotes = {
        language.base(tag) for quote in quotes if (tag := quote.document.metadata.language)
    }
    if not of_quotes:
        return tuple(quotes)
    if plain := language.plain_language(question):
        asked = {plain}
    else:
        found = language.detect(question)
        words = found.words if found else language.telling_words(question)
        asked = {found.language} if found else set(scripts.script_languages(words))
    return tuple(
        replace(quote, foreign=language.base(tag))
        if asked and (tag := quote.document.metadata.language) and language.base(tag) not in asked
        else quote
        for quote in quotes
    )


def is_across(question: str, quotes: Sequence[Quote]) -> bool:
    """Whether a quote is in another language or other letters than a question.

    Names are written otherwise there.
    """
    if any(quote.foreign for quote in name_languages(question, quotes)):
        return True
    letters = scripts.script_languages_of(question)
    return any(scripts.script_languages_of(quote.text) != letters for quote in quotes)
