"""The commands by which admins give and take rights: to ask, to upload and to decide."""

from __future__ import annotations

from typing import NamedTuple

from telegram import Message, MessageEntity, MessageOriginUser
from telegram.constants import ChatType

from bot.errors import CommandError
from bot.i18n.language import N_, _
from bot.settings import BotSettings, variable_of
from bot.storage.access import Access, Grant, Role
from bot.telegram.context import Context
from bot.telegram.profile import set_menus_of
from bot.texts import access as texts

FIELDS = {Grant.QUESTIONS: "allowed", Grant.UPLOADS: "uploaders", Grant.ADMIN: "admins"}
VARIABLES = {grant: variable_of(BotSettings, field) for grant, field in FIELDS.items()}
MAX_ACTS = 20
# Telegram promises that an id has at most 52 significant bits.
MAX_ID = 2**52


class Change(NamedTuple):
    """Grants that a command gives or takes, with the replies if any of them is changed, or none."""

    gives: bool
    grants: tuple[Grant, ...]
    changed: str
    unchanged: str


ASKING, DECIDING, BLOCKED = (Grant.QUESTIONS,), (Grant.ADMIN,), (Grant.BLOCKED,)
ASKING_AND_UPLOADING = (Grant.QUESTIONS, Grant.UPLOADS)
CHANGES = {
    ("allow",): Change(True, ASKING, N_("{who} may ask now."), N_("{who} may ask already.")),
    ("allow", "uploads"): Change(
        True,
        ASKING_AND_UPLOADING,
        N_("{who} may ask and upload now."),
        N_("{who} may ask and upload already."),
    ),
    ("disallow",): Change(
        False,
        ASKING_AND_UPLOADING,
        N_("{who} is off the list."),
        N_("{who} was not let in by /allow."),
    ),
    ("block",): Change(True, BLOCKED, N_("{who} is blocked now."), N_("{who} is blocked already.")),
    ("unblock",): Change(
        False, BLOCKED, N_("{who} is no longer blocked."), N_("{who} is not blocked.")
    ),
    ("admins", "add"): Change(
        True, DECIDING, N_("{who} is an admin now."), N_("{who} is an admin already.")
    ),
    ("admins", "remove"): Change(
        False, DECIDING, N_("{who} is no longer an admin."), N_("{who} is not an admin.")
    ),
}
"""By the words of the command, without the id of the other."""


async def change_rights(context: Context) -> None:
    """Give a right to somebody, or take it."""
    await decide(context, (context.command,), context.rest.split())


async def admins(context: Context) -> None:
    """List who has which rights; let the owner make admins, and unmake them."""
    words = context.rest.split()
    act = (context.command, *context.rest.lower().split()[:1])
    if not words:
        await context.say(rights(context.services.access))
    elif act not in CHANGES:
        await context.say(_(texts.ADMINS_USAGE))
    elif context.role is not Role.OWNER:
        await context.say(_(texts.OWNER_ONLY))
    else:
        await decide(context, act, words[1:])


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


async def decide(context: Context, act: tuple[str, ...], words: list[str]) -> None:
    """Change the rights of somebody if the sender may, and reply with the outcome."""
    access, actor = context.services.access, context.sender_id or 0
    try:
        target, rest = read_target(context.message, " ".join(act), words)
        check_target(context, actor, target)
        change = read_change(act, rest)
        before = access.role(target)
        text = make(change, access, actor, target)
    except CommandError as error:
        await context.say(str(error))
        return
    await context.say(text)
    after = access.role(target)
    if after is not before and Role.ADMIN in {before, after}:
        await set_menus_of(context.message.get_bot(), access, [target])


def read_change(act: tuple[str, ...], rest: list[str]) -> Change:
    """Return the change that a command asks for by its words and those after the target.

    Raises:
        CommandError: an unknown word is left, and may have been meant as a limit.
    """
    words = [word.lower() for word in rest]
    change = CHANGES.get((*act, *words))
    if change is None:
        raise CommandError(_(texts.UNKNOWN_WORD).format(word=words[0], command=act[0]))
    return change


def make(change: Change, access: Access, actor: int, target: int) -> str:
    """Make a change, and return the outcome.

    Raises:
        CommandError: the other is a group, or has to be unblocked first.
    """
    who = texts.whom(target)
    if change.grants == DECIDING and target < 0:
        raise CommandError(_(texts.ADMINS_ARE_USERS))
    if change.gives and change.grants != BLOCKED and access.has(target, Grant.BLOCKED):
        raise CommandError(_(texts.IS_BLOCKED).format(who=who, target=target))
    act = access.give if change.gives else access.take
    changes = [act(actor, target, grant) for grant in change.grants]
    outcome = _(change.changed if any(changes) else change.unchanged).format(who=who)
    if change.gives:
        return outcome
    # What a setting gives, no command can take.
    kept = [
        _(texts.IS_NAMED).format(who=who, variable=VARIABLES[grant])
        for grant in change.grants
        if target in access.named[grant]
    ]
    if change.grants == DECIDING:
        return " ".join(kept) or outcome
    if access.is_open and Grant.QUESTIONS in change.grants:
        kept.append(_(texts.OPEN_TO_ALL))
    return " ".join([outcome, *kept])


def check_target(context: Context, actor: int, target: int) -> None:
    """Check that one may decide about another.

    Raises:
        CommandError: they may not; the text names those who may.
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
