"""Texts about uploads; those that follow a name begin with their own space or colon."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n.language import N_, _, decimal, ngettext, say
from bot.texts.answers import isolate, name_of, one_line, reason
from index.core.lazy_text import Phrase
from index.ingest import IndexReport

UPLOAD_RECEIVED = N_(": received.")
UPLOAD_FETCHING = N_(": downloading…")
UPLOAD_READING = N_(": reading…")
ASK_ABOUT_THEM = N_("Ask me about them. Only this chat is answered from them; /remove lists them.")
REMOVED = N_(" is removed.")
UPLOAD_GONE = N_(" was removed meanwhile.")
UPLOAD_BROKEN = N_(": something went wrong on my side. Please send it again.")
UPLOAD_CRASHED = N_(
    ": I broke off three times while reading it, and leave it. Save it in another format."
)
DISK_FULL = Phrase("the disk of my machine is full; tell the operator")
CHANGED_ON_DISK = Phrase("it was changed before I could read it; send it again")
NOT_DELIVERED = Phrase("Telegram does not hand it over; send it again later")
TOO_LARGE_FOR_TELEGRAM = Phrase(
    "Telegram hands files of at most 20 MB to bots; split it, or send a link to it"
)
ADD_USAGE = N_(
    "Send me a file, or a link such as https://example.org/report. /add takes a link, too, or "
    "answers a message with a file."
)
NO_UPLOADS = N_(
    "I'm sorry, I only take documents from people on a list. To be added, send the operator your "
    "id: {user_id}"
)
NOT_YOURS = N_(
    " stays: it can be removed by who sent it, by the administrators of this chat and by mine."
)
SHARING_IS_FOR_ADMINS = N_("Only my administrators may share a document with all chats.")
NOTHING_HERE = N_("No documents were sent to this chat.")
REMOVE_USAGE = N_("/remove and a number removes one.")
SHARE_USAGE = N_(
    "Which one? /remove lists the documents of this chat; then send /share and a number."
)
MAX_REMOVABLE_LISTED = 50
MEGABYTE = 1_000_000
MAX_KINDS, MAX_NAMED = 3, 3


def upload_failed(text: str) -> str:
    # Translators: follows the name of a document.
    return _(": {reason}").format(reason=reason(text))


def upload_waits(before: int) -> str:
    return ngettext(
        ": received, {number} document before it.",
        ": received, {number} documents before it.",
        before,
    )


def upload_indexing(done: int, total: int) -> str:
    """Return a phrase, as the thread that embeds knows no language."""
    return Phrase(": {percent} % read…", percent=100 * done // max(1, total))


def upload_progress(text: str) -> str:
    """Return the progress of an upload in the language of the reader."""
    return say(text, isolate) if isinstance(text, Phrase) else text


def upload_ready(known: bool) -> str:
    return _(" is here already.") if known else _(" is ready.")


def archive_ready(documents: int) -> str:
    return ngettext(" is ready: {number} document.", " is ready: {number} documents.", documents)


def removed(documents: int) -> str:
    """Return what follows the name of a document, or of an archive with so many."""
    if documents == 1:
        return _(REMOVED)
    return ngettext(
        " is removed, with its {number} document.",
        " is removed, with its {number} documents.",
        documents,
    )


def documents_in_it(documents: int) -> str:
    # Translators: follows the name of an archive in a list.
    return ngettext(": {number} document", ": {number} documents", documents)


def upload_hint(document_id: int) -> str:
    return _(
        "Ask me about it. Only this chat is answered from it; /remove {document_id} removes it."
    ).format(document_id=document_id)


def upload_left_out(reasons: Sequence[str]) -> str:
    # Translators: lines of a table, say, and why.
    return _("Left out: {reasons}.").format(reasons=isolate("; ".join(map(reason, reasons))))


def left_out_of_archive(report: IndexReport, archive: str) -> tuple[str, ...]:
    """Return what was left out of an archive: kinds of files, files, and how many more."""
    reasons: list[str] = []
    if report.unknown:
        kinds = [name_of(suffix or "?") for suffix, _ in report.unknown.most_common(MAX_KINDS)]
        reasons.append(
            Phrase.counted(
                "{number} file of a format that I do not read ({kinds})",
                "{number} files of formats that I do not read ({kinds})",
                report.unknown.total(),
                kinds=", ".join(kinds) + ("…" if len(report.unknown) > MAX_KINDS else ""),
            )
        )
    if report.no_room:
        reasons.append(
            Phrase.counted(
                "{number} file for which this chat has no room",
                "{number} files for which this chat has no room",
                report.no_room,
            )
        )
    errors = report.failed + report.left_out
    for error in errors[:MAX_NAMED]:
        name = name_of(error.name.removeprefix(f"{archive}/"))
        reasons.append(f"{name}: {error.reason}")
    if (more := len(errors) - MAX_NAMED) > 0:
        reasons.append(Phrase.counted("{number} more file", "{number} more files", more))
    return tuple(reasons)


def nothing_in_archive(report: IndexReport, archive: str) -> str:
    """Return why an archive became no document."""
    reasons = left_out_of_archive(report, archive)
    return reasons[0] if reasons else Phrase("there is no file in it that I can read")


def file_too_large(size_bytes: int, max_mb: float) -> str:
    return Phrase(
        "{size} MB, the limit is {limit} MB; split it, or have the operator raise "
        "ONRECORD_MAX_FILE_MB",
        size=megabytes(size_bytes),
        limit=decimal(max_mb),
    )


def too_many_documents(limit: int) -> str:
    return Phrase.counted(
        "this chat has {number} document, as many as it may; /remove lists it",
        "this chat has {number} documents, as many as it may; /remove lists them",
        limit,
    )


def too_much(used_bytes: int, max_mb: float) -> str:
    return Phrase(
        "it does not fit: this chat has {used} MB of documents, and may have {limit} MB; /remove "
        "lists them",
        used=megabytes(used_bytes),
        limit=decimal(max_mb),
    )


def megabytes(size_bytes: int) -> str:
    """Return a size as in 1,204.5, without its unit."""
    return decimal(round(size_bytes / MEGABYTE, 1))


def more_removable(number: int) -> str:
    return ngettext(
        "and {number} more: /remove and a part of the name finds it",
        "and {number} more: /remove and a part of the name finds them",
        number,
    )


def no_such_document(wanted: str) -> str:
    return _("This chat has no document {name}; /remove lists those it has.").format(
        name=one_line(wanted, 40)
    )


def shared(name: str) -> str:
    return _(" is in the library now, as {name}: all chats are answered from it.").format(
        name=name_of(name)
    )
