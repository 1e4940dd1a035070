"""Chats that Telegram Desktop exports as HTML."""

from __future__ import annotations

from datetime import date, time

import pytest

from index.core.documents import Parsed
from index.parsers import parse
from index.parsers.toolkit.siblings import beside, siblings_of
from tests.support.containers import check, quotable, speakers, zipped
from tests.support.folders import Shelf


def message(
    number: int, body: str, name: str | None = "Ann", at: str = "01.02.2024 10:02:00"
) -> str:
    kind = "message default clearfix" + " joined" * (name is None)
    written = f'<div class="from_name">{name} </div>' if name else ""
    return (
        f'<div class="{kind}" id="message{number}"><div class="body"><div class="pull_right date '
        f'details" title="{at} UTC+01:00">10:02</div>{written}{body}</div></div>'
    )


def text(words: str) -> str:
    return f'<div class="text">{words}</div>'


def chat(*messages: str) -> Parsed:
    return check(parse("messages.html", page(*messages)))


def page(*messages: str) -> bytes:
    return (
        '<html><body><div class="page_header"><div class="content"><div class="text bold">Village '
        'chat</div></div></div><div class="page_body chat_page"><div class="history"><div '
        'class="message service" id="message-1"><div class="body details">1 February 2024</div>'
        f"</div>{''.join(messages)}</div></div></body></html>"
    ).encode()


def test_each_message_is_a_source_with_its_writer_and_time() -> None:
    parsed = chat(
        message(1, text("The road to <strong>Sarn</strong> is closed.<br>Until May.")),
        message(2, text("The bakery opens at six."), None, "01.02.2024 10:03:00"),
        message(3, text("Go through Lund."), "Bo", "02.02.2024 08:00:00"),
    )
    assert parsed.metadata.title == "Village chat"
    assert quotable(parsed) == [
        "The road to Sarn is closed.",
        "Until May.",
        "The bakery opens at six.",
        "Go through Lund.",
    ]
    assert speakers(parsed) == ["Ann", "Ann", "Bo"]
    assert [(entry.published, entry.time) for entry in parsed.entries] == [
        (date(2024, 2, 1), time(10, 2)),
        (date(2024, 2, 1), time(10, 3)),
        (date(2024, 2, 2), time(8)),
    ]


@pytest.mark.parametrize("file", ["", "messages2.html"])
def test_what_is_answered_stands_above_and_is_not_quoted(file: str) -> None:
    link = f'<a href="{file}#go_to_message1">this message</a>'
    reply = f'<div class="reply_to details">In reply to {link}</div>'
    parsed = chat(message(1, text("When?")), message(2, reply + text("At noon."), "Bo"))
    assert quotable(parsed) == ["When?", "At noon."]
    assert "in reply to: When?" in parsed.text


def test_who_is_forwarded_is_the_speaker() -> None:
    stamp = '<span class="date details" title="31.01.2024 09:00:00">31.01.2024 09:00:00</span>'
    name = f'<div class="from_name">Water Board {stamp}</div>'
    inside = f'<div class="forwarded body">{name}{text("Water is off on Monday.")}</div>'
    parsed = chat(message(1, inside))
    assert quotable(parsed) == ["Water is off on Monday."]
    assert speakers(parsed) == ["Water Board"]


def test_a_poll_has_its_options_and_votes() -> None:
    poll = (
        '<div class="media_wrap clearfix"><div class="media_poll"><div class="question bold">When?'
        '</div><div class="details">Anonymous poll</div><div class="answer">- Saturday <span '
        'class="details">11 votes</span></div><div class="total details">14 votes</div></div></div>'
    )
    assert quotable(chat(message(1, poll))) == ["When?", "Saturday 11 votes"]


def reply(target: str) -> str:
    link = f'<a href="{target}">this message</a>'
    return f'<div class="reply_to details">In reply to {link}</div>'


def test_a_reply_to_a_message_of_another_page_finds_it() -> None:
    first = page(message(1, text("When does the mill open?")), message(2, text("Not today.")))
    to_first = message(1001, reply("messages.html#go_to_message1") + text("At noon."), "Bo")
    to_lost = message(1002, reply("messages9.html#go_to_message1") + text("Nobody knows."), "Cy")
    second = page(to_first, to_lost)
    assert siblings_of("chats/messages2.html", second) == ["messages.html", "messages9.html"]
    with beside({"messages.html": first}):
        parsed = check(parse("messages2.html", second))
    assert "in reply to: When does the mill open?" in parsed.text
    assert parsed.text.count("in reply to") == 1
    assert quotable(parsed) == ["At noon.", "Nobody knows."]


@pytest.mark.slow
def test_pages_that_damage_each_other_do_not(shelf: Shelf) -> None:
    to_first = message(7, reply("messages.html#go_to_message1") + text("At noon."), "Bo")
    for folder, first in (("a", page(message(1, text("When?")))), ("b", b"\xff\xfe\0"), ("c", b"")):
        shelf.write(f"{folder}/messages.html", first)
        shelf.write(f"{folder}/messages2.html", page(to_first))
    shelf.write("pack.zip", zipped({
        "x/messages.html": page(message(1, text("Where?"))),
        "x/messages2.html": page(to_first),
    }))  # fmt: skip
    shelf.sync(parse=None)
    library = shelf.open()
    texts = {one.path: library.store.text(one.id) for one in library.documents()}
    assert "in reply to: When?" in texts["a/messages2.html"]
    assert "in reply to: Where?" in texts["pack.zip/x/messages2.html"]
    assert "in reply to" not in texts["b/messages2.html"] + texts["c/messages2.html"]


def test_no_link_out_of_the_folder_is_followed(shelf: Shelf) -> None:
    secret = shelf.root / "secret.html"
    secret.write_bytes(page(message(1, text("The password is heron."))))
    to_first = message(7, reply("messages.html#go_to_message1") + text("At noon."), "Bo")
    shelf.write("messages2.html", page(to_first))
    (shelf.folder / "messages.html").symlink_to(secret)
    shelf.sync()
    library = shelf.open()
    assert all("heron" not in library.store.text(one.id) for one in library.documents())
