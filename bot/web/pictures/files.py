"""Pictures of the pages of PDFs, if the file that was indexed is still at hand.

The file may be hostile: it is drawn in a process of its own, within limits.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from starlette.exceptions import HTTPException

from index.core.documents import Document
from index.core.errors import DocumentError
from index.core.files import sha256_of
from index.sources.files import FoundFile, read_sidecar
from index.sources.files import find_file as find_in_folder

SUFFIX = ".pdf"
MAX_BYTES = 100_000_000
MAX_S = 20.0
AT_ONCE = asyncio.Semaphore(1)


def find_file(
    folders: Mapping[str, Path], document: Document, sent: Path | None = None
) -> Path | None:
    """Return the file of a PDF, None if it is gone or is not the one that was indexed.

    It is `sent`, or else lies in the folder of its collection.
    """
    if sent is not None:
        return sent if sent.suffix.lower() == SUFFIX and _is_made_of(document, sent) else None
    folder = folders.get(document.collection)
    if folder is None or not document.path.lower().endswith(SUFFIX):
        return None
    location = folder / document.path
    try:
        if not location.resolve().is_relative_to(folder):
            return None
        found = find_in_folder(location, folder)
        is_same = found.stat.size_bytes <= MAX_BYTES and _sha256(found) == document.sha256
    except (DocumentError, OSError):
        return None
    return location if is_same else None


def _is_made_of(document: Document, sent: Path) -> bool:
    try:
        found = find_in_folder(sent, sent.parent)
        return found.stat.size_bytes <= MAX_BYTES and _sha256(found) == document.sha256
    except (DocumentError, OSError):
        return False


@lru_cache(maxsize=256)
def _sha256(found: FoundFile) -> str:
    _metadata, beside = read_sidecar(found)
    return sha256_of(found.location.read_bytes() + beside)


async def draw(file: Path, page: int, text: str) -> bytes:
    """Return a page, from 1, as PNG, with boxes around the lines of a text.

    Raises:
        HTTPException: there is no such page, or it cannot be drawn.
    """
    root = str(Path(__file__).parents[3])
    async with AT_ONCE:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "bot.web.pictures.drawing", str(file), str(page)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": root, "OMP_NUM_THREADS": "1"},
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(MAX_S):
                drawn, _errors = await process.communicate(text.encode(errors="replace"))
        except TimeoutError:
            drawn = b""
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if not drawn or process.returncode:
        raise HTTPException(404)
    return drawn
