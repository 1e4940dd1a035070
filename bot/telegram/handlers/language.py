"""/language: shows and changes the language of the bot's own messages in a chat."""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.i18n.language import AUTO, LANGUAGES, N_, _, current_language, match_language, speaking
from bot.telegram.context import Context
from bot.telegram.rendering.message import Message
from bot.texts.answers import before_command, isolate, shorten
from bot.texts.notices import EXPIRED_BUTTON

LANGUAGE = "language"
MAX_ECHO_CHARS = 60
LANGUAGE_CHOSEN = N_("I speak English here from now on. Quotes stay as they are in the documents.")
LANGUAGE_FOLLOWS = N_("I follow the language of your Telegram from now on; this is English.")
NO_ADMINISTRATOR = N_(
    "Only an administrator can change my language in this group. For yourself, send me /language "
    "in a private chat."
)


async def change_language(context: Context) -> None:
    """Change the language of a user, or of a group for one of its administrators; or list them."""
    wanted = context.rest
    language = named_language(wanted)
    keyboard = None
    if not wanted:
        text = list_languages(context.services.records.chats.chosen_language(context.chat.id))
        keyboard = language_buttons()
    elif language is None:
        text = unknown_language(wanted)
    else:
        text = await choose(context, language)
    await context.reply(Message(text, keyboard=keyboard))


async def press_language(context: Context) -> None:
    language = named_language(context.data.partition(":")[2])
    await context.answer(await choose(context, language) if language else _(EXPIRED_BUTTON))


async def choose(context: Context, language: str) -> str:
    """Record a choice if the sender may choose; return its confirmation in the new language.

    Raises:
        TelegramError: the administrators of the group are unknown.
    """
    if not await context.is_chat_admin():
        return _(NO_ADMINISTRATOR)
    chats = context.services.records.chats
    chats.choose_language(context.chat.id, None if language == AUTO else language)
    with speaking(chats.language_of(context.received)):
        return _(LANGUAGE_FOLLOWS if language == AUTO else LANGUAGE_CHOSEN)


def named_language(name: str) -> str | None:
    """Return a language's code, given the code or its own name, or AUTO; None for any other."""
    codes = {own_name.casefold(): code for code, own_name in LANGUAGES.items()} | {AUTO: AUTO}
    return codes.get(name.casefold()) or match_language(name)


def language_buttons() -> InlineKeyboardMarkup:
    labels = LANGUAGES | {AUTO: _("Automatic")}
    buttons = [
        InlineKeyboardButton(label, callback_data=f"{LANGUAGE}:{code}")
        for code, label in labels.items()
    ]
    return InlineKeyboardMarkup([buttons[at : at + 3] for at in range(0, len(buttons), 3)])


def list_languages(chosen: str | None) -> str:
    heading = (
        _("Language: {language}, as your Telegram has it.")
        if chosen is None
        else _("Language: {language}, as chosen here.")
    ).format(language=isolate(LANGUAGES[current_language()]))
    names = LANGUAGES | {AUTO: _("as your Telegram has it")}
    start = before_command()
    lines = [f"{start}/language {code} – {name}" for code, name in names.items()]
    return "\n".join([heading, _("To change it:"), *lines])


def unknown_language(name: str) -> str:
    return _("I don't speak {language}. I speak: {languages}.").format(
        language=isolate(shorten(name, MAX_ECHO_CHARS)),
        languages=", ".join(f"{own} ({code})" for code, own in LANGUAGES.items()),
    )
