"""Texts are measured, split and packed in UTF-16 units, without loss."""

from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from bot.telegram.rendering.message import MAX_UNITS, Message, pack, styled, utf16_len, utf16_split
from tests.bot.telegram.rendering.test_replies import LONG_TEXTS, TEXTS


@given(TEXTS, st.integers(2, 50))
def test_splitting_loses_nothing(text: str, max_units: int) -> None:
    pieces = utf16_split(text, max_units)
    assert "".join(pieces) == text
    assert all(utf16_len(piece) <= max_units for piece in pieces)
    assert utf16_len(text) == len(text.encode("utf-16-le")) // 2


@given(st.lists(LONG_TEXTS.map(lambda text: Message(text[: MAX_UNITS // 2])), max_size=8))
def test_packing_loses_nothing_and_is_greedy(blocks: list[Message]) -> None:
    messages = pack(blocks)
    assert "\n\n".join(message.text for message in messages) == "\n\n".join(
        block.text for block in blocks
    )
    assert all(message.fits for message in messages)


def test_packing_minds_the_number_of_entities() -> None:
    bold = styled("x", MessageEntity.BOLD)
    many = sum((bold for _ in range(59)), bold)
    assert len(pack([many, many])) == 2


@given(TEXTS, TEXTS, TEXTS)
def test_entities_move_with_their_texts(before: str, text: str, after: str) -> None:
    joined = before + styled(text, MessageEntity.BOLD) + after
    assert joined.text == before + text + after
    assert joined.texts_under(MessageEntity.BOLD) == [text]
    assert joined == Message(before) + styled(text, MessageEntity.BOLD) + Message(after)
