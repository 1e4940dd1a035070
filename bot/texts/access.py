"""Texts about rights, and about the data that the bot keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from bot.i18n.language import N_, _, decimal, ngettext
from bot.storage.access import Act
from bot.texts.answers import isolate

GREETING = N_(
    "I answer questions from documents, in their own words. To ask here, mention me ({mention}), "
    "send /ask and the question, or reply to one of my answers."
)
STOPPED = N_(
    "I'm quiet here now, until somebody sends /start. What I keep stays as it is: /privacy says "
    "what that is, /forget deletes it."
)
STOP_IS_FOR_ADMINS = N_("In a group, only its administrators can make me quiet.")
FORGET_IN_PRIVATE = N_("Please send me /forget in a private chat: it is between you and me.")
FORGET_CONFIRM = N_(
    "This deletes your messages to me and my answers to them, here and in groups, what belongs to "
    "them, and your votes. A question of yours that still waits will not be answered. It cannot "
    "be undone.\n\nSend /forget yes to do it."
)
FORGET_CLIPPINGS = N_(
    "The quotes you keep here (/clippings) are deleted, too; those you kept in a group stay the "
    "group's, without your name."
)
FORGET_STAYS = N_(
    "What stays: what you may do here and who decided that, whether I was told to be quiet, "
    "documents you sent in, and bare numbers by which I know that a message was handled. Our chat "
    "in Telegram stays too; you can delete it there."
)
FORGOTTEN_ROWS = {
    "updates": N_("Messages and button presses of yours"),
    "messages": N_("Messages of mine"),
    "votes": N_("Votes"),
    "clippings": N_("Quotes you kept"),
}
OTHER_ROWS = N_("Records that belong to them")
PRIVACY_DETAILS = N_("""\
What I keep, on the machine I run on and nowhere else:
• The messages that Telegram brings me, with your name and id, and my answers: until {days} after \
they are handled. In a group that is only what is meant for me, unless I administer it.
• What belongs to an answer, such as the buttons you pressed and your votes: as long.
• What you may do here, who decided that and when, and where I was told to be quiet: until that is \
changed. The list of such decisions stays.
• Documents that you sent in, and that it was you: until they are removed.
• The language you chose, here or for a group: until another is chosen.
• The quotes I showed, without who asked, so that they can be verified later.
For a while, questions and answers are in memory as well, without names. {log}

Who sees it: Telegram, which carries our messages, and whoever operates that machine. Admins see \
ids and what they may do, not what you ask.

{user}/forget deletes what I keep about you. /stop makes me quiet.""")
PRIVACY_CLIPPINGS = N_(
    "Quotes that you keep (/clippings) are kept for all of the chat, and that it was you: until "
    "they are removed. Their words go when their document goes."
)
LOG_WITHOUT_QUESTIONS = N_("My log holds ids, but not what you ask.")
LOG_WITH_QUESTIONS = N_("My log shows what you ask: its operator has switched that on.")
WHO_IS_MEANT = N_(
    "Whom do you mean? Reply with /{command} to a message of theirs, or give the number: "
    "/{command} 1234. For a whole group, send /{command} here in it."
)
NO_USERNAMES = N_(
    "I'm sorry, Telegram does not tell bots who {name} is. Reply with /{command} to a message of "
    "theirs, or give the number: they see it in my /privacy."
)
NO_SUCH_ID = N_("{word} is no id of a user or group; ids are numbers such as 1234 or -1005678.")
NO_SENDER = N_(
    "Telegram does not say who wrote that message. Please give the number: /{command} 1234."
)
ADMINS_ARE_USERS = N_("Only a user can be an admin, not a group.")
ADMINS_USAGE = N_("Please send /admins, /admins add 1234 or /admins remove 1234.")
OWNER_ONLY = N_("Only the owner adds and removes admins.")
UNKNOWN_WORD = N_("I don't understand “{word}” after /{command}.")
ABOUT_ME = N_("That's me; I am not on any list.")
ABOUT_SELF = N_("That's you; somebody else has to decide that.")
ABOUT_OWNER = N_("That's the owner, about whom only the setting ONRECORD_OWNER decides.")
ABOUT_ADMIN = N_("That's an admin, about whom only the owner decides.")
IS_BLOCKED = N_("{who} is blocked. Send /unblock {target} first.")
IS_NAMED = N_("{who} is named in the setting {variable}; please change it there.")
OPEN_TO_ALL = N_("Everybody may ask here, whoever is on the list: see ONRECORD_OPEN.")
NOBODY = N_("nobody")
MAX_IDS = 50
ACTS = {
    ("give", "questions"): N_("{actor} let ask: {target}"),
    ("take", "questions"): N_("{actor} no longer lets ask: {target}"),
    ("give", "uploads"): N_("{actor} let upload: {target}"),
    ("take", "uploads"): N_("{actor} no longer lets upload: {target}"),
    ("give", "admin"): N_("{actor} made an admin of {target}"),
    ("take", "admin"): N_("{actor} made no admin of {target}"),
    ("give", "blocked"): N_("{actor} blocked {target}"),
    ("take", "blocked"): N_("{actor} unblocked {target}"),
}


def privacy(days: float, logs_questions: bool, user_id: int | None) -> str:
    """Return what the bot keeps about a user; an anonymous one has no id to show."""
    own_id = _("Your id is {user_id}.")
    whole = ngettext("{number} day", "{number} days", int(days))
    details = _(PRIVACY_DETAILS).format(
        days=whole if days == int(days) else _("{days} days").format(days=f"{days:g}"),
        log=_(LOG_WITH_QUESTIONS) if logs_questions else _(LOG_WITHOUT_QUESTIONS),
        user="" if user_id is None else own_id.format(user_id=user_id) + " ",
    )
    return f"{details}\n\n{_(PRIVACY_CLIPPINGS)}"


def forgotten(counts: Mapping[str, int]) -> str:
    """Return what was deleted, given the number of rows by table."""
    named: Counter[str] = Counter()
    for table, number in counts.items():
        named[_(FORGOTTEN_ROWS.get(table, OTHER_ROWS))] += number
    lines = [f"• {noun}: {decimal(number)}" for noun, number in named.items() if number]
    deleted = "\n".join([_("I deleted:"), *lines]) if lines else _("There was nothing to delete.")
    return f"{deleted}\n\n{_(FORGET_STAYS)}"


def whom(target: int) -> str:
    """Return a user or a group by its id, as the beginning of a sentence."""
    template = _("User {target}") if target > 0 else _("Group {target}")
    return template.format(target=target)


def roll(title: str, named: Iterable[int], added: Iterable[int], variable: str) -> str:
    """Return a line of the holders of a right: those of a setting, then those added in a chat."""
    fixed = listed(named)
    parts = f"{fixed} ({variable})" if fixed and variable else fixed, listed(added)
    return f"{title}: {'; '.join(filter(None, parts)) or _(NOBODY)}"


def listed(ids: Iterable[int]) -> str:
    """Return ids in order, at most MAX_IDS."""
    ordered = sorted(ids)
    shown = ", ".join(map(str, ordered[:MAX_IDS]))
    if (left := len(ordered) - MAX_IDS) > 0:
        shown += " " + ngettext("and {number} more", "and {number} more", left)
    return shown


def act_line(act: Act) -> str:
    """Return a change of rights on one line, with its time in UTC."""
    when = datetime.fromtimestamp(act.at, UTC)
    what = _(ACTS[act.act, act.detail]).format(actor=act.actor, target=act.target)
    return f"{isolate(f'{when:%Y-%m-%d %H:%M} UTC')} · {what}"
