"""Small talk is told from questions, in the languages of the interface.

`small_talk/` has utterances with their kind, "-" for what asks something. The phrases were chosen
with a look at `tuning.tsv`; `held_out.tsv` is there to measure.
"""

import tomllib
from pathlib import Path

import pytest

from bot.conversation.small_talk import PHRASES, Kind, small_talk, without_opening
from bot.i18n.language import LANGUAGES

UTTERANCES = Path(__file__).with_name("small_talk")
BY_SIGN = {Kind.EMOJI, Kind.PUNCTUATION}


@pytest.mark.parametrize(("name", "missed", "mistaken"), [("tuning", 2, 1), ("held_out", 6, 0)])
def test_small_talk_is_found_and_no_question_taken_for_it(
    name: str, missed: int, mistaken: int
) -> None:
    lines = (UTTERANCES / f"{name}.tsv").read_text("utf-8").splitlines()
    given = [tuple(line.split("\t")) for line in lines]
    missing = [text for kind, text in given if kind != "-" and small_talk(text) is None]
    wrong = [text for kind, text in given if kind == "-" and small_talk(text) is not None]
    assert len(missing) <= missed, missing
    assert len(wrong) <= mistaken, wrong
    kinds = [text for kind, text in given if small_talk(text) not in {None, kind, "-"}]
    assert len(kinds) <= missed, kinds


def test_every_kind_is_known_in_every_language() -> None:
    sections = tomllib.loads(PHRASES.read_text("utf-8"))
    for kind in set(Kind) - BY_SIGN:
        assert sections[kind].keys() >= LANGUAGES.keys()
        for language in LANGUAGES:
            phrases = " ".join(sections[kind][language].split()).split(", ")
            plain = [phrase for phrase in phrases if not set("(*") & set(phrase)]
            assert plain
            assert [phrase for phrase in plain if small_talk(f"{phrase}!") is None] == []


def test_the_name_of_the_bot_may_stand_beside_it() -> None:
    assert small_talk("Thanks, Archie Reads!", ["Archie Reads"]) is Kind.THANKS
    assert small_talk("Thanks, Archie Reads!") is None
    assert small_talk("Archie Reads", ["Archie Reads"]) is None


def test_of_several_kinds_the_one_to_be_helped_counts() -> None:
    assert small_talk("hi! who are you? what can you do?") is Kind.ABILITIES
    assert small_talk("ok, thanks, bye 👋") is Kind.THANKS


def test_a_word_that_another_one_stretched_resembles_is_another_word() -> None:
    assert small_talk("noooo") is Kind.NO
    assert small_talk("noon") is None
    assert small_talk("gooood") is Kind.OK
    assert small_talk("god") is None


def test_thanks_are_for_a_few_words_that_ask_nothing() -> None:
    assert small_talk("Thanks for the lovely quote, bye!") is Kind.THANKS
    assert small_talk("Merci pour ces infos") is Kind.THANKS
    assert small_talk("thanks for that what about Iran") is None
    assert small_talk("thanks for") is None
    assert small_talk("thanks for the map of all the borders of Iran") is None


def test_nothing_is_no_small_talk() -> None:
    assert small_talk("") is None
    assert small_talk(" \n") is None
    assert small_talk("thanks " * 100) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Thanks. And in Herat?", "And in Herat?"),
        ("Hi, thanks! Which borders?", "Which borders?"),
        ("ok and when?", "and when?"),
        ("Hola, ¿qué fronteras?", "¿qué fronteras?"),
        ("no, in 2019", "in 2019"),
        ("Hello, Dolly!", "Hello, Dolly!"),
        ("yes or no: did they win?", "yes or no: did they win?"),
        ("Thanks to whom, and when?", "Thanks to whom, and when?"),
        ("thanks", "thanks"),
        ("Who are you, and what is Herat?", "Who are you, and what is Herat?"),
    ],
)
def test_a_question_is_read_without_what_opens_it(text: str, rest: str) -> None:
    assert without_opening(text) == rest
