"""In a group the bot hears what is meant for it, and nothing else."""

from datetime import UTC, datetime

import pytest
from telegram import Chat, Message, MessageEntity, User

from bot.telegram.addressing import addressed_text, is_person

BOT = User(99, "Onrecord", is_bot=True, username="onrecord_bot")
ANN = User(1, "Ann", is_bot=False)
NOW = datetime(2021, 7, 10, tzinfo=UTC)
PRIVATE = Chat(1, Chat.PRIVATE)
GROUP = Chat(-1001, Chat.SUPERGROUP)


def message(
    text: str,
    *marked: tuple[str, str],
    chat: Chat = GROUP,
    user: User = ANN,
    linked: User | None = None,
    reply_to: Message | None = None,
    sender_chat: Chat | None = None,
    is_copied: bool | None = None,
) -> Message:
    """Return a message; `marked` gives the type of the entity over each part of the text."""
    units = text.encode("utf-16-le")
    entities = [
        MessageEntity(
            kind,
            units.index(part.encode("utf-16-le")) // 2,
            len(part.encode("utf-16-le")) // 2,
            user=linked if kind == MessageEntity.TEXT_MENTION else None,
        )
        for kind, part in marked
    ]
    return Message(
        5,
        NOW,
        chat,
        from_user=user,
        text=text,
        entities=entities,
        reply_to_message=reply_to,
        sender_chat=sender_chat,
        is_automatic_forward=is_copied,
    )


MENTION = (MessageEntity.MENTION, "@onrecord_bot")
LINK = (MessageEntity.TEXT_MENTION, "Onrecord")


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (message("Which borders?", chat=PRIVATE), "Which borders?"),
        (message("@onrecord_bot which borders?", MENTION), "which borders?"),
        (message("😀 Which borders, @onrecord_bot?", MENTION), "😀 Which borders?"),
        (message("Hey @onrecord_bot, which borders?", MENTION), "Hey which borders?"),
        (message("@onrecord_bot: which borders?", MENTION), "which borders?"),
        (message("@ONRECORD_bot which?", (MessageEntity.MENTION, "@ONRECORD_bot")), "which?"),
        (message("Onrecord, which borders?", LINK, linked=BOT), "which borders?"),
        (message("@onrecord_bot", MENTION), ""),
        (message("And then?", reply_to=message("So.", user=BOT)), "And then?"),
        (message("/help", (MessageEntity.BOT_COMMAND, "/help")), "/help"),
        (
            message("/ask@Onrecord_bot why?", (MessageEntity.BOT_COMMAND, "/ask@Onrecord_bot")),
            "/ask@Onrecord_bot why?",
        ),
        (
            message("/roll@onrecord_bot", (MessageEntity.BOT_COMMAND, "/roll@onrecord_bot")),
            "/roll@onrecord_bot",
        ),
    ],
)
def test_meant_for_the_bot(asked: Message, text: str) -> None:
    assert addressed_text(asked, BOT) == text


@pytest.mark.parametrize(
    "overheard",
    [
        message("Which borders?"),
        message("@other_bot which borders?", (MessageEntity.MENTION, "@other_bot")),
        message("Ann, which borders?", (MessageEntity.TEXT_MENTION, "Ann"), linked=ANN),
        message("And then?", reply_to=message("So.", user=ANN)),
        message("@bob see?", (MessageEntity.MENTION, "@bob"), reply_to=message("So.", user=BOT)),
        message("/roll", (MessageEntity.BOT_COMMAND, "/roll")),
        message("/help@other_bot", (MessageEntity.BOT_COMMAND, "/help@other_bot")),
        message("https://t.me/@onrecord_bot", (MessageEntity.URL, "https://t.me/@onrecord_bot")),
    ],
)
def test_not_meant_for_the_bot(overheard: Message) -> None:
    assert addressed_text(overheard, BOT) is None


def test_people() -> None:
    anonymous = User(1087968824, "Group", is_bot=True)
    channel = Chat(-1002, Chat.CHANNEL)
    assert is_person(message("a"))
    assert is_person(message("a", user=anonymous, sender_chat=GROUP))
    assert not is_person(message("a", user=BOT))
    assert is_person(message("a", user=anonymous, sender_chat=channel))
    assert not is_person(message("a", user=anonymous, sender_chat=channel, is_copied=True))
