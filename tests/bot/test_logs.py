"""The log never shows the token."""

import io
import logging

from telegram.error import InvalidToken

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
