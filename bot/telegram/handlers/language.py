"""/language: which language the bot speaks, here or in a group."""

from __future__ import annotations

from telegram import Chat, ChatMember, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.constants import ChatType

from bot.i18n.language import AUTO, LANGUAGES, N_, _, current_language, match_language, speaking
from bot.storage.updates import Received
from bot.telegram.context import Desk, Press, Turn
from bot.telegram.rendering.message import Message as Text
from bot.texts import answers as wording
from bot.texts.buttons import EXPIRED_BUTTON

LANGUAGE = "language"
MAX_ECHO_CHARS = 60
LANGUAGE_CHOSEN = N_("I speak English here from now on. Quotes stay as they are in the documents.")
LANGUAGE_FOLLOWS = N_("I follow the language of your Telegram from now on; this is English.")
NO_ADMINISTRATOR = N_(
    "Only an administrator can change my language in this group. For yourself, send me /language "
    "in a private chat."
)
RULERS = frozenset({ChatMember.ADMINISTRATOR, ChatMember.OWNER})


async def change_language(desk: Desk, turn: Turn, message: Message, wanted: str) -> None:
    """Change the language of a user, or of a group for one of its administrators; or list them."""
    wanted = wanted.strip()
    language = named_language(wanted)
    # An anonymous administrator writes as the group.
    user_id = message.from_user.id if message.from_user and not message.sender_chat else None
    keyboard = None
    if not wanted:
        text = list_languages(desk.choices.chosen(message.chat.id))
        keyboard = language_buttons()
    elif language is None:
        text = unknown_language(wanted)
    elif not await may_choose(message.chat, user_id):
        text = _(NO_ADMINISTRATOR)
    else:
        text = choose(desk, turn.received, message.chat.id, language)
    reply = Text(text, keyboard=keyboard)
    await desk.delivery.reply(turn.received.update_id, message, [reply])


async def press_language(desk: Desk, press: Press) -> None:
    """Change the language to that of the button that was pressed."""
    language = named_language(press.data.partition(":")[2])
    if language is None:
        await press.answer(_(EXPIRED_BUTTON))
    elif not await may_choose(press.message.chat, press.user_id):
        await press.answer(_(NO_ADMINISTRATOR))
    else:
        await press.answer(choose(desk, press.received, press.chat_id, language))


def choose(desk: Desk, received: Received, chat_id: int, language: str) -> str:
    """Record a choice; return that it holds, in the language that is spoken from now on."""
    desk.choices.choose(chat_id, None if language == AUTO else language)
    with speaking(desk.choices.language_of(received)):
        return _(LANGUAGE_FOLLOWS if language == AUTO else LANGUAGE_CHOSEN)


def named_language(name: str) -> str | None:
    """Return the code of a language given by code or by its own name, or AUTO; None for no such."""
    if name.lower() == AUTO:
        return AUTO
    for code, own_name in LANGUAGES.items():
        if name.casefold() == own_name.casefold():
            return code
    return match_language(name)


async def may_choose(chat: Chat, user_id: int | None) -> bool:
    """Whether a user, None for the group itself, may choose for the chat.

    Raises:
        TelegramError: Telegram does not tell who administers the group.
    """
    if chat.type == ChatType.PRIVATE or user_id is None:
        return True
    return (await chat.get_member(user_id)).status in RULERS


def language_buttons() -> InlineKeyboardMarkup:
    """Return a button for each language, and one for that of the user's Telegram."""
    labels = {**LANGUAGES, AUTO: _("Automatic")}
    buttons = [
        InlineKeyboardButton(label, callback_data=f"{LANGUAGE}:{code}")
        for code, label in labels.items()
    ]
    return InlineKeyboardMarkup([buttons[at : at + 3] for at in range(0, len(buttons), 3)])


def list_languages(chosen: str | None) -> str:
    """Return which language is spoken and how to change it."""
    spoken = LANGUAGES[current_language()]
    heading = (
        _("Language: {language}, as your Telegram has it.")
        if chosen is None
        else _("Language: {language}, as chosen here.")
    ).format(language=wording.isolate(spoken))
    start = wording.before_command()
    lines = [f"{start}/language {code} – {name}" for code, name in LANGUAGES.items()]
    automatic = _("as your Telegram has it")
    return "\n".join(
        [
            heading,
            _("To change it:"),
            *lines,
            f"{wording.before_command()}/language {AUTO} – {automatic}",
        ]
    )


def unknown_language(name: str) -> str:
    """Return that a language is not one of ours, and which are."""
    return _("I don't speak {language}. I speak: {languages}.").format(
        language=wording.isolate(wording.shorten(name, MAX_ECHO_CHARS)),
        languages=", ".join(f"{own} ({code})" for code, own in LANGUAGES.items()),
    )
