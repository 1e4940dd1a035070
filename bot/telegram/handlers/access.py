"""The commands by which admins give and take rights: to ask, to upload and to decide."""

from __future__ import annotations

from collections.abc import Callable

from telegram import Message, MessageEntity, MessageOriginUser
from telegram.constants import ChatType

from bot.errors import CommandError
from bot.i18n.language import _
from bot.settings import BotSettings, variable_of
from bot.storage.access import Access, Grant, Role
from bot.telegram.context import Context
from bot.telegram.profile import set_menus_of
from bot.texts import access as texts

FIELDS = {Grant.QUESTIONS: "allowed", Grant.UPLOADS: "uploaders", Grant.ADMIN: "admins"}
VARIABLES = {grant: variable_of(BotSettings, field) for grant, field in FIELDS.items()}
MAX_ACTS = 20
Change = Callable[[int, int, bool], str]
"""Changes a right; gets who decides, about whom, and whether the option was given.

It returns the outcome, with {who} for the other.
"""


async def allow(context: Context) -> None:
    """Let somebody ask, or ask and upload."""
    access = context.services.access

    def change(actor: int, target: int, uploads: bool) -> str:
        check_unblocked(access, target)
        wanted = [Grant.QUESTIONS, Grant.UPLOADS] if uploads else [Grant.QUESTIONS]
        new = [access.give(actor, target, grant) for grant in wanted]
        if uploads:
            text = _("{who} may ask and upload now.")
            return text if any(new) else _("{who} may ask and upload already.")
        return _("{who} may ask now.") if any(new) else _("{who} may ask already.")

    await decide(context, change, "allow", context.rest.split(), option="uploads")


async def disallow(context: Context) -> None:
    """Take back what /allow gave."""
    access = context.services.access

    def change(actor: int, target: int, _option: bool) -> str:
        both = (Grant.QUESTIONS, Grant.UPLOADS)
        taken = [access.take(actor, target, grant) for grant in both]
        gone, kept = _("{who} is off the list."), _("{who} was not let in by /allow.")
        lines = [gone if any(taken) else kept]
        lines += [line for grant in both if (line := setting_line(access, target, grant))]
        if access.is_open:
            lines.append(_(texts.OPEN_TO_ALL))
        return " ".join(lines)

    await decide(context, change, "disallow", context.rest.split())


async def block(context: Context) -> None:
    """Be silent towards somebody."""

    def change(actor: int, target: int, _option: bool) -> str:
        is_new = context.services.access.give(actor, target, Grant.BLOCKED)
        return _("{who} is blocked now.") if is_new else _("{who} is blocked already.")

    await decide(context, change, "block", context.rest.split())


async def unblock(context: Context) -> None:
    """Talk to somebody again."""

    def change(actor: int, target: int, _option: bool) -> str:
        is_gone = context.services.access.take(actor, target, Grant.BLOCKED)
        return _("{who} is no longer blocked.") if is_gone else _("{who} is not blocked.")

    await decide(context, change, "unblock", context.rest.split())


async def admins(context: Context) -> None:
    """List who has which rights; let the owner make admins, and unmake them."""
    access, words = context.services.access, context.rest.split()
    act = words[0].lower() if words else ""
    if not words:
        await context.say(rights(access))
        return
    if act not in {"add", "remove"}:
        await context.say(_(texts.ADMINS_USAGE))
        return
    if context.role is not Role.OWNER:
        await context.say(_(texts.OWNER_ONLY))
        return

    def change(actor: int, target: int, _option: bool) -> str:
        if target < 0:
            raise CommandError(_(texts.ADMINS_ARE_USERS))
        if act == "add":
            check_unblocked(access, target)
            is_new = access.give(actor, target, Grant.ADMIN)
            return _("{who} is an admin now.") if is_new else _("{who} is an admin already.")
        is_gone = access.take(actor, target, Grant.ADMIN)
        line = _("{who} is no longer an admin.") if is_gone else _("{who} is not an admin.")
        return setting_line(access, target, Grant.ADMIN) or line

    await decide(context, change, f"admins {act}", words[1:])


async def show_audit(context: Context) -> None:
    """List the last changes, and who has which rights."""
    access = context.services.access
    lines = [texts.act_line(act) for act in access.acts(MAX_ACTS)]
    await context.say("\n".join(lines) or _("Nothing was changed so far."), rights(access))


def rights(access: Access) -> str:
    """Return who has which rights, and by which setting."""
    owner = [access.owner] if access.owner else []
    lines = [texts.roll(_("Owner"), owner, [], "ONRECORD_OWNER")]
    for title, grant in (
        (_("Admins"), Grant.ADMIN),
        (_("May upload"), Grant.UPLOADS),
        (_("May ask"), Grant.QUESTIONS),
        (_("Blocked"), Grant.BLOCKED),
    ):
        named, added = access.holders(grant)
        lines.append(texts.roll(title, named, added, VARIABLES.get(grant, "")))
    if access.is_open:
        lines.append(_(texts.OPEN_TO_ALL))
    return "\n".join(lines)


async def decide(
    context: Context, change: Change, command: str, words: list[str], option: str = ""
) -> None:
    """Change the rights of somebody if the sender may, and reply with the outcome.

    Args:
        context: of the message with the command.
        change: makes the change.
        command: without its slash.
        words: after it.
        option: a word that may follow whoever is meant.
    """
    access, actor = context.services.access, context.sender_id or 0
    try:
        target, rest = read_target(context.message, command, words)
        check_target(context, actor, target)
        before = access.role(target)
        has_option = read_option(rest, command, option)
        text = change(actor, target, has_option).format(who=texts.whom(target))
    except CommandError as error:
        await context.say(str(error))
        return
    await context.say(text)
    after = access.role(target)
    if after is not before and Role.ADMIN in {before, after}:
        await set_menus_of(context.message.get_bot(), access, [target])


def check_target(context: Context, actor: int, target: int) -> None:
    """Check that one may decide about another.

    Raises:
        CommandError: they may not; the text says who may.
    """
    access = context.services.access
    if target == context.services.me.id:
        raise CommandError(_(texts.ABOUT_ME))
    if target == access.owner:
        raise CommandError(_(texts.ABOUT_OWNER))
    if target == actor:
        raise CommandError(_(texts.ABOUT_SELF))
    if not access.may_decide(actor, target):
        raise CommandError(_(texts.ABOUT_ADMIN))


def read_option(rest: list[str], command: str, option: str) -> bool:
    """Return whether an option is all that is left of a command.

    Raises:
        CommandError: something else is, and may have been meant as a limit.
    """
    words = [word.lower() for word in rest]
    if option and words == [option]:
        return True
    if words:
        name = command.partition(" ")[0]
        raise CommandError(_(texts.UNKNOWN_WORD).format(word=words[0], command=name))
    return False


def check_unblocked(access: Access, target: int) -> None:
    """Check that somebody is not blocked.

    Raises:
        CommandError: they are, and have to be unblocked first.
    """
    if access.has(target, Grant.BLOCKED):
        who = texts.whom(target)
        raise CommandError(_(texts.IS_BLOCKED).format(who=who, target=target))


def setting_line(access: Access, target: int, grant: Grant) -> str:
    """Return which setting gives a right that no command can take back; "" if none does."""
    if target not in access.named[grant]:
        return ""
    return _(texts.IS_NAMED).format(who=texts.whom(target), variable=VARIABLES[grant])


# Telegram promises that an id has at most 52 significant bits.
MAX_ID = 2**52


def read_target(message: Message, command: str, words: list[str]) -> tuple[int, list[str]]:
    """Return the id of a user or group, and the words that are left.

    Raises:
        CommandError: nobody is named, or nobody that a bot can know.
    """
    first = words[0] if words else ""
    if first.removeprefix("-").isdecimal():
        number = int(first)
        if not 0 < abs(number) < MAX_ID:
            raise CommandError(_(texts.NO_SUCH_ID).format(word=first))
        return number, words[1:]
    for entity in message.entities:
        if entity.type == MessageEntity.TEXT_MENTION and entity.user and not entity.user.is_bot:
            name = message.parse_entity(entity).split()
            return entity.user.id, [word for word in words if word not in name]
    if first.startswith("@"):
        raise CommandError(_(texts.NO_USERNAMES).format(name=first, command=command))
    if first.lower() == "here" and message.chat.type != ChatType.PRIVATE:
        return message.chat.id, words[1:]
    if message.reply_to_message is not None:
        return writer_of(message.reply_to_message, command), words
    raise CommandError(_(texts.WHO_IS_MEANT).format(command=command))


def writer_of(message: Message, command: str) -> int:
    """Return who wrote a message, or the message that it forwards.

    Raises:
        CommandError: they are hidden, or write as a group or channel.
    """
    user = message.from_user
    if message.forward_origin is not None:
        origin = message.forward_origin
        user = origin.sender_user if isinstance(origin, MessageOriginUser) else None
    elif message.sender_chat is not None:
        user = None
    if user is None:
        raise CommandError(_(texts.NO_SENDER).format(command=command))
    return user.id
