"""The language of questions and documents: certain, or none."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from bot.i18n.language import LANGUAGES
from index.text.language import (
    detect,
    guess,
    is_plainly_in,
    of_document,
    plain_language,
)

QUESTIONS = Path(__file__).parent / "languages"
ENGLISH = (
    "The mayor said that the bridge would be closed to all traffic until the end of the week. "
)
GERMAN = "Der Bürgermeister sagte, dass die Brücke bis zum Ende der Woche gesperrt bleiben wird. "


def read(name: str) -> list[tuple[str, str]]:
    with (QUESTIONS / name).open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(language, text) for language, text in rows]


@pytest.mark.parametrize(
    ("name", "least", "most_wrong"), [("tuning.tsv", 82, 0), ("held_out.tsv", 81, 2)]
)
def test_short_questions(name: str, least: int, most_wrong: int) -> None:
    told: Counter[str] = Counter()
    for language, text in read(name):
        found = detect(text)
        if found is not None and found.language != language:
            told["wrong"] += 1
        elif found is not None and language != "en":
            told["foreign"] += 1
    assert told["foreign"] >= least
    assert told["wrong"] <= most_wrong


@pytest.mark.parametrize("name", ["tuning.tsv", "held_out.tsv"])
def test_no_foreign_question_is_plainly_english(name: str) -> None:
    plain = [language for language, text in read(name) if is_plainly_in(text, ["en-GB"])]
    assert plain.count("en") == len(plain) >= 15


@pytest.mark.parametrize(
    "text", ["", "???", "2021", "Taliban", "Badghis", "Ashraf Ghani?", "Herat"]
)
def test_names_are_of_no_language(text: str) -> None:
    assert detect(text) is None


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("کی گفت؟", "fa"),
        ("معاون وزير نيرو كيست", "fa"),
        ("من رئيس بلدية عين الحجر", "ar"),
        ("хто пише", "uk"),
        ("кто пишет", "ru"),
        ("combien de postes", "fr"),
        ("wer sagt", "de"),
    ],
)
def test_question_words_tell_the_language(question: str, language: str) -> None:
    found = detect(question)
    assert found is not None
    assert found.language == language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wer hat gewonnen?", "de"),
        ("کرزی کیست", "fa"),
        ("Хто такий Карзай?", "uk"),
        ("Chi ha iniziato la guerra?", None),
        ("שלום", None),
        ("", None),
    ],
)
def test_the_likeliest_of_some(text: str, expected: str | None) -> None:
    assert guess(text, LANGUAGES) == expected


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        (4 * ENGLISH, None, "en"),
        (GERMAN, None, "de"),
        (4 * ENGLISH, "en-GB", "en-GB"),
        (4 * GERMAN, "en", "de"),
        ("Yes.", "de", "de"),
        ("Anna Berg, Lindholm, Kiel; Otto Krug, Bremen", None, None),
        ("1, 2, 3", None, None),
        ("", "fr", "fr"),
        ("Район;Глава;Школ\nЗаречный;Ирина Лебедева;19\nОзёрный;Тимур Хабибуллин;8", None, "ru"),
        ("Місто;Мер\nБілогорськ;Ольга Сич\nЯруга;Любов Ївченко", None, "uk"),
        ("شهر,شهردار\nگلدره,رحیم شکوهی\nکوهسار,پروین صادقی", None, "fa"),
        ("Grünwalde;Götz Höfer\nKönigshütte;Sabine Kühn\nМюнхен;Bonn", None, None),
    ],
)
def test_of_a_document(text: str, declared: str | None, expected: str | None) -> None:
    assert of_document(text, declared) == expected


@pytest.mark.parametrize(
    "text", ["actor who plays eric on boy meets world", "rosa from orange is the new blakc actress"]
)
def test_lists_of_other_languages_that_hold_english_words_do_not_win(text: str) -> None:
    assert plain_language(text) == "en"


def test_a_language_without_a_list_of_its_own_stays() -> None:
    assert plain_language("Mikä on Suomen pääkaupunki ja missä se on?") == "fi"
