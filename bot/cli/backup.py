"""The commands `onrecord backup` and `onrecord restore`: all that cannot be made again, in a file.

The file is a zip archive of both databases, the files that people sent, and what was fitted.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import Annotated

import typer

from bot.cli import DataOption, progress_bar
from bot.reload import read_index_settings
from bot.storage.database import FILE_NAME, open_inbox
from index.core.documents import Progress
from index.core.errors import StoreError
from index.core.files import make_private, open_regular, replacing, sync_folder
from index.core.settings import IndexSettings
from index.sources.names import free_name
from index.store.databases.sqlite import fault_of
from index.store.store import Store

INDEX, UPLOADS, FITTED = "index.db", "uploads", "fitted.json"
# The index last, so that it knows at least what the bot's database refers to.
DATABASES = (FILE_NAME, INDEX)
BESIDE = ("", "-wal", "-shm")

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The archive, as backup.zip.")]


def backup(file: FileArgument, data: DataOption = None) -> None:
    """Write both databases, uploads and what was fitted to one file, also while the bot runs."""
    settings = _of_files(data)
    folder = settings.data.resolve()
    if not (folder / INDEX).exists():
        raise StoreError(f"{folder} holds no index; name its folder with --data")
    if file.resolve().is_relative_to(folder) or file.is_dir():
        raise StoreError(f"{file} cannot be the backup; name a file outside of {folder}")
    with _explained(file, "written"), progress_bar("Copying") as progress:
        _write(file, settings, progress)
    typer.echo(f"{file}: {file.stat().st_size / 1e6:,.1f} MB, readable by you alone")


def restore(file: FileArgument, data: DataOption = None) -> None:
    """Put a backup in place of the index; what was there is kept beside it. Stop the bot first."""
    settings = _of_files(data)
    folder = settings.data
    with (
        _explained(file, "read"),
        open_regular(file.resolve()) as opened,
        zipfile.ZipFile(opened) as archive,
    ):
        names = _checked_names(file, archive)
        make_private(folder)
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=folder) as unpacked:
            for name in names:
                _extract(archive, name, Path(unpacked) / name)
            _check_databases(Path(unpacked))
            kept = _replace(settings, Path(unpacked))
    typer.echo(f"{folder} is as it was in {file}")
    if kept is not None:
        typer.echo(f"what it replaces is in {kept}: remove that once all is well")


def _of_files(data: Path | None) -> IndexSettings:
    settings = read_index_settings(data)
    if settings.database is not None:
        raise StoreError(
            "ONRECORD_DATABASE_URL is set, and a backup is of files; use pg_dump and pg_restore"
        )
    return settings


def _write(file: Path, settings: IndexSettings, progress: Progress) -> None:
    folder = settings.data
    sent = (folder / UPLOADS).resolve()
    uploads = sorted(path for path in sent.rglob("*") if S_ISREG(path.lstat().st_mode))
    with replacing(file) as written, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in DATABASES:
            if (folder / name).exists():
                with tempfile.TemporaryDirectory(
                    prefix=f".{file.name}.", dir=file.parent
                ) as beside:
                    _copy(folder / name, Path(beside) / name)
                    archive.write(Path(beside) / name, name)
        if settings.fitted_file.exists():
            archive.write(settings.fitted_file, FITTED)
        for done, path in enumerate(uploads, 1):
            with suppress(FileNotFoundError), open_regular(path) as upload:  # removed in chat since
                archive.writestr(f"{UPLOADS}/{path.relative_to(sent).as_posix()}", upload.read())
            progress(done, len(uploads))


def _copy(database: Path, copy: Path) -> None:
    """Copy one state of a database, whatever is written meanwhile, and insist that it is whole."""
    if not database.is_file():
        raise StoreError(f"{database} is no regular file; no backup was made of it")
    uri = f"{database.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(uri, uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        (report,) = target.execute("PRAGMA quick_check(1)").fetchone()
    if report != "ok":
        raise StoreError(f"{database} is damaged ({report}); no backup was made of it")


def _checked_names(file: Path, archive: zipfile.ZipFile) -> list[str]:
    """The files in an archive, all of them where a backup has them."""
    names = [name for name in archive.namelist() if not name.endswith("/")]
    for name in names:
        parts = PurePosixPath(name).parts
        is_upload = len(parts) > 1 and parts[0] == UPLOADS and ".." not in parts
        if "\\" in name or not (is_upload or name in {*DATABASES, FITTED}):
            raise StoreError(f"{file} is no backup of ours: it holds {name!r}")
    if INDEX not in names:
        raise StoreError(f"{file} is no backup of ours: it holds no {INDEX}")
    return names


def _extract(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    make_private(target.parent)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with archive.open(name) as packed, os.fdopen(descriptor, "wb") as unpacked:
        shutil.copyfileobj(packed, unpacked)
        unpacked.flush()
        os.fsync(descriptor)


def _check_databases(folder: Path) -> None:
    """Insist that this version can open the databases in a folder; older ones are migrated."""
    Store(folder / INDEX).close()
    if (folder / FILE_NAME).exists():
        open_inbox(folder).dispose()


def _replace(settings: IndexSettings, unpacked: Path) -> Path | None:
    """Put the files into place, and return the folder of those that were there."""
    folder = settings.data
    for name in DATABASES:
        _insist_on_unused(folder / name)
    name = f"replaced-{datetime.now(UTC):%Y-%m-%d-%H%M%S}"
    # A clock that was put back names the same second again.
    kept = folder / free_name(name, (path.name for path in folder.iterdir()))
    old = [folder / f"{name}{ending}" for name in DATABASES for ending in BESIDE]
    for path in (*old, folder / UPLOADS, settings.fitted_file):
        if path.exists():
            kept.mkdir(mode=0o700, exist_ok=True)
            path.rename(kept / path.name)
    for path in sorted(unpacked.iterdir()):
        path.rename(settings.fitted_file if path.name == FITTED else folder / path.name)
    sync_folder(folder)
    return kept if kept.exists() else None


def _insist_on_unused(database: Path) -> None:
    """Raise if any process has a database open; else nothing of it is left in a second file."""
    if not database.is_file():
        return
    with closing(sqlite3.connect(database, timeout=1.0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"{database} is in use; stop the bot and every other command on {database.parent}"
            ) from error
        except sqlite3.DatabaseError:
            return  # damaged, which is why it is replaced


@contextmanager
def _explained(file: Path, action: str) -> Iterator[None]:
    """Raise what goes wrong with the files as one line.

    Raises:
        StoreError: the disk is full, a file cannot be read or written, or the archive is damaged.
    """
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise StoreError(f"{file} is no backup of ours, or damaged: {error}") from error
    except OSError as error:
        place = error.filename or file
        raise StoreError(f"{place} cannot be {action}: {error.strerror or error}") from error
    except sqlite3.Error as error:
        raise StoreError(
            f"a database {fault_of(error, 'it is damaged: run `onrecord doctor --deep`')}"
        ) from error
