"""Words are compared in the language of their document, and as people type them."""

from __future__ import annotations

import pytest

from index.text.languages.stop_words import STOP_WORDS
from index.text.terms import Analyzer

ANALYZER = Analyzer()


@pytest.mark.parametrize(
    ("language", "written", "asked"),
    [
        ("ru", "талибы захватили города", "город захватил талибов"),
        ("uk", "українська мова", "українською мовою"),
        ("uk", "у містах під час війни в п’яти країнах", "місто війні п'ять країною"),
        ("de", "Die Häuser der Stadt", "Haus Städten"),
        ("es", "las elecciones presidenciales", "elección presidencial"),
        ("fr", "les élections présidentielles", "election presidentielle"),
        ("fa", "کتاب‌های ایرانی", "كتابها ايراني"),
        ("fa", "سال ۱۳۹۸", "1398"),
        ("ar", "المدينة والمدرسة", "مدينه مدرسة"),
        ("ar", "أحمد في إِيرَانَ", "احمد ايران"),
        ("ar", "كتـــاب ١٢", "كتاب 12"),
        ("ru", "ещё", "еще"),
        ("pt-BR", "cidades grandes", "cidade grande"),
    ],
)
def test_forms_of_a_word_are_one_term(language: str, written: str, asked: str) -> None:
    held = set(ANALYZER.terms(written, language))
    for of_word in ANALYZER.asking([language.partition("-")[0]]).content_forms(asked):
        assert held.intersection(of_word), of_word


@pytest.mark.parametrize(
    ("text", "asked", "not_asked"),
    [
        ("东京是日本的首都", "日本", "本日"),
        ("ประเทศไทย", "ไทย", "ยทไ"),
        ("대한민국의 수도", "수도", "도수"),
    ],
)
def test_scripts_without_spaces_are_cut_into_pairs(text: str, asked: str, not_asked: str) -> None:
    held = set(ANALYZER.terms(text))
    assert held >= set(ANALYZER.content_terms(asked))
    assert held.isdisjoint(ANALYZER.content_terms(not_asked))


@pytest.mark.parametrize(
    ("question", "content"),
    [
        ("Wann wurde die Stadt gegründet?", ["stadt", "gegrundet"]),
        ("¿Quién ganó las elecciones?", ["gan", "eleccion"]),
        ("Когда была основана Москва?", ["основа", "москв"]),
        ("چه کسی رئیس جمهور است؟", None),
    ],
)
def test_words_that_carry_only_the_form_are_left_out(
    question: str, content: list[str] | None
) -> None:
    asked = ANALYZER.asking(["de", "es", "ru", "fa", "en"]).content_forms(question)
    if content is not None:
        assert [set(of_word) & set(content) != set() for of_word in asked] == [True] * len(content)
    assert len(asked) < len(question.split())


def test_english_is_as_it_was_among_english_documents() -> None:
    question = "Who said that the die was cast in the War of “Sin” and hat-making?"
    alone = [(term,) for term in ANALYZER.content_terms(question)]
    assert ANALYZER.asking(["en"]).content_forms(question) == alone
    assert [of[0] for of in alone] == ["die", "cast", "war", "sin", "hat", "make"]


def test_an_english_question_keeps_its_words_beside_german_documents() -> None:
    words = {of for forms in ANALYZER.asking(["en", "de"]).content_forms("Who started the war?")
             for of in forms}  # fmt: skip
    assert "war" in words


def test_the_lists_are_of_small_letters_without_marks_around() -> None:
    for words in STOP_WORDS.values():
        assert all(word == word.casefold() or "ß" in word for word in words)
        assert all(any(map(str.isalpha, word)) for word in words)


@pytest.mark.parametrize(
    ("question", "dropped", "kept"),
    [
        ("¿Dónde están los primeros trenes de la ciudad?", {"los", "de", "la"}, {"trenes"}),
        ("Wann wurde die Brücke über den Hafen gesperrt?", {"die", "über", "den"}, {"hafen"}),
        ("Quand est-ce que le pont a été fermé ?", {"que", "le", "est"}, {"pont"}),
        ("how did princess diana die", {"how", "did"}, {"diana", "die"}),
    ],
)
def test_stop_words_are_those_of_the_question_where_documents_are_english(
    question: str, dropped: set[str], kept: set[str]
) -> None:
    stop_words = ANALYZER.asking(["en"]).stop_words(question)
    assert stop_words >= dropped
    assert stop_words.isdisjoint(kept)


def test_umlauts_may_be_typed_as_two_letters_also_for_a_table_of_unknown_language() -> None:
    asked = Analyzer("english", ["de", "en"])
    table = Analyzer().terms("Königshütte Mönchsfließ Süd")
    for word, term in zip(["koenigshuette", "moenchsfliess", "sued"], table, strict=True):
        assert term in asked.forms(word)
    assert Analyzer("english", ["en"]).forms("koenig") == ("koenig",)
