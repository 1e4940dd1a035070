"""Names sound alike in different letters."""

import pytest

from index.text.sounds import sounds_in


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Грюнвальде", "Das Klinikum Grünwalde schließt."),
        ("Trump", "как сказал Трамп"),
        ("Narges-Abad", "آبگیری سد نرگس\u200cآباد آغاز شد"),
        ("Woroncowski", "движение по Воронцовскому мосту"),
        ("Iturralde", "заявила Итурральде"),
        ("الرملة", "the port of al-Ramla"),
        ("Ли", "any name of two consonants"),
    ],
)
def test_a_name_is_heard_in_other_letters(name: str, text: str) -> None:
    assert sounds_in(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Трамп", "Die Tram fährt nach Grünwalde."),
        ("Мерсенов", "El tranvía de Valdemora"),
        ("البوعزيزي", "La concejala Iturralde"),
        ("Delorme", "آبگیری سد نرگس\u200cآباد"),
    ],
)
def test_another_name_is_not(name: str, text: str) -> None:
    assert not sounds_in(name, text)
