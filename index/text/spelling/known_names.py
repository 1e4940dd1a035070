"""Names that everybody knows, in small letters, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex

from index.text import language
from index.text.languages import lexicon
from index.text.languages.places import is_place
from index.text.languages.scripts import NOUNS_WITH_CAPITALS

CountTokens = Callable[[Sequence[str]], Sequence[int]]
"""Returns how many pieces a model's vocabulary makes of each text."""

# The list of Russian words lacks most forms of verbs and adjectives, and there is no Ukrainian one.
_ADJECTIVE = (
    r"(?:[иі]чн|ическ|[аеиоуыьяю]нн|[аеіиуь]льн|тельн|івн|ивн)"
    r"(?:[оеі]го|[оеі]му|[ыиі]ми|[ыиі]х|ая|яя|ую|юю|[ое]е|[ыи]е|[оеі]й|[ыи]й|а|е|і|у)"
)
_FORMS = {
    "ru": r"(?:лся|лась|лось|лись|ться|тся|[ыио]вал[аио]?|ить|ать|еть|[уаяе][ею]т|ишь|ешь)",
    "uk": r"(?:[юу]вав|вала|вали|ила|или|ати|ити|ться|лися|лося|вся|ють|ують)",
}
_FORM = {
    tongue: regex.compile(rf"\p{{Ll}}(?:{verb}|{_ADJECTIVE})$") for tongue, verb in _FORMS.items()
}


def known_names(words: Sequence[str], tag: str, count_tokens: CountTokens) -> set[str]:
    """Return those of some words in a language that are names, by what a vocabulary has.

    A name is a country or a large city, or in no list of words and one piece with a capital and
    several without.
    """
    found = {word for word in words if is_place(word, tag)}
    if language.base(tag) in NOUNS_WITH_CAPITALS:
        return found
    small = [word for word in words if word.islower() and not _is_listed(word, tag)]
    counts = zip(
        small,
        count_tokens(small),
        count_tokens([word.capitalize() for word in small]),
        strict=True,
    )
    return found | {word for word, as_typed, as_name in counts if as_name == 1 < as_typed}


def _is_listed(word: str, tag: str) -> bool:
    return language.is_frequent(word, {tag}) or lexicon.is_form(word, [tag])


def is_no_name(word: str, tongue: str) -> bool:
    """Return whether a word that is in no list is a form of one, in the question's language."""
    is_form = tongue in _FORM and _FORM[tongue].search(word) is not None
    return lexicon.is_common(word) or (
        word.islower() and (is_form or lexicon.is_form(word, [tongue]))
    )
