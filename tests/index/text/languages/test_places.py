"""Countries and large cities, in any form of their names."""

from __future__ import annotations

import pytest

from index.text.languages.places import is_place


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("paris", "de"),
        ("франции", "ru"),
        ("Москвы", "ru"),
        ("німеччині", "uk"),
        ("alemania", "es"),
        ("allemagne", "fr-CA"),
        ("فرنسا", "ar"),
        ("تهران", "fa"),
        ("germania", "it"),
    ],
)
def test_places(word: str, language: str) -> None:
    assert is_place(word, language)


@pytest.mark.parametrize(
    ("word", "language"),
    [("мост", "ru"), ("brücke", "de"), ("puente", "es"), ("oui", "fr"), ("x", "zz"), ("", "ru")],
)
def test_no_places(word: str, language: str) -> None:
    assert not is_place(word, language)
