"""Who may ask, upload and decide: the commands by which admins say so."""

from __future__ import annotations

from collections.abc import Callable

from telegram import Message, MessageEntity, MessageOriginUser
from telegram.constants import ChatType

from bot.errors import CommandError
from bot.i18n.language import _
from bot.settings import BotSettings, variable_of
from bot.storage.access import Grant, Role
from bot.telegram.context import Desk, Turn, say
from bot.telegram.profile import set_menus_of
from bot.texts import access as wording

FIELDS = {Grant.QUESTIONS: "allowed", Grant.UPLOADS: "uploaders", Grant.ADMIN: "admins"}
VARIABLES = {grant: variable_of(BotSettings, field) for grant, field in FIELDS.items()}
MAX_ACTS = 20
Change = Callable[[int, int, list[str]], str]


async def allow(desk: Desk, turn: Turn, message: Message, words: list[str]) -> None:
    """Let somebody ask, and upload if so said."""

    def change(actor: int, target: int, rest: list[str]) -> str:
        uploads = rest == ["uploads"]
        check_rest("allow", [] if uploads else rest)
        who = wording.whom(target)
        if desk.access.has(target, Grant.BLOCKED):
            raise CommandError(_(wording.IS_BLOCKED).format(who=who, target=target))
        wanted = [Grant.QUESTIONS, Grant.UPLOADS] if uploads else [Grant.QUESTIONS]
        new = [desk.access.give(actor, target, grant) for grant in wanted]
        if uploads:
            text = _("{who} may ask and upload now.")
            known = _("{who} may ask and upload already.")
        else:
            text, known = _("{who} may ask now."), _("{who} may ask already.")
        return (text if any(new) else known).format(who=who)

    await decide(desk, turn, message, change, "allow", *words)


async def disallow(desk: Desk, turn: Turn, message: Message, words: list[str]) -> None:
    """Take back what /allow gave."""

    def change(actor: int, target: int, rest: list[str]) -> str:
        check_rest("disallow", rest)
        both = (Grant.QUESTIONS, Grant.UPLOADS)
        taken = [desk.access.take(actor, target, grant) for grant in both]
        named = [is_named(desk, target, grant) for grant in both]
        who = wording.whom(target)
        gone, kept = _("{who} is off the list."), _("{who} was not let in by /allow.")
        lines = [(gone if any(taken) else kept).format(who=who)]
        lines += [line for line in named if line]
        if desk.access.is_open:
            lines.append(_(wording.OPEN_TO_ALL))
        return " ".join(lines)

    await decide(desk, turn, message, change, "disallow", *words)


async def block(desk: Desk, turn: Turn, message: Message, words: list[str]) -> None:
    """Be silent towards somebody."""

    def change(actor: int, target: int, rest: list[str]) -> str:
        check_rest("block", rest)
        new = desk.access.give(actor, target, Grant.BLOCKED)
        text = _("{who} is blocked now.") if new else _("{who} is blocked already.")
        return text.format(who=wording.whom(target))

    await decide(desk, turn, message, change, "block", *words)


async def unblock(desk: Desk, turn: Turn, message: Message, words: list[str]) -> None:
    """Talk to somebody again."""

    def change(actor: int, target: int, rest: list[str]) -> str:
        check_rest("unblock", rest)
        gone = desk.access.take(actor, target, Grant.BLOCKED)
        text = _("{who} is no longer blocked.") if gone else _("{who} is not blocked.")
        return text.format(who=wording.whom(target))

    await decide(desk, turn, message, change, "unblock", *words)


async def admins(desk: Desk, turn: Turn, message: Message, words: list[str]) -> None:
    """Tell who has which rights; let the owner make admins, and unmake them."""
    act = words[0].lower() if words else ""
    if not words:
        await say(desk, turn, message, rights(desk))
        return
    if act not in {"add", "remove"}:
        await say(desk, turn, message, _(wording.ADMINS_USAGE))
        return
    writer = message.from_user
    if writer is None or desk.access.role(writer.id) is not Role.OWNER:
        await say(desk, turn, message, _(wording.OWNER_ONLY))
        return

    def change(actor: int, target: int, rest: list[str]) -> str:
        check_rest("admins", rest)
        who = wording.whom(target)
        if target < 0:
            raise CommandError(_(wording.ADMINS_ARE_USERS))
        if act == "add":
            if desk.access.has(target, Grant.BLOCKED):
                raise CommandError(_(wording.IS_BLOCKED).format(who=who, target=target))
            new = desk.access.give(actor, target, Grant.ADMIN)
            text = _("{who} is an admin now.") if new else _("{who} is an admin already.")
            return text.format(who=who)
        gone = desk.access.take(actor, target, Grant.ADMIN)
        line = _("{who} is no longer an admin.") if gone else _("{who} is not an admin.")
        return is_named(desk, target, Grant.ADMIN) or line.format(who=who)

    await decide(desk, turn, message, change, f"admins {act}", *words[1:])


async def show_audit(desk: Desk, turn: Turn, message: Message, _words: list[str]) -> None:
    """Tell the last changes, and whom the settings name beside them."""
    acts = desk.access.acts(MAX_ACTS)
    lines = [
        wording.act_line(act.at, act.actor, act.act, act.target, act.detail) for act in acts
    ] or [_("Nothing was changed so far.")]
    await say(desk, turn, message, "\n".join(lines), rights(desk))


def rights(desk: Desk) -> str:
    """Return who has which rights, and where that is said."""
    owner = desk.access.owner
    lines = [wording.roll(_("Owner"), [owner] if owner else [], [], "ONRECORD_OWNER")]
    for title, grant in (
        (_("Admins"), Grant.ADMIN),
        (_("May upload"), Grant.UPLOADS),
        (_("May ask"), Grant.QUESTIONS),
        (_("Blocked"), Grant.BLOCKED),
    ):
        named, added = desk.access.holders(grant)
        lines.append(wording.roll(title, named, added, VARIABLES.get(grant, "")))
    if desk.access.is_open:
        lines.append(_(wording.OPEN_TO_ALL))
    return "\n".join(lines)


async def decide(
    desk: Desk,
    turn: Turn,
    message: Message,
    change: Change,
    *given: str,
) -> None:
    """Change what somebody may do if the writer may do that, and tell what came of it.

    Args:
        desk: with the lists.
        turn: whose reply this is.
        message: with the command.
        change: gets who decides, about whom, and the words that are left, in lower case.
        given: the command without its slash, then the words after it.
    """
    actor = message.from_user.id if message.from_user else 0
    try:
        target, rest = read_target(message, given[0], list(given[1:]))
        check_target(desk, actor, target)
        before = desk.access.role(target)
        text = change(actor, target, [word.lower() for word in rest])
    except CommandError as error:
        await say(desk, turn, message, str(error))
        return
    await say(desk, turn, message, text)
    after = desk.access.role(target)
    if after is not before and Role.ADMIN in {before, after}:
        await set_menus_of(message.get_bot(), desk.access, [target])


def check_target(desk: Desk, actor: int, target: int) -> None:
    """Check that one may decide about another.

    Raises:
        CommandError: they may not; the text says who may.
    """
    if target == desk.me.id:
        raise CommandError(_(wording.ABOUT_ME))
    if target == desk.access.owner:
        raise CommandError(_(wording.ABOUT_OWNER))
    if target == actor:
        raise CommandError(_(wording.ABOUT_SELF))
    if not desk.access.may_decide(actor, target):
        raise CommandError(_(wording.ABOUT_ADMIN))


def check_rest(command: str, words: list[str]) -> None:
    """Check that nothing is left of a command.

    Raises:
        CommandError: something is, and may have been meant as a limit.
    """
    if words:
        raise CommandError(_(wording.UNKNOWN_WORD).format(word=words[0], command=command))


def is_named(desk: Desk, target: int, grant: Grant) -> str:
    """Return that a setting says what no command can take back; "" where none does."""
    if target not in desk.access.named[grant]:
        return ""
    return _(wording.IS_NAMED).format(who=wording.whom(target), variable=VARIABLES[grant])


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
            raise CommandError(_(wording.NO_SUCH_ID).format(word=first))
        return number, words[1:]
    for entity in message.entities:
        if entity.type == MessageEntity.TEXT_MENTION and entity.user and not entity.user.is_bot:
            name = message.parse_entity(entity).split()
            return entity.user.id, [word for word in words if word not in name]
    if first.startswith("@"):
        raise CommandError(_(wording.NO_USERNAMES).format(name=first, command=command))
    if first.lower() == "here" and message.chat.type != ChatType.PRIVATE:
        return message.chat.id, words[1:]
    if message.reply_to_message is not None:
        return writer_of(message.reply_to_message, command), words
    raise CommandError(_(wording.WHO_IS_MEANT).format(command=command))


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
        raise CommandError(_(wording.NO_SENDER).format(command=command))
    return user.id
