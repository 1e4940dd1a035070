"""A quote leaves unchanged and within Telegram's limits, whatever the document holds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from bot.conversation.replies import (
    AnswerReply,
    CheckReply,
    Help,
    Refusal,
    Reply,
    VerificationReply,
    Welcome,
    in_groups,
)
from bot.errors import VerbatimError
from bot.telegram.commands import PUBLIC_COMMANDS
from bot.telegram.rendering.message import (
    MAX_ENTITIES,
    MAX_UNITS,
    Message,
    styled,
    utf16_cut,
    utf16_len,
)
from bot.telegram.rendering.replies import (
    QUOTE_TYPES,
    check_verbatim,
    format_context,
    format_reply,
    format_together,
)
from index.answering.quote_check import Finding, Verdict
from index.answering.verification import State
from index.core.answers import Answer, Quote
from index.core.documents import Entry, Span, Speaker
from index.core.scope import LibraryStatus, Scope
from index.text.diff import compare
from tests.support.library import (
    BORDERS,
    STATUS,
    abstained,
    answered,
    document,
    quote,
    unsure,
    verification,
)

HOSTILE = st.sampled_from(["<b>", "&amp;", '"', "😀", "👩‍👩‍👧", "\u202e", "שלום", "\n", "[/bold]"])
TEXTS = st.lists(st.text(max_size=20) | HOSTILE, min_size=1, max_size=8).map("".join)
LONG_TEXTS = st.builds(lambda text, times: text * times, TEXTS, st.integers(1, 400))
NAMES = st.none() | TEXTS


@st.composite
def quotes(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> Quote:
    text = draw(texts.filter(bool))
    start = draw(st.integers(0, 100))
    borders = st.integers(start, start + len(text))
    pairs = draw(st.lists(st.tuples(borders, borders), max_size=4))
    speaker = draw(NAMES)
    return Quote(
        document=document(draw(NAMES), draw(TEXTS), draw(st.none() | st.dates())),
        span=Span(start, start + len(text)),
        text=text,
        paragraph=draw(st.integers(1, 10**6)),
        score=0.5,
        answer=tuple(Span(min(pair), max(pair)) for pair in pairs),
        page=draw(st.none() | st.integers(1, 10**6)),
        speaker=Speaker(speaker, Span(0, 0)) if speaker is not None else None,
    )


def shown(messages: list[Message]) -> list[str]:
    return [text for message in messages for text in message.texts_under(*QUOTE_TYPES)]


def check_limits(messages: list[Message]) -> None:
    for message in messages:
        assert message.text.strip()
        assert utf16_len(message.text) <= MAX_UNITS
        assert len(message.entities) <= MAX_ENTITIES
        for entity in message.entities:
            assert entity.length > 0
            assert entity.offset + entity.length <= utf16_len(message.text)
            utf16_cut(message.text, entity.offset, entity.length)


def span(entity: MessageEntity) -> Span:
    return Span(entity.offset, entity.offset + entity.length)


def check_bold(messages: list[Message]) -> None:
    for message in messages:
        outer = [span(entity) for entity in message.entities if entity.type in QUOTE_TYPES]
        for entity in message.entities:
            if entity.type == MessageEntity.BOLD:
                assert any(quoted.covers(span(entity)) for quoted in outer)


@pytest.mark.slow
@given(
    st.lists(quotes(TEXTS | LONG_TEXTS), max_size=3),
    st.sampled_from([answered, unsure, abstained]),
)
def test_quotes_leave_unchanged(found: list[Quote], make: Callable[..., Answer]) -> None:
    messages = format_reply(AnswerReply(make(*found), STATUS))
    expected = found[:1] if make is abstained else in_groups(found)
    assert "".join(shown(messages)) == "".join(quote.text for quote in expected)
    whole = [quote.text for quote in expected if utf16_len(quote.text) < 3500]
    assert [text for text in shown(messages) if text in whole] == whole
    check_limits(messages)
    check_bold(messages)


@pytest.mark.slow
@given(quotes(LONG_TEXTS))
def test_a_quote_longer_than_a_message_leaves_in_pieces(long: Quote) -> None:
    messages = format_reply(AnswerReply(answered(long), STATUS))
    assert "".join(shown(messages)) == long.text
    place = f"page {long.page}" if long.page else f"¶ {long.paragraph}"
    assert place in messages[-1].text
    check_limits(messages)
    check_bold(messages)


@pytest.mark.slow
@given(st.lists(quotes(LONG_TEXTS), min_size=1, max_size=4))
def test_a_context_is_verbatim_and_unfolded(pieces: list[Quote]) -> None:
    messages = format_context(pieces, 1, of_several=True)
    assert all(message.fits for message in messages)
    shown = [text for message in messages for text in message.texts_under(*QUOTE_TYPES)]
    assert "".join(shown) == "".join(piece.text for piece in pieces)
    assert not any(m.texts_under(MessageEntity.EXPANDABLE_BLOCKQUOTE) for m in messages)


def test_a_short_answer_in_hundreds_of_places_stays_within_the_limit() -> None:
    spans = tuple(Span(start, start + 1) for start in range(17, 617, 2))
    found = replace(quote("ab" * 300), answer=spans)
    messages = format_reply(AnswerReply(answered(found), STATUS))
    assert shown(messages) == [found.text]
    check_limits(messages)


@given(st.lists(TEXTS, max_size=3), TEXTS)
def test_other_replies_are_one_message(examples: list[str], refusal: str) -> None:
    for reply in (Welcome(tuple(examples), STATUS), Help(), Refusal(f"No: {refusal}")):
        messages = format_reply(reply)
        assert len(messages) == 1
        check_limits(messages)


def test_the_look_of_an_answer() -> None:
    (message,) = format_reply(AnswerReply(answered(quote(BORDERS, "Iran", "China")), STATUS))
    resolved = "“In the past week”: 3–10 Jul 2021"
    assert message.text == (
        f"{BORDERS}\nTaliban seize a key district · 10 July 2021 · ¶ 2 · {resolved}"
    )
    assert message.texts_under(MessageEntity.BLOCKQUOTE) == [BORDERS]
    assert message.texts_under(MessageEntity.BOLD) == ["Iran", "China"]


def test_every_detail_of_a_source() -> None:
    source = document(title=None, path="reports/Meeting_notes.md")
    (message,) = format_reply(
        AnswerReply(answered(quote(source=source, page=3, speaker="Tariq Arian")), STATUS)
    )
    line = "\n— Tariq Arian, in Meeting notes · 10 July 2021 · page 3"
    assert message.text.endswith(f"{line} · “In the past week”: 3–10 Jul 2021")


def test_a_document_without_title_is_named_by_its_first_words() -> None:
    def name_of(opening: str, path: str = "reports/0a1b_2c.txt") -> str:
        source = replace(document(None, path, None), opening=opening)
        (message,) = format_reply(AnswerReply(answered(quote(source=source)), STATUS))
        return message.text.splitlines()[-1].removesuffix(" · ¶ 2")

    long = "Taliban fighters on Thursday seized control of a key district in the west."
    assert name_of(long) == "Taliban fighters on Thursday seized control…"
    assert name_of("Minutes of May\nWe met at noon.") == "Minutes of May"
    assert name_of("", "reports/annual_report-2021.pdf") == "annual report 2021"
    assert name_of("", "") == "Untitled"


def test_quotes_of_one_document_stand_above_its_name() -> None:
    other = replace(document("Second"), id=2)
    found = [
        quote("Near."),
        quote("Elsewhere.", source=other),
        quote("Far.", page=7, speaker="Ann"),
    ]
    (message,) = format_reply(AnswerReply(answered(*found), STATUS))
    assert message.text == (
        "Near.\n[1] ¶ 2\n\nFar.\n[2] page 7 — said by Ann\n\n"
        "Taliban seize a key district · 10 July 2021\n\n"
        "Elsewhere.\n[3] Second · 10 July 2021 · ¶ 2"
    )


def test_the_other_side_stands_below_its_heading() -> None:
    denial = replace(quote("No.", start=40, speaker="Ann"), side="disputed")
    other = replace(document("Second"), id=2)
    differing = replace(quote("Perhaps.", source=other), side="differs")
    claim = replace(quote("Yes."), beside=(denial, differing))
    found = [claim, quote("Perhaps.", source=other), quote("Far.", start=90)]
    (message,) = format_reply(AnswerReply(answered(*found), STATUS))
    assert message.text == (
        "Yes.\n[1] ¶ 2\n\nDisputed:\nNo.\n[2] ¶ 2 — said by Ann\n\n"
        "Taliban seize a key district · 10 July 2021\n\n"
        "Another source says:\nPerhaps.\n[3] Second · 10 July 2021 · ¶ 2\n\n"
        "Also:\nFar.\n[4] Taliban seize a key district · 10 July 2021 · ¶ 2"
    )
    assert shown([message]) == ["Yes.", "No.", "Perhaps.", "Far."]


def test_a_heading_stays_with_its_quote_in_another_message() -> None:
    denial = replace(quote("b" * 3000, start=4000), side="disputed")
    claim = replace(quote("a" * 3000), beside=(denial,))
    messages = format_reply(AnswerReply(answered(claim), STATUS))
    assert [message.text[:11] for message in messages] == ["a" * 11, "Disputed:\nb"]


def test_a_title_cannot_pass_for_a_heading() -> None:
    forged = quote("Near.", source=document("Disputed: all of it"))
    (message,) = format_reply(AnswerReply(answered(forged), STATUS))
    assert "“Disputed: all of it”" in message.text


def test_entries_of_several_days_have_their_own() -> None:
    found = [
        replace(quote(text), entry=Entry(0, published=date(2022, 5, number), time=time(9, number)))
        for number, text in enumerate(["Near.", "Far."], start=1)
    ]
    (message,) = format_reply(AnswerReply(answered(*found), STATUS))
    assert message.text == (
        "Near.\n[1] 1 May 2022 · 09:01 · ¶ 2\n\nFar.\n[2] 2 May 2022 · 09:02 · ¶ 2\n\n"
        "Taliban seize a key district"
    )


def test_what_came_closest_on_another_subject_is_not_shown() -> None:
    strange = replace(abstained(quote("Near."), missing=("Mongolia",)), on_subject=False)
    (message,) = format_reply(AnswerReply(strange, STATUS))
    assert message.text.startswith("Nothing I found mentions Mongolia. I searched ")
    assert "Closest" not in message.text
    assert not shown([message])


def test_questions_of_one_message_are_answered_in_one_if_they_fit() -> None:
    def asked(*texts: str) -> list[tuple[str, Reply]]:
        return [(f"Who {text[0]}?", AnswerReply(answered(quote(text)), STATUS)) for text in texts]

    place = "Taliban seize a key district · 10 July 2021 · ¶ 2"
    (message,) = format_together([*asked("a", "b"), ("What?", Refusal("no"))])
    assert message.text == (f"Who a?\na\n[1] {place}\n\nWho b?\nb\n[2] {place}\n\nWhat?\nNo")
    assert message.texts_under(MessageEntity.BOLD) == ["Who a?", "Who b?", "What?"]
    apart = format_together(asked("a" * 3000, "b" * 3000))
    assert [message.text[:7] for message in apart] == ["Who a?\n", "Who b?\n"]
    assert all(message.text.endswith(f"\n{place}") for message in apart)


def test_a_long_quote_can_be_folded() -> None:
    (short,) = format_reply(AnswerReply(answered(quote("a" * 300)), STATUS))
    (long,) = format_reply(AnswerReply(answered(quote("a" * 301)), STATUS))
    assert short.entities[0].type == MessageEntity.BLOCKQUOTE
    assert long.entities[0].type == MessageEntity.EXPANDABLE_BLOCKQUOTE


def test_three_quotes_at_most_the_best_first() -> None:
    (message,) = format_reply(AnswerReply(answered(*map(quote, "abcd")), STATUS))
    assert shown([message]) == ["a", "b", "c"]
    labels = [line[:3] for line in message.text.splitlines() if line.startswith("[")]
    assert labels == ["[1]", "[2]", "[3]"]


def test_quotes_that_do_not_fit_together_keep_their_sources() -> None:
    texts = [letter * 1500 for letter in "abc"]
    messages = format_reply(AnswerReply(answered(*map(quote, texts)), STATUS))
    assert [shown([message]) for message in messages] == [texts[:2], texts[2:]]
    assert messages[1].text.splitlines()[-1].startswith("[3] ")


def test_what_hardly_answers_is_left_to_the_button() -> None:
    scores = {"Sure.": 0.96, "Maybe.": 0.3, "Hardly.": 0.05}
    quotes = [replace(quote(text), score=score) for text, score in scores.items()]
    assert shown(format_reply(AnswerReply(answered(*quotes), STATUS))) == ["Sure.", "Maybe."]
    weak = [replace(each, score=each.score / 20) for each in quotes]
    assert shown(format_reply(AnswerReply(answered(*weak), STATUS))) == ["Sure."]


def test_the_help_names_each_command_once() -> None:
    (message,) = format_reply(Help())
    named = [line.split()[0] for line in message.text.splitlines() if line.startswith("/")]
    assert sorted(named) == sorted(f"/{name}" for name in PUBLIC_COMMANDS)


def test_the_look_of_an_abstention() -> None:
    (message,) = format_reply(AnswerReply(abstained(quote("Near."), quote("Far.")), STATUS))
    assert message.text == (
        "I can't find this in the documents. I searched 1,204 documents (newest: 31 December 2021)."
        "\n\nClosest, but not an answer:\nNear.\n"
        "Taliban seize a key district · 10 July 2021 · ¶ 2"
    )
    assert shown([message]) == ["Near."]


def test_an_abstention_names_what_is_missing() -> None:
    lacking = abstained(quote("Near."), missing=("2019", "\u202eWimbledon"), about="2022")
    (message,) = format_reply(AnswerReply(lacking, STATUS))
    assert message.text == (
        "Nothing I found mentions 2019 or Wimbledon. I searched 1,204 documents (newest: "
        "31 December 2021).\n\nClosest, about 2022:\nNear.\n"
        "Taliban seize a key district · 10 July 2021 · ¶ 2"
    )
    (limited,) = format_reply(AnswerReply(lacking, STATUS, Scope(source="AP")))
    assert limited.text.startswith(
        'Nothing I found mentions 2019 or Wimbledon. I can\'t find this within source:"AP". '
    )


def test_one_line_stands_above_all_quotes_of_an_unsure_answer() -> None:
    found = unsure(quote("Near."), quote("Far."))
    (message,) = format_reply(AnswerReply(found, STATUS))
    assert message.text.startswith("Not sure this answers it:\nNear.\n[1] ")
    assert "\n\nFar.\n[2] " in message.text
    (message,) = format_reply(AnswerReply(replace(found, missing=("2019",)), STATUS))
    assert message.text.startswith(
        "Nothing I found mentions 2019.\n\nNot sure this answers it:\nNear.\n"
    )


def test_an_answer_says_nothing_of_what_is_missing() -> None:
    plain = answered(quote("Near."))
    lacking = replace(plain, missing=("2019",))
    assert format_reply(AnswerReply(lacking, STATUS)) == format_reply(AnswerReply(plain, STATUS))


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (LibraryStatus(1, 5, None), "I can't find this in the documents. I searched 1 document."),
        (LibraryStatus(0, 0, None), "I can't find this: no documents are indexed yet."),
    ],
)
def test_an_abstention_over_few_documents(status: LibraryStatus, text: str) -> None:
    assert format_reply(AnswerReply(abstained(), status)) == [Message(text)]


def test_an_abstention_within_limits_names_them() -> None:
    scope = Scope(since=date(2030, 1, 1), source="Al Jazeera")
    reply = AnswerReply(abstained(), LibraryStatus(1, 5, None), scope)
    assert format_reply(reply) == [
        Message(
            'I can\'t find this within since:2030-01-01 source:"Al Jazeera". Without these limits '
            "I have 1 document."
        )
    ]


def test_a_name_stays_on_one_short_line_and_keeps_its_direction() -> None:
    source = document(title="  \u202eשלום\r\n" + "א" * 100)
    (message,) = format_reply(AnswerReply(answered(quote("a", source=source)), STATUS))
    line = message.text.splitlines()[-1]
    name = line.removeprefix("[1] ").partition(" · ")[0]
    assert name.startswith("\u2068שלום א")
    assert name.endswith("…\u2069")
    assert len(name) == 82


def altered(message: Message, text: str) -> Message:
    return replace(message, text=text)


def test_a_changed_quote_is_noticed() -> None:
    found = quote("Ab c.")
    message = styled("Ab c.", MessageEntity.BLOCKQUOTE)
    check_verbatim([message], [found])
    for wrong in ([altered(message, "Ab d.")], [], [message, message]):
        with pytest.raises(VerbatimError):
            check_verbatim(wrong, [found])


@pytest.mark.parametrize(
    "wrong",
    [
        replace(quote("Ab c."), span=Span(0, 4)),
        replace(quote("Ab c."), answer=(Span(0, 3),)),
    ],
)
def test_spans_of_another_text_are_noticed(wrong: Quote) -> None:
    answer = answered(wrong)
    with pytest.raises(VerbatimError, match=r"news/taliban\.txt"):
        format_reply(AnswerReply(answer, STATUS))


def reply_of(verdict: Verdict, found: Quote | None, text: str) -> list[Message]:
    diff = compare(text, found.text) if found and verdict is not Verdict.EXACT else ()
    return format_reply(CheckReply((Finding(text, verdict, found, diff),)))


def test_other_sources_are_counted() -> None:
    one = replace(quote("Near."), also=(quote("Near."),))
    (message,) = format_reply(AnswerReply(answered(one), STATUS))
    assert message.text.endswith("¶ 2 · also in 1 other source")
    two = replace(one, also=(quote("Near."),) * 2)
    (message,) = format_reply(AnswerReply(answered(two), STATUS))
    assert message.text.endswith("also in 2 other sources")


def test_changes_are_struck_through_and_underlined() -> None:
    (message,) = reply_of(Verdict.ALTERED, quote("He said no, twice."), "He said yes 😀.")
    assert shown([message]) == ["He said no, twice."]
    assert message.texts_under(MessageEntity.STRIKETHROUGH) == ["yes 😀"]
    assert message.texts_under(MessageEntity.UNDERLINE) == ["no, twice"]


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_stands_above_its_quote(verdict: Verdict) -> None:
    found = None if verdict is Verdict.NOT_FOUND else quote("He said no.", "said")
    (message,) = reply_of(verdict, found, "He said “no”.")
    assert message.text.splitlines()[0].startswith(
        {
            Verdict.EXACT: "Exact, word for word, part of a sentence:",
            Verdict.TYPOGRAPHY: "Exact but for typography",
            Verdict.ALTERED: "Altered.",
            Verdict.NOT_FOUND: "Not found, nor anything close to it: He said “no”.",
        }[verdict]
    )
    assert shown([message]) == ([found.text] if found else [])


@pytest.mark.parametrize("state", State)
def test_a_state_is_told(state: State) -> None:
    is_there = state in {State.UNCHANGED, State.MOVED, State.CHANGED}
    now = quote() if is_there else None
    (message,) = format_reply(VerificationReply(verification(state, now)))
    assert shown([message]) == ([BORDERS] if is_there else [])
    named = {State.SENTENCE_GONE, State.DOCUMENT_GONE}
    assert ("taliban.txt" in message.text) == (state in named)


@given(TEXTS | LONG_TEXTS, quotes(TEXTS | LONG_TEXTS))
def test_a_check_fits_messages(text: str, found: Quote) -> None:
    messages = reply_of(Verdict.ALTERED, found, text)
    check_limits(messages)
    assert "".join(shown(messages)) == found.text
