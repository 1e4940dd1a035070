"""Names an upload and finds room for it in its chat, or rejects it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import PurePath

from bot.conversation.conversation import collection_of
from bot.storage.uploads import Limits, Offer, Upload, Uploads
from bot.texts import uploads as texts
from index.core.errors import DocumentError
from index.core.files import StoredFile
from index.ingest import Room
from index.parsers import parser_of
from index.sources.archives import ARCHIVES
from index.sources.names import free_name, is_url

Files = Mapping[str, StoredFile]


def check_file(offer: Offer, size_bytes: int, limits: Limits) -> None:
    """Check the format and the size of a file; a page is checked when it is fetched.

    Raises:
        DocumentError: it is rejected; the text gives the limit and the remedy.
    """
    if offer.download is None:
        return
    if PurePath(offer.name).suffix not in ARCHIVES:
        parser_of(offer.name)
    if (
        limits.download_mb <= limits.max_file_mb
        and size_bytes > limits.download_mb * texts.MEGABYTE
    ):
        raise DocumentError(offer.name, texts.TOO_LARGE_FOR_TELEGRAM)
    if size_bytes > limits.max_file_mb * texts.MEGABYTE:
        raise DocumentError(offer.name, texts.file_too_large(size_bytes, limits.max_file_mb))


def plan(offer: Offer, files: Files, uploads: Uploads, limits: Limits) -> Upload:
    """Record an offer under a free name, if its chat, which has `files`, has room for it.

    Raises:
        DocumentError: it has none.
    """
    path, file = offer.name, None
    if offer.download is not None:
        path = _name(offer, files, uploads)
        place = collection_of(offer.chat_id).replace(":", "_")
        file = f"{place}/{secrets.token_hex(8)}{PurePath(path).suffix}"
    upload = Upload(offer.update_id, offer.chat_id, offer.user_id, path, file)
    room = room_for(upload, files, limits)
    if room.documents < 1 and path not in files:
        raise DocumentError(offer.name, texts.too_many_documents(limits.documents))
    if offer.size_bytes > room.size_bytes:
        used = int(limits.chat_mb * texts.MEGABYTE) - room.size_bytes
        raise DocumentError(offer.name, texts.too_much(used, limits.chat_mb))
    uploads.plan(upload)
    return upload


def room_for(upload: Upload, files: Files, limits: Limits) -> Room:
    """Return what a chat may still have; an archive takes the place of the one before it."""
    replaced = within(files, upload.archive)
    others = [file for path, file in files.items() if path not in replaced]
    used = sum(file.stat.size_bytes for file in others)
    return Room(limits.documents - len(others), int(limits.chat_mb * texts.MEGABYTE) - used)


def within(files: Files, archive: str) -> dict[str, int]:
    """Return the documents of an archive by path; "" is none and has none."""
    found = files.items() if archive else ()
    return {path: file.document_id for path, file in found if path.startswith(f"{archive}/")}


def _name(offer: Offer, files: Files, uploads: Uploads) -> str:
    """A free name, or that of an archive which the same user sent before."""
    before = within(files, offer.name).values()
    senders = [{sent.user_id for sent in uploads.of_document(found)} for found in before]
    if before and all(offer.user_id in found for found in senders):
        return offer.name
    taken = {path.partition("/")[0] for path in files if not is_url(path)}
    return free_name(offer.name, taken | uploads.begun(offer.chat_id))
