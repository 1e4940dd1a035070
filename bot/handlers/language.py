"""/language: which language the bot speaks, here or in a group."""

from __future__ import annotations

from telegram import ChatMember, Message
from telegram.constants import ChatType

from bot import wording
from bot.conversation import COMMAND
from bot.desk import Desk, Turn
from bot.language import AUTO, LANGUAGES, N_, _, current_language, match_language, speaking
from bot.messages import Message as Text

MAX_ECHO_CHARS = 60
LANGUAGE_CHOSEN = N_("I speak English here from now on. Quotes stay as they are in the documents.")
LANGUAGE_FOLLOWS = N_("I follow the language of your Telegram from now on; this is English.")
NO_ADMINISTRATOR = N_(
    "Only an administrator can change my language in this group. For yourself, send me /language "
    "in a private chat."
)
RULERS = frozenset({ChatMember.ADMINISTRATOR, ChatMember.OWNER})


def wanted_language(text: str) -> str | None:
    """Return what follows /language, "" for nothing; None for a text that is no such command."""
    command = COMMAND.fullmatch(text.strip())
    if command is None or command["name"].lower() != "language":
        return None
    return (command["rest"] or "").strip()


async def change_language(desk: Desk, turn: Turn, message: Message, wanted: str) -> None:
    """Change the language of a user, or of a group for one of its administrators; or list them."""
    language = named_language(wanted)
    if not wanted:
        text = list_languages(desk.choices.chosen(message.chat.id))
    elif language is None:
        text = unknown_language(wanted)
    elif not await may_choose(message):
        text = _(NO_ADMINISTRATOR)
    else:
        text = choose(desk, turn, message.chat.id, language)
    await desk.delivery.reply(turn.received.update_id, message, [Text(text)])


def choose(desk: Desk, turn: Turn, chat_id: int, language: str) -> str:
    """Record a choice; return that it holds, in the language that is spoken from now on."""
    desk.choices.choose(chat_id, None if language == AUTO else language)
    with speaking(desk.choices.language_of(turn.received)):
        return _(LANGUAGE_FOLLOWS if language == AUTO else LANGUAGE_CHOSEN)


def named_language(name: str) -> str | None:
    """Return the code of a language given by code or by its own name, or AUTO; None for no such."""
    if name.lower() == AUTO:
        return AUTO
    for code, own_name in LANGUAGES.items():
        if name.casefold() == own_name.casefold():
            return code
    return match_language(name)


async def may_choose(message: Message) -> bool:
    """Whether the writer may choose for the chat.

    Raises:
        TelegramError: Telegram does not tell who administers the group.
    """
    if message.chat.type == ChatType.PRIVATE:
        return True
    # An anonymous administrator writes as the group.
    if message.sender_chat is not None:
        return message.sender_chat.id == message.chat.id
    if message.from_user is None:
        return False
    return (await message.chat.get_member(message.from_user.id)).status in RULERS


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
