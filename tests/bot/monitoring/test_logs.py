"""The log never shows the token."""

import io
import json
import logging
from typing import Any

from pydantic import SecretStr
from telegram.error import InvalidToken

from bot.monitoring import logs
from bot.settings import BotSettings
from tests.botapi import TOKEN

SECRET = TOKEN.partition(":")[2]
URL = f"https://api.telegram.org/bot{TOKEN}/getMe"
logger = logging.getLogger("tests.bot")


def test_the_token_is_masked_wherever_it_is(log: io.StringIO) -> None:
    logger.info("in the message %s", URL)
    logger.info("in the arguments %s %r", URL, {"url": URL})
    error = RuntimeError(URL)
    error.__cause__ = ValueError(URL)
    logger.error("in the traceback", exc_info=error)
    assert log.getvalue().count("123456789:***/getMe") == 5
    assert SECRET not in log.getvalue()


def test_the_client_does_not_log_its_urls(log: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST %s", URL)
    assert log.getvalue() == ""


def test_whole_answers_of_the_server_are_not_logged(log: io.StringIO) -> None:
    logging.getLogger("telegram.ext.ExtBot").critical("Received data was %r", "a question")
    logging.getLogger("telegram.request.BaseRequest").error("Can not load: %s", "a question")
    assert log.getvalue() == ""


def test_only_a_token_refused_at_start_is_reported_elsewhere(log: io.StringIO) -> None:
    refused = InvalidToken("Unauthorized")
    library = logging.getLogger("telegram.ext")
    library.error("%s Invalid token.", "Network Retry Loop (Bootstrap x):", exc_info=refused)
    assert log.getvalue() == ""
    library.error("%s Invalid token.", "Network Retry Loop (Polling x):", exc_info=refused)
    assert "Unauthorized" in log.getvalue()


def follow(stream: io.StringIO, **changed: Any) -> None:
    values = {"telegram_bot_token": SecretStr(TOKEN), "log_format": "json"} | changed
    logs.follow(BotSettings(_env_file=None, **values), stream)


def test_a_json_line_per_record(log: io.StringIO) -> None:
    follow(log)
    logger.warning("%s ms\nand more — “so”", 3, extra={"elapsed_ms": 3.25, "reference": "ab12"})
    (line,) = log.getvalue().splitlines()
    entry = json.loads(line)
    assert entry.pop("time").endswith("+00:00")
    assert entry == {
        "level": "warning",
        "logger": "tests.bot",
        "message": "3 ms\nand more — “so”",
        "elapsed_ms": 3.25,
        "reference": "ab12",
    }


def test_the_token_is_masked_in_json(log: io.StringIO) -> None:
    follow(log)
    error = RuntimeError(URL)
    error.__cause__ = ValueError(URL)
    logger.error("in the message %s", URL, exc_info=error, extra={"reference": URL})
    entry = json.loads(log.getvalue())
    assert entry["message"].endswith("123456789:***/getMe")
    assert entry["reference"].endswith("123456789:***/getMe")
    assert entry["traceback"].count("123456789:***/getMe") == 2
    assert SECRET not in log.getvalue()


def test_a_question_is_logged_only_where_the_operator_opts_in(log: io.StringIO) -> None:
    for log_format in ("text", "json"):
        follow(log, log_format=log_format)
        logger.info("answered", extra={"question": "Which borders?\nAll"})
    assert "borders" not in log.getvalue()

    follow(log, log_format="text", log_questions=True)
    logger.info("answered", extra={"question": "Which borders?\nAll"})
    assert log.getvalue().splitlines()[-1].endswith("answered | 'Which borders?\\nAll'")

    follow(log, log_questions=True)
    logger.info("answered", extra={"question": "Which borders?\nAll"})
    assert json.loads(log.getvalue().splitlines()[-1])["question"] == "Which borders?\nAll"


def test_only_known_fields_are_shown(log: io.StringIO) -> None:
    follow(log)
    logger.info("sent", extra={"body": "a whole message"})
    assert "whole" not in log.getvalue()


def test_the_level_can_change_and_keeps_the_client_quiet(log: io.StringIO) -> None:
    follow(log, log_level="warning")
    logger.info("not shown")
    follow(log, log_level="debug")
    logger.debug("shown")
    logging.getLogger("httpx").info("HTTP Request: POST %s", URL)
    assert [json.loads(line)["message"] for line in log.getvalue().splitlines()] == ["shown"]
