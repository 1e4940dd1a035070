"""Settings read again while the bot runs."""

import io
from pathlib import Path

import pytest

from bot.reload import Changes, Configuration, Reloader, changes, read_configuration
from tests.botapi import TOKEN

OTHER_TOKEN = "987654321:AAAnother-token_only-for-the-tests"


@pytest.fixture
def env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("TELEGRAM_BOT_TOKEN", "ONRECORD_ALLOWED", "ONRECORD_DATA"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / ".env"
    file.write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\nONRECORD_ALLOWED=1\n")
    return file


@pytest.fixture
def applied() -> list[Configuration]:
    return []


@pytest.fixture
def reloader(env_file: Path, applied: list[Configuration]) -> Reloader:
    return Reloader(read_configuration(), applied.append)


def test_an_unchanged_file_changes_nothing(
    reloader: Reloader, applied: list[Configuration]
) -> None:
    assert reloader.reload() == Changes((), ())
    assert applied == []


def test_what_may_change_is_handed_over(
    reloader: Reloader, env_file: Path, applied: list[Configuration]
) -> None:
    env_file.write_text(
        f"TELEGRAM_BOT_TOKEN={TOKEN}\nONRECORD_ALLOWED=1,2\nONRECORD_LOG_LEVEL=debug\n"
        "ONRECORD_MIN_CONFIDENCE=0.7\n"
    )
    found = reloader.reload()
    assert found.live == ("ONRECORD_ALLOWED", "ONRECORD_LOG_LEVEL", "ONRECORD_MIN_CONFIDENCE")
    assert found.restart == ()
    (new,) = applied
    assert new is reloader.configuration
    assert (new.bot.allowed, new.bot.log_level) == ({1, 2}, "debug")
    assert new.index.min_confidence == 0.7
    assert reloader.reload() == Changes((), ())


def test_what_needs_a_restart_is_told_and_stays(
    reloader: Reloader, env_file: Path, applied: list[Configuration], log: io.StringIO
) -> None:
    env_file.write_text(
        f"TELEGRAM_BOT_TOKEN={OTHER_TOKEN}\nTELEGRAM_API_URL=http://localhost:8081\n"
        "ONRECORD_ALLOWED=1,2\nONRECORD_DATA=elsewhere\n"
    )
    restart = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "ONRECORD_DATA")
    assert reloader.reload() == Changes(("ONRECORD_ALLOWED",), restart)
    (new,) = applied
    assert new.bot.allowed == {1, 2}
    assert new.bot.telegram_bot_token is not None
    assert new.bot.telegram_bot_token.get_secret_value() == TOKEN
    assert new.index.data == Path(".onrecord")
    # Until the restart it is told each time, and is never taken over by the way.
    assert reloader.reload() == Changes((), restart)
    assert len(applied) == 1
    assert "only from the next start on: TELEGRAM_BOT_TOKEN" in log.getvalue()
    assert "AAAnother" not in log.getvalue()


def test_a_file_that_cannot_be_used_leaves_all_as_it_is(
    reloader: Reloader, env_file: Path, applied: list[Configuration], log: io.StringIO
) -> None:
    env_file.write_text("ONRECORD_ALLOWED=2\nONRECORD_MIN_CONFIDENCE=7\n")
    assert reloader.reload() == Changes((), ())
    assert applied == []
    assert reloader.configuration.bot.allowed == {1}
    assert "the settings stay as they are: ONRECORD_MIN_CONFIDENCE: " in log.getvalue()


def test_a_folder_named_on_the_command_line_is_no_change(env_file: Path, tmp_path: Path) -> None:
    before = read_configuration(tmp_path)
    env_file.write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\nONRECORD_ALLOWED=1\nONRECORD_DATA=other\n")
    assert changes(before, read_configuration(tmp_path)) == Changes((), ())
