"""Refusals in a row are said once."""

from bot.scheduling.quota import MAX_REMEMBERED, Refusals


def test_a_burst_ends_with_a_pause_or_an_answer() -> None:
    now = 0.0
    refusals = Refusals(clock=lambda: now)

    def is_news(reason: str = "quota", user_id: int = 1) -> bool:
        return refusals.is_news(7, user_id, reason, for_s=10.0)

    assert is_news()
    assert is_news("busy")
    assert is_news(user_id=2)
    now = 9.0
    assert not is_news()
    now = 18.0
    assert not is_news()
    refusals.end(7, 1)
    assert is_news()
    assert not is_news()
    now = 28.0
    assert is_news()
    now = 60.0
    for user_id in range(MAX_REMEMBERED + 2):
        refusals.is_news(8, user_id, "busy", for_s=0.0)
    assert len(refusals.said) < MAX_REMEMBERED
