"""The limits of files are named as whose they are."""

import pytest

from bot.scheduling.planning import check_file
from bot.settings import BotSettings
from bot.storage.uploads import Limits, Offer
from index.core.errors import DocumentError
from tests.botapi import TOKEN


async def download() -> bytes:
    return b""


@pytest.mark.parametrize(
    ("url", "max_file_mb", "size_mb", "reason"),
    [
        ("https://api.telegram.org", 20, 21, "Telegram hands files of at most 20 MB"),
        ("https://api.telegram.org/", 50, 21, "Telegram hands files of at most 20 MB"),
        ("https://api.telegram.org", 5, 21, "the limit is 5 MB"),
        ("http://localhost:8081", 20, 21, "the limit is 20 MB"),
        ("http://localhost:8081", 50, 21, ""),
    ],
)
def test_a_file_that_is_too_large(url: str, max_file_mb: float, size_mb: int, reason: str) -> None:
    settings = BotSettings(_env_file=None, telegram_bot_token=TOKEN, telegram_api_url=url)
    limits = Limits(max_file_mb, 9, 999, settings.download_mb)
    offer = Offer(1, 1, 1, "a.txt", size_mb * 1_000_000, download)
    if not reason:
        check_file(offer, offer.size_bytes, limits)
        return
    with pytest.raises(DocumentError) as error:
        check_file(offer, offer.size_bytes, limits)
    assert reason in str(error.value)
