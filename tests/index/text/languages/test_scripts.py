"""Letters tell the languages that a text may be in, whatever names stand in it in Latin ones."""

from __future__ import annotations

import pytest

from index.text.languages.scripts import script_languages_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GDP مخفف چیست؟", "fa"),
        ("Кто основал OpenAI?", "ru"),
        ("iPhone कब आया", "hi"),
        ("東京タワー", "ja"),
        ("What does правда mean?", None),
        ("who is محمد بن سلمان", None),
        ("Wer ist das?", None),
        ("", None),
    ],
)
def test_names_in_latin_letters_do_not_hide_the_script(text: str, expected: str | None) -> None:
    found = script_languages_of(text)
    assert expected in found if expected else not found
