"""Init data that Telegram never makes are forged: no error, whoever signed them."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from bot.conversation.places import Pass
from bot.web.chats.init_data import check_init_data, hash_of
from tests.botapi import TOKEN

USER = '{"id": 7}'


@pytest.mark.parametrize(
    "data", ["hash=\ud800", "\ud800=1&hash=x", "a=\ud800&hash=x", "hash=é", "hash=", "&" * 99, ""]
)
def test_what_is_no_text(data: str) -> None:
    assert check_init_data(data, TOKEN, 1e9) == (Pass.FORGED, 0)


@pytest.mark.parametrize(
    "fields",
    [
        {"auth_date": "9" * 5000, "user": USER},
        {"auth_date": "²", "user": USER},
        {"auth_date": "", "user": USER},
        {"auth_date": "1", "user": f'{{"id": {"9" * 5000}}}'},
        {"auth_date": "1", "user": "[" * 4000},
        {"auth_date": "1", "user": '{"id": true}'},
    ],
)
def test_what_no_server_signs(fields: dict[str, str]) -> None:
    data = urlencode(fields | {"hash": hash_of(fields, TOKEN)})
    passed, user = check_init_data(data, TOKEN, 1e9)
    assert (passed is Pass.VALID, user) == (False, 0)
