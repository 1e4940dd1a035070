"""The scripts that languages are written in, told by their letters."""

from __future__ import annotations

from collections.abc import Sequence

import regex

_SCRIPTS = {
    r"\p{Arabic}": {"ar", "fa", "ur"},
    r"\p{Cyrillic}": {"bg", "ru", "sr", "uk"},
    r"\p{Devanagari}": {"hi"},
    r"\p{Greek}": {"el"},
    r"\p{Hebrew}": {"he"},
    r"[\p{Han}\p{Hiragana}\p{Katakana}]": {"ja", "zh"},
    r"\p{Hangul}": {"ko"},
    r"\p{Thai}": {"th"},
}
"""The languages of each script but the Latin one."""

NOUNS_WITH_CAPITALS = frozenset(["de", "lb"])
"""The languages that write all nouns as others write names."""
OTHER_SCRIPTS = frozenset().union(*_SCRIPTS.values())
"""The languages that are written in other letters than Latin ones."""

_LATIN_NAME = regex.compile(r"\p{Latin}*[\p{Latin}&&\p{Lu}]", regex.V1)
WORD = regex.compile(r"\p{L}[\p{L}\p{M}\u200c]*")
_MOSTLY = 0.8


def script_languages(words: Sequence[str]) -> frozenset[str]:
    """Return the languages of the script of all these words; none if it is Latin, or differs.

    Names in Latin letters, such as GDP, stand in questions of any script, and do not count.
    """
    text = "".join(word for word in words if not _LATIN_NAME.match(word))
    for script, languages in _SCRIPTS.items():
        if regex.fullmatch(rf"(?:{script}|\p{{M}}|\p{{Common}}|\u200c)+", text):
            return frozenset(languages)
    return frozenset()


def script_languages_of(text: str) -> frozenset[str]:
    """Return the languages of the script of all words of a text, as `script_languages` does."""
    return script_languages(WORD.findall(text))


def is_mostly_in_letters_of(language: str, text: str) -> bool:
    """Return whether most letters of a text are of the script of a language, not the Latin one."""
    script = next((script for script, own in _SCRIPTS.items() if language in own), None)
    if script is None:
        return False
    letters = regex.findall(r"\p{L}", text)
    return len(regex.findall(script, "".join(letters))) > _MOSTLY * len(letters)
