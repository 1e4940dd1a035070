"""Settings are read from the environment, and a wrong one says so."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import BotSettings, from_environment, variable_of
from index.core.settings import IndexSettings

TOKEN = "123456789:AAFake-token_only-for-the-tests"


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "ONRECORD_ALLOWED"):
        monkeypatch.delenv(name, raising=False)


def test_defaults() -> None:
    settings = from_environment(BotSettings)
    assert settings.telegram_bot_token is None
    assert settings.base_url == "https://api.telegram.org/bot"
    assert settings.base_file_url == "https://api.telegram.org/file/bot"
    assert settings.allowed == frozenset()
    assert (settings.queue_size, settings.concurrent_updates) == (64, 16)


def test_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", f" {TOKEN}\n")
    monkeypatch.setenv("TELEGRAM_API_URL", "http://localhost:8081/")
    monkeypatch.setenv("ONRECORD_ALLOWED", "12, -1001000000001,")
    monkeypatch.setenv("ONRECORD_QUEUE_SIZE", "3")
    settings = from_environment(BotSettings)
    assert settings.telegram_bot_token is not None
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    assert settings.base_url == "http://localhost:8081/bot"
    assert settings.allowed == {12, -1001000000001}
    assert settings.queue_size == 3


def test_a_file_beside_the_working_directory(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\nOTHER=1\n")
    assert from_environment(BotSettings).telegram_bot_token is not None


def test_the_token_stays_out_of_sight() -> None:
    assert "AAFake" not in repr(BotSettings(telegram_bot_token=TOKEN))


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "")
    monkeypatch.setenv("ONRECORD_ALLOWED", "")
    assert from_environment(BotSettings) == BotSettings()


@pytest.mark.parametrize(
    ("variable", "value", "hint"),
    [
        ("TELEGRAM_BOT_TOKEN", "sesame", "@BotFather"),
        ("TELEGRAM_BOT_TOKEN", "12:sesame open", "@BotFather"),
        ("TELEGRAM_API_URL", "sesame:8081", "https://api.telegram.org"),
        ("TELEGRAM_API_URL", "http://sesame/?a=b", "root"),
        ("ONRECORD_ALLOWED", "12,sesame", "whole numbers"),
        ("ONRECORD_ADMINS", "12,sesame", "whole numbers"),
        ("ONRECORD_ADMINS", "12,-1005", "greater than 0"),
        ("ONRECORD_UPLOADERS", "12;13 sesame", "whole numbers"),
        ("ONRECORD_OWNER", "sesame", "integer"),
        ("ONRECORD_OWNER", "-5", "greater than 0"),
        ("ONRECORD_OPEN", "sesame", "boolean"),
        ("ONRECORD_WEBHOOK_URL", "sesame.org/hook", "https://"),
        ("ONRECORD_WEBHOOK_SECRET", "open sesame", "A-Z"),
        ("ONRECORD_QUEUE_SIZE", "0", "greater than or equal to 1"),
        ("ONRECORD_METRICS_PORT", "70000", "less than or equal to 65535"),
        ("ONRECORD_LOG_FORMAT", "sesame", "'text' or 'json'"),
        ("ONRECORD_LOG_LEVEL", "sesame", "'info'"),
    ],
)
def test_a_wrong_value_names_its_variable_and_the_remedy(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, hint: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=rf"^{variable}: .*{hint}") as caught:
        from_environment(BotSettings)
    assert "sesame" not in f"{caught.value} {caught.value.__cause__}"


def test_what_operators_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_METRICS_PORT", "9108")
    monkeypatch.setenv("ONRECORD_LOG_FORMAT", "JSON")
    monkeypatch.setenv("ONRECORD_LOG_LEVEL", " Warning ")
    monkeypatch.setenv("ONRECORD_LOG_QUESTIONS", "true")
    settings = from_environment(BotSettings)
    assert (settings.metrics_host, settings.metrics_port) == ("127.0.0.1", 9108)
    assert (settings.log_format, settings.log_level) == ("json", "warning")
    assert settings.log_questions


def test_who_may_do_what(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_OWNER", "1")
    monkeypatch.setenv("ONRECORD_ADMINS", "2, 3")
    monkeypatch.setenv("ONRECORD_UPLOADERS", "4,-1005")
    monkeypatch.setenv("ONRECORD_OPEN", "false")
    settings = from_environment(BotSettings)
    assert (settings.owner, settings.admins, settings.uploaders) == (1, {2, 3}, {4, -1005})
    assert settings.open_to_all is False


def test_nothing_is_served_and_no_question_is_logged_unless_asked_for() -> None:
    settings = from_environment(BotSettings)
    assert settings.metrics_port is None
    assert not settings.log_questions


def test_every_setting_has_its_variable() -> None:
    assert variable_of(BotSettings, "telegram_bot_token") == "TELEGRAM_BOT_TOKEN"
    assert variable_of(BotSettings, "allowed") == "ONRECORD_ALLOWED"
    assert variable_of(IndexSettings, "min_confidence") == "ONRECORD_MIN_CONFIDENCE"
