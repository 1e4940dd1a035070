"""Replies in the language of the reader; quotes as they are in the document."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from bot.conversation.conversation import Conversation
from bot.conversation.questions import Request
from bot.conversation.replies import (
    AnswerReply,
    CheckReply,
    Help,
    Refusal,
    Reply,
    Sources,
    VerificationReply,
    Welcome,
)
from bot.i18n.language import (
    LANGUAGES,
    Phrase,
    clock,
    current_language,
    day,
    decimal,
    match_language,
    ordinal,
    speaking,
)
from bot.settings import BotSettings
from bot.telegram.rendering.message import Message
from bot.telegram.rendering.replies import QUOTE_TYPES, format_reply
from bot.texts import answers as wording
from index.answering.answerer import MAX_QUESTION_CHARS, check_question
from index.answering.quote_check import Finding, Verdict, split_quote
from index.answering.verification import State
from index.core.answers import Quote
from index.core.errors import OnrecordError
from index.core.scope import LibraryStatus, first_day
from index.store.certificates import parse_id
from index.text.diff import compare
from tests.bot.telegram.rendering.test_replies import check_limits, quotes, shown
from tests.support.library import (
    EXAMPLES,
    STATUS,
    StubLibrary,
    abstained,
    answered,
    document,
    quote,
    unsure,
    verification,
)

RIGHT_TO_LEFT = {"fa", "ar"}
ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")
NAMES = ("Taliban seize a key district", "طالبان به مرز رسیدند", "אב Berlin", "3 דברים")
others = pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("es", "es"),
        ("es-MX", "es"),
        ("ar-EG", "ar"),
        ("uk", "uk"),
        ("fa_IR.UTF-8", "fa"),
        ("DE", "de"),
        ("C.UTF-8", None),
        ("est", None),
        ("zh-hans", None),
        ("", None),
        (None, None),
    ],
)
def test_a_code_of_telegram_or_the_system(code: str | None, language: str | None) -> None:
    assert match_language(code) == language


def test_a_language_is_spoken_until_the_block_ends() -> None:
    with speaking("de"), speaking("fr"):
        assert current_language() == "fr"
    assert current_language() == "en"


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("1,204", "1204", "10 July 2021", "14:05")),
        ("de", ("1.204", "1204", "10. Juli 2021", "14:05")),
        ("fr", ("1\u202f204", "1204", "10 juillet 2021", "14:05")),
        ("ru", ("1\u00a0204", "1204", "10 июля 2021\u202fг.", "14:05")),
        ("fa", ("۱٬۲۰۴", "۱۲۰۴", "۱۰ ژوئیهٔ ۲۰۲۱", "۱۴:۰۵")),
        ("ar", ("1,204", "1204", "10 يوليو 2021", "14:05")),
    ],
)
def test_numbers_and_dates(language: str, texts: tuple[str, ...]) -> None:
    with speaking(language):
        said = decimal(1204), ordinal(1204), day(date(2021, 7, 10)), clock(time(14, 5))
    assert said == texts


def test_the_first_of_a_month_is_an_ordinal_in_french() -> None:
    with speaking("fr"):
        assert (day(date(2020, 7, 1)), day(date(2020, 7, 11))) == (
            "1er juillet 2020",
            "11 juillet 2020",
        )


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("0 documents", "1 document", "2 documents", "5 documents", "21 documents")),
        ("de", ("0 Dokumente", "1 Dokument", "2 Dokumente", "5 Dokumente", "21 Dokumente")),
        ("fr", ("0 document", "1 document", "2 documents", "5 documents", "21 documents")),
        ("ru", ("0 документов", "1 документ", "2 документа", "5 документов", "21 документ")),
        ("uk", ("0 документів", "1 документ", "2 документи", "5 документів", "21 документ")),
        ("fa", ("۰ سند", "۱ سند", "۲ سند", "۵ سند", "۲۱ سند")),
        ("ar", ("لا مستندات", "مستند واحد", "مستندان", "5 مستندات", "21 مستندًا")),
    ],
)
def test_plural_forms(language: str, texts: tuple[str, ...]) -> None:
    with speaking(language):
        assert tuple(map(wording.count_documents, (0, 1, 2, 5, 21))) == texts


def test_a_text_made_once_is_said_to_each_in_their_language() -> None:
    busy = Refusal(wording.busy(2))
    assert busy.text == "I'm busy: 2 questions are waiting. Please ask again in a minute."
    with speaking("ru"):
        (message,) = format_reply(busy)
    assert message.text.startswith("Я занят: ждут 2 вопроса.")


def test_a_phrase_remains_what_it_is_as_the_text_of_an_error() -> None:
    phrase = Phrase("at most {limit}", limit=1204)
    assert isinstance(str(ValueError(phrase)), Phrase)
    assert phrase == "at most 1,204"


@others
@pytest.mark.parametrize(
    "ask",
    [
        lambda: check_question(" "),
        lambda: check_question("a" * (MAX_QUESTION_CHARS + 1)),
        lambda: parse_id("7K3M"),
        lambda: first_day("{yesterday}"),
        lambda: split_quote(""),
        lambda: split_quote("a" * 9999),
        lambda: split_quote("One. " * 99),
    ],
)
def test_what_cannot_be_asked_is_said_in_every_language(
    language: str, ask: Callable[[], object]
) -> None:
    with pytest.raises(OnrecordError) as caught:
        ask()
    text = str(caught.value)
    refusal = Refusal(text)
    (english,) = format_reply(refusal)
    assert english.text == text[0].upper() + text[1:]
    with speaking(language):
        (said,) = format_reply(refusal)
    assert said.text != english.text
    assert ("{yesterday}" in said.text) == ("{yesterday}" in english.text)


def replies(found: Quote) -> list[Reply]:
    states = [State.UNCHANGED, State.MOVED, State.CHANGED]
    return [
        Help(),
        Welcome(EXAMPLES, STATUS),
        Welcome((), LibraryStatus(0, 0, None)),
        Sources((found.document, document(None)), 12, STATUS),
        Conversation(StubLibrary()).reply(Request.read("/sourcse")),
        AnswerReply(answered(found, found), STATUS),
        AnswerReply(abstained(found), STATUS),
        AnswerReply(abstained(found, missing=(found.text, "2019"), about=found.text), STATUS),
        AnswerReply(unsure(found, missing=(found.text,)), STATUS),
        *(VerificationReply(verification(state, found)) for state in states),
        *(VerificationReply(verification(state)) for state in set(State) - set(states)),
        CheckReply((Finding("He left.", Verdict.ALTERED, found, compare("He left.", found.text)),)),
        CheckReply((Finding("He left.", Verdict.NOT_FOUND),)),
        *(
            CheckReply((Finding(found.text, verdict, found, ()),))
            for verdict in (Verdict.EXACT, Verdict.TYPOGRAPHY)
        ),
    ]


def quotes_in(reply: Reply) -> list[str]:
    match reply:
        case AnswerReply(answer):
            return [quote.text for quote in answer.quotes or answer.closest]
        case VerificationReply(state):
            return [state.quote.text] if state.quote else []
        case CheckReply(findings):
            return [finding.quote.text for finding in findings if finding.quote]
    return []


@pytest.mark.slow
@others
@given(quotes())
def test_quotes_stay_verbatim_and_replies_fit(language: str, found: Quote) -> None:
    with speaking(language):
        for reply in replies(found):
            messages = format_reply(reply)
            check_limits(messages)
            assert "".join(shown(messages)) == "".join(quotes_in(reply))


@others
def test_nothing_is_left_in_english(language: str) -> None:
    words = re.compile(r"\b(?:the|and|said by|quotes?|each|my)\b")
    with speaking(language):
        for reply in replies(quote("א", source=document("ב", "ג.txt"))):
            if reply != Welcome(EXAMPLES, STATUS):
                text = format_reply(reply)[0].text
                # Follow-ups are understood in English alone.
                assert not words.search(text.replace("“and in Herat?”", ""))


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@given(title=st.sampled_from(NAMES), speaker=st.sampled_from(NAMES), text=st.sampled_from(NAMES))
def test_names_of_the_other_direction_are_isolated(
    language: str, title: str, speaker: str, text: str
) -> None:
    found = quote(text, source=document(title, "a/b.txt"), speaker=speaker)
    with speaking(language):
        for reply in replies(found):
            (message,) = format_reply(reply)
            assert shown([message]) == [text] * len(quotes_in(reply))
            if not message.texts_under(MessageEntity.STRIKETHROUGH):
                for line in around_quotes(message).splitlines():
                    check_direction(line, language)


def around_quotes(message: Message) -> str:
    """Return the text that is under no blockquote."""
    text = message.text
    for entity in reversed(message.entities):
        if entity.type in QUOTE_TYPES:
            text = text[: entity.offset] + text[entity.offset + entity.length :]
    return text


def check_direction(line: str, language: str) -> None:
    """Text outside of isolates has the direction of the language, but for commands."""
    outside = ISOLATED.sub("", line)
    assert not set(outside) & set("\u2068\u2069"), line
    if language in RIGHT_TO_LEFT:
        assert not re.search(r"(?<![\u200e\w])/[a-z]", outside), line
        commands = r"\u200e/\w+(?: [A-Za-z0-9.:/-]+)?|Telegram|ONRECORD_\w+|7K3M-Q2XA-90VB"
        outside = re.sub(commands, "", outside)
    strong = {unicodedata.bidirectional(character) for character in outside} & {"L", "R", "AL"}
    if strong:
        assert strong <= ({"R", "AL"} if language in RIGHT_TO_LEFT else {"L"}), line


def test_the_terminal_follows_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "ONRECORD_INTERFACE"):
        monkeypatch.delenv(name, raising=False)
    assert BotSettings(_env_file=None).interface == "en"
    monkeypatch.setenv("LANG", "de_AT.UTF-8")
    assert BotSettings(_env_file=None).interface == "en"
    monkeypatch.setenv("ONRECORD_INTERFACE", "Auto")
    assert BotSettings(_env_file=None).interface == "de"
    monkeypatch.setenv("LC_ALL", "C")
    assert BotSettings(_env_file=None).interface == "en"
    monkeypatch.setenv("ONRECORD_INTERFACE", "uk")
    assert BotSettings(_env_file=None).interface == "uk"
    monkeypatch.setenv("ONRECORD_INTERFACE", "Klingon")
    with pytest.raises(ValueError, match="give one of en, es"):
        BotSettings(_env_file=None)
