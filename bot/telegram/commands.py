"""The commands of a chat beside those of the conversation, and whose they are."""

from __future__ import annotations

from bot.conversation.conversation import COMMANDS
from bot.i18n.language import N_
from bot.storage.access import Role

LINK_COMMANDS = {"link": N_("Make a link that asks me a question, as in /link who denied it?")}
LANGUAGE_COMMANDS = {"language": N_("Change the language of my messages, as in /language de")}
PERSONAL_COMMANDS = {
    "privacy": N_("What I keep about you, and who sees it"),
    "forget": N_("Delete what I keep about you"),
    "stop": N_("Be quiet here until /start"),
}
UPLOAD_COMMANDS = {
    "add": N_("Add a page, as in /add https://example.org; or a file, as a reply to it"),
    "remove": N_("List what was sent to this chat, or remove one of it: /remove 12"),
    "share": N_("Answer all chats from a document of this one: /share 12"),
}
"""Handled before all others, as they take long; the last is for admins."""
ADMIN_COMMANDS = {
    "allow": N_("Let somebody ask, or upload too: /allow 1234 uploads, or as a reply to them"),
    "disallow": N_("Take back what /allow gave"),
    "block": N_("Be silent towards somebody: /block 1234, or as a reply to them"),
    "unblock": N_("Talk to somebody again"),
    "admins": N_("Who decides here; the owner adds and removes: /admins add 1234"),
}
OWNER_COMMANDS = {"audit": N_("The last changes of who may do what")}
PUBLIC_COMMANDS = COMMANDS | LINK_COMMANDS | LANGUAGE_COMMANDS | PERSONAL_COMMANDS
CHAT_COMMANDS = PERSONAL_COMMANDS | ADMIN_COMMANDS | OWNER_COMMANDS


def commands_for(role: Role) -> dict[str, str]:
    """Return the commands that somebody may use, with their purposes, in the order of a menu."""
    commands = {} if role is Role.BLOCKED else dict(PUBLIC_COMMANDS)
    if role >= Role.UPLOADER:
        commands |= {name: UPLOAD_COMMANDS[name] for name in ("add", "remove")}
    if role >= Role.ADMIN:
        commands |= UPLOAD_COMMANDS
        commands |= ADMIN_COMMANDS
    if role is Role.OWNER:
        commands |= OWNER_COMMANDS
    return commands
