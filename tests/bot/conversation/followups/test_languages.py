"""Questions that lean on the one before, in the languages of the interface."""

from __future__ import annotations

import pytest

from bot.conversation.followups.references import Before
from bot.conversation.followups.rewriting import Meaning, meanings

ASKED = {
    "ru": "сколько стоит ремонт моста",
    "uk": "скільки коштує ремонт мосту",
    "de": "wer schließt die Geburtshilfe",
    "es": "cuanto costara la obra del tranvia",
    "fr": "combien de postes sont supprimés",
    "fa": "سد چند متر ارتفاع دارد",
    "ar": "كم تكلفة الأعمال",
}


def read(language: str, text: str) -> list[Meaning]:
    return meanings(Before(ASKED[language]), text)


@pytest.mark.parametrize(
    ("language", "text", "question"),
    [
        ("ru", "а когда?", "когда стоит ремонт моста?"),
        ("ru", "кто это сказал", "кто сказал стоит ремонт моста?"),
        ("uk", "а хто?", "хто коштує ремонт мосту?"),
        ("uk", "і чому", "чому коштує ремонт мосту?"),
        ("de", "und wann?", "wann schließt die Geburtshilfe?"),
        ("de", "und wer noch", "wer noch schließt die Geburtshilfe?"),
        ("es", "y cuando?", "cuando costara la obra del tranvia?"),
        ("es", "¿y por qué?", "por qué costara la obra del tranvia?"),
        ("es", "y quien lo dijo", "quien dijo costara la obra del tranvia?"),
        ("fr", "et pourquoi", "pourquoi postes sont supprimés?"),
        ("fr", "qui l'a dit ?", "qui l'a dit postes sont supprimés?"),
        ("fa", "و کی؟", "کی سد متر ارتفاع دارد؟"),
        ("fa", "چرا؟", "چرا سد متر ارتفاع دارد؟"),
        ("ar", "ومتى؟", "متى تكلفة الأعمال؟"),
        ("ar", "ومن قال ذلك", "من قال تكلفة الأعمال؟"),
    ],
)
def test_question_words_alone_ask_on(language: str, text: str, question: str) -> None:
    first, *_others = read(language, text)
    assert (first.question, first.is_bare) == (question, True)


@pytest.mark.parametrize(
    ("language", "text", "question"),
    [
        ("ru", "нет, я про парк", "парк?"),
        ("ru", "нет я имел в виду парк", "парк?"),
        ("uk", "ні, я про трамвай", "трамвай?"),
        ("de", "nein ich meinte das Freibad", "das Freibad?"),
        ("es", "no, me refiero a la piscina", "la piscina?"),
        ("fr", "non je voulais dire la bibliothèque", "la bibliothèque?"),
        ("fa", "نه منظورم بیمارستان بود", "بیمارستان؟"),
        ("ar", "لا أقصد المدرسة", "المدرسة؟"),
    ],
)
def test_corrections(language: str, text: str, question: str) -> None:
    assert question in [meaning.question for meaning in read(language, text)]


@pytest.mark.parametrize(
    ("language", "text"),
    [("ru", "а когда начнется?"), ("uk", "і коли почнеться"), ("es", "y cuándo empieza?")],
)
def test_a_subject_that_is_left_out_is_that_of_the_question_before(
    language: str, text: str
) -> None:
    first, *others = read(language, text)
    assert first.seen == f"{ASKED[language]} → {text}"
    assert [meaning.is_alone for meaning in others] == [True, True]


@pytest.mark.parametrize(
    ("language", "text", "question"),
    [
        ("ru", "а в Твери?", "сколько стоит ремонт моста в Твери?"),
        ("de", "und in Bonn?", "wer schließt die Geburtshilfe in Bonn?"),
        ("fr", "et à Paris ?", "combien de postes sont supprimés à Paris?"),
        ("fa", "و در هرات؟", "سد چند متر ارتفاع دارد در هرات؟"),
        ("ar", "وفي الرملة؟", "كم تكلفة الأعمال في الرملة؟"),
    ],
)
def test_another_place(language: str, text: str, question: str) -> None:
    assert question in [meaning.question for meaning in read(language, text)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "кто закрыл Каменный мост в Твери"),
        ("de", "wer sagte das über die Brücke in Bonn"),
        ("es", "quién cerró el puente de Ronda"),
        ("fa", "چه کسی پل هرات را بست"),
    ],
)
def test_a_whole_question_stands_alone(language: str, text: str) -> None:
    assert read(language, text)[0].question == text
