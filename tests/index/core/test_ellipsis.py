from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.core.ellipsis import shorten_honestly, takes_back

TURNING = [
    *("The army denied it.", "The alleged thief fled.", "It did not fall.", "No town fell."),
    *("He never came.", "If it rains, we stay.", "Nobody goes unless he pays."),
    *("It fell, according to the army.", "It reportedly fell.", "He claimed it.", "Unconfirmed."),
    *("It didn’t fall.", "It was falsely reported.", "It fell, but was retaken."),
    *("Er bestritt das.", "Der mutmaßliche Täter floh.", "Sie kam nicht.", "Laut Polizei fiel er."),
    *("Lo negó.", "El presunto ladrón huyó.", "Nunca cayó.", "Según la policía, cayó.", "Sin él."),
    *("Il a démenti.", "Le voleur présumé a fui.", "Il n’est pas tombé.", "Selon la police."),
    *(
        "Он опроверг это.",
        "Он якобы ушёл.",
        "Город не пал.",
        "По словам полиции.",
        "Если он уйдёт.",
    ),
    *("Він спростував це.", "Він нібито пішов.", "Місто не впало.", "За словами поліції."),
    *("او این را تکذیب کرد.", "شهر هرگز سقوط نکرد.", "اگر بیاید", "به گفته پلیس"),
    *("نفى الوزير ذلك.", "لم تسقط المدينة.", "زعم أنه رحل.", "وفقا للشرطة."),
]
PLAIN = [
    *("The town fell to the army.", "Two officials told reporters that the bridge had fallen."),
    *("Sie nahmen die Stadt ein.", "La ciudad cayó el jueves.", "La ville est tombée jeudi."),
    *("Город пал в четверг.", "Місто впало в четвер.", "شهر سقوط کرد", "سقطت المدينة يوم الخميس"),
]


@pytest.mark.parametrize("text", TURNING)
def test_denials_doubts_conditions_and_sources_take_back(text: str) -> None:
    assert takes_back(text)


@pytest.mark.parametrize("text", PLAIN)
def test_plain_statements_take_nothing_back(text: str) -> None:
    assert not takes_back(text)


@given(
    st.lists(st.sampled_from(TURNING + PLAIN) | st.text(max_size=20), max_size=6).map(" ".join),
    st.integers(20, 120),
)
def test_what_is_left_out_takes_nothing_back(text: str, max_chars: int) -> None:
    line = " ".join(text.split())
    short = shorten_honestly(text, max_chars)
    assert len(short) <= max_chars
    if len(line) <= max_chars:
        assert short == line
    elif short:
        kept = short.removesuffix("…")
        assert line.startswith(kept)
        assert not takes_back(line[len(kept) :])


@pytest.mark.parametrize("text", TURNING)
def test_a_denial_behind_the_end_forbids_the_cut(text: str) -> None:
    for plain in PLAIN:
        assert not shorten_honestly(f"{' '.join([plain] * 8)} {text}", 60)
        assert shorten_honestly(f"{text} {' '.join([plain] * 8)}", 60).startswith(text[:10])


def test_the_cut_is_at_a_sentence_or_clause_if_that_fills_half() -> None:
    text = "The town fell at noon on the third day; the army left the bridge and the river bank"
    assert shorten_honestly(text, 50) == "The town fell at noon on the third day…"
    assert shorten_honestly(text, 30) == "The town fell at noon on the…"
