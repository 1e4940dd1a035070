"""What the bot says of documents that users send in; what follows a name brings its own mark."""

from __future__ import annotations

from bot.wording import count, isolate, shorten

UPLOAD_RECEIVED = ": received."
UPLOAD_FETCHING = ": downloading…"
UPLOAD_READING = ": reading…"
UPLOAD_GONE = " was removed meanwhile."
UPLOAD_BROKEN = ": something went wrong on my side. Please send it again."
UPLOAD_CRASHED = (
    ": I broke off three times while reading it, and leave it. Save it in another format."
)
DISK_FULL = "the disk of my machine is full; tell the operator"
NOT_DELIVERED = "Telegram does not hand it over; send it again later"
TOO_LARGE_FOR_TELEGRAM = (
    "Telegram hands files of at most 20 MB to bots; split it, or send a link to it"
)
ADD_USAGE = (
    "Send me a file, or a link such as https://example.org/report. /add takes a link, too, or "
    "answers a message with a file."
)
NO_UPLOADS = (
    "I'm sorry, I only take documents from people on a list. To be added, send the operator your "
    "id: {user_id}"
)
NOT_YOURS = (
    " stays: it can be removed by who sent it, by the administrators of this chat and by mine."
)
SHARING_IS_FOR_ADMINS = "Only my administrators may share a document with all chats."
NOTHING_HERE = "No documents were sent to this chat."
REMOVE_USAGE = "/remove and a number removes one."
SHARE_USAGE = "Which one? /remove lists the documents of this chat; then send /share and a number."
MAX_REMOVABLE_LISTED = 50


def upload_waits(before: int) -> str:
    """Return what follows the name of an upload that waits for others."""
    return f": received, {count(before, 'document')} before it."


def upload_indexing(done: int, total: int) -> str:
    """Return what follows the name of an upload that is being embedded."""
    return f": {done:,} of {count(total, 'passage')}…"


def upload_ready(passages: int, document_id: int, known: bool) -> str:
    """Return what follows the name of a document that can be asked about."""
    state = "is here already" if known else "is ready"
    return (
        f" {state}: {count(passages, 'passage')}. Ask me about it. Only this chat is answered from "
        f"it; /remove {document_id} removes it."
    )


def file_too_large(size_bytes: int, max_mb: float) -> str:
    """Return why a file is refused."""
    return (
        f"{size_bytes / 1e6:,.1f} MB, the limit is {max_mb:g} MB; split it, or have the operator "
        "raise ONRECORD_MAX_FILE_MB"
    )


def too_many_documents(limit: int) -> str:
    """Return why a document is refused of a chat that has too many."""
    return f"this chat has {count(limit, 'document')}, as many as it may; /remove lists them"


def too_much(used_bytes: int, max_mb: float) -> str:
    """Return why a document is refused of a chat that has no room for it."""
    return (
        f"it does not fit: this chat has {used_bytes / 1e6:,.1f} MB of documents, and may have "
        f"{max_mb:g} MB; /remove lists them"
    )


def removable(passages: int) -> str:
    """Return what follows a document in the list of those that can be removed."""
    return f" · {count(passages, 'passage')}"


def more_removable(number: int) -> str:
    """Return the end of a list that is too long."""
    return f"and {number:,} more: /remove and a part of the name finds them"


def removed(passages: int) -> str:
    """Return what follows the name of a document that was removed."""
    return f" is removed, with its {count(passages, 'passage')}."


def no_such_document(wanted: str) -> str:
    """Return that a chat has no document of this number or name."""
    return f"This chat has no document {shorten(wanted, 40)}; /remove lists those it has."


def shared(name: str) -> str:
    """Return what follows the name of a document that all chats see now."""
    return f" is in the library now, as {isolate(shorten(name))}: all chats are answered from it."
