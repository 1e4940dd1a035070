"""The commands of the bot on Telegram, which menus, /help, rights and routes follow."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from bot.conversation import conversation
from bot.i18n.language import N_
from bot.storage.access import Role


class Kind(Enum):
    """A way to handle a command."""

    QUESTION = auto()
    """As a question: in its turn, within the quota, for those who may ask."""
    PERSONAL = auto()
    """In private even for those who may not ask, and while the bot is quiet."""
    RIGHTS = auto()
    """In private even while the bot is quiet; for all below its role there is no such command."""
    DOCUMENTS = auto()
    """Before all other messages and beside them, as it takes long."""

    @property
    def is_about_chat(self) -> bool:
        """Whether it concerns the chat itself instead of the documents."""
        return self in {Kind.PERSONAL, Kind.RIGHTS}


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the bot."""

    purpose: str  # shown in menus and by /help; to be translated
    kind: Kind = Kind.QUESTION
    role: Role = Role.STRANGER  # the least that may use it
    in_groups: bool = True  # in the menus


COMMANDS = {
    **{
        name: Command(purpose, in_groups=name != "start")
        for name, purpose in conversation.COMMANDS.items()
    },
    "link": Command(N_("Make a link that asks me a question, as in /link who denied it?")),
    "clippings": Command(N_("List the quotes that are kept here, or send them: /clippings export")),
    "language": Command(N_("Change the language of my messages, as in /language de")),
    "privacy": Command(N_("What I keep about you, and who sees it"), Kind.PERSONAL),
    "forget": Command(N_("Delete what I keep about you"), Kind.PERSONAL, in_groups=False),
    "stop": Command(N_("Be quiet here until /start"), Kind.PERSONAL),
    "add": Command(
        N_("Add a page, as in /add https://example.org; or a file, as a reply to it"),
        Kind.DOCUMENTS,
        Role.UPLOADER,
    ),
    "remove": Command(
        N_("List what was sent to this chat, or remove one of it: /remove 12"),
        Kind.DOCUMENTS,
        Role.UPLOADER,
    ),
    "share": Command(
        N_("Answer all chats from a document of this one: /share 12"),
        Kind.DOCUMENTS,
        Role.ADMIN,
    ),
    "allow": Command(
        N_("Let somebody ask, or upload too: /allow 1234 uploads, or as a reply to them"),
        Kind.RIGHTS,
        Role.ADMIN,
    ),
    "disallow": Command(N_("Take back what /allow gave"), Kind.RIGHTS, Role.ADMIN),
    "block": Command(
        N_("Be silent towards somebody: /block 1234, or as a reply to them"),
        Kind.RIGHTS,
        Role.ADMIN,
    ),
    "unblock": Command(N_("Talk to somebody again"), Kind.RIGHTS, Role.ADMIN),
    "admins": Command(
        N_("Who decides here; the owner adds and removes: /admins add 1234"),
        Kind.RIGHTS,
        Role.ADMIN,
    ),
    "audit": Command(N_("The last changes of who may do what"), Kind.RIGHTS, Role.OWNER),
}
"""By name, in the order of the menus."""


def kind_of(command: str) -> Kind:
    """Return the way to handle a command; one that is unknown, or none, is a question."""
    return COMMANDS[command].kind if command in COMMANDS else Kind.QUESTION


def commands_for(role: Role) -> dict[str, str]:
    """Return the commands that a role may use, with their purposes, in the order of a menu."""
    return {name: command.purpose for name, command in COMMANDS.items() if role >= command.role}


PUBLIC_COMMANDS = commands_for(Role.STRANGER)
