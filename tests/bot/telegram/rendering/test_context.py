"""What the buttons bring is verbatim and within Telegram's limits, too."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from bot.telegram.rendering.replies import QUOTE_TYPES, format_context
from bot.telegram.rendering.sources import format_origins
from index.core.answers import Quote
from tests.bot.telegram.rendering.test_replies import LONG_TEXTS, quotes


@given(st.lists(quotes(LONG_TEXTS), min_size=1, max_size=4))
def test_a_context_is_verbatim_and_unfolded(pieces: list[Quote]) -> None:
    messages = format_context(pieces, 1, "7K3M-Q2XA-90VB")
    assert all(message.fits for message in messages)
    shown = [text for message in messages for text in message.texts_under(*QUOTE_TYPES)]
    assert "".join(shown) == "".join(piece.text for piece in pieces)
    assert not any(m.texts_under(MessageEntity.EXPANDABLE_BLOCKQUOTE) for m in messages)


@given(st.lists(quotes(), min_size=1, max_size=3), st.lists(quotes(), max_size=15))
def test_the_places_of_quotes_fit(shown: list[Quote], others: list[Quote]) -> None:
    messages = format_origins([replace(one, also=tuple(others)) for one in shown], 4)
    assert all(message.fits for message in messages)
    assert not any(message.texts_under(*QUOTE_TYPES) for message in messages)
    text = "\n".join(message.text for message in messages)
    assert all(f"[{number}] " in text for number in range(4, 4 + len(shown)))
