"""Questions for somebody's words in several languages."""

from __future__ import annotations

import pytest

from index.text.languages.reporting import tells_words, words_asked_of


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("что сказал мельников про опоры", ("мельников", "опоры")),
        ("що сказав Гнатюк журналістам", ("Гнатюк", "журналістам")),
        ("qué dijo Iturralde de los trenes", ("Iturralde", "trenes")),
        ("was sagte Bräuning zu den Hebammen", ("Bräuning", "Hebammen")),
        ("qu'a dit le directeur", ("directeur",)),
        ("یزدانی چی گفت", ("یزدانی",)),
        ("ماذا قال الشاذلي", ("الشاذلي",)),
        ("кто сказал это", ()),
        ("was kostet es", ()),
        ("what did Ann say", ()),
    ],
)
def test_who_and_what_is_asked_for(question: str, words: tuple[str, ...]) -> None:
    assert words_asked_of(question) == words


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("«Опоры не осматривали», — заявил Мельников.", True),
        ("„Uns fehlen fünf Hebammen“, so Bräuning.", True),
        ("وأضاف الشاذلي: «الرصيف مهدد بالانهيار».", True),
        ("Iturralde dijo que faltan los trenes.", True),
        ("Завод «Заря» закрыт.", False),
        ("Die Brücke ist alt.", False),
    ],
)
def test_sentences_with_words_of_somebody(text: str, tells: bool) -> None:
    assert tells_words(text) is tells
