"""The command `onrecord migrate`: the index and the bot's tables, from one database to another."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from sqlalchemy import URL, Engine, MetaData

from bot.cli import DataOption, progress_bar
from bot.reload import read_index_settings
from bot.storage.alone import alone
from bot.storage.database import open_inbox
from bot.storage.schema import schema as bot_schema
from index.core.errors import StoreError
from index.core.files import make_private
from index.core.settings import IndexSettings
from index.store.databases.copying import compare_tables, copy_tables
from index.store.databases.postgresql import name_of
from index.store.schema import schema as index_schema
from index.store.store import Store


def migrate(
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="URL|DIR",
            help="A PostgreSQL database, as in ONRECORD_DATABASE_URL, or a folder of files.",
            envvar="ONRECORD_MIGRATE_TO",
        ),
    ],
    data: DataOption = None,
) -> None:
    """Copy the index and the bot's tables to another database; what is there stays.

    Stop every bot first. Interrupted, it goes on where it was; in the end all rows, texts and
    certificates are compared. Uploaded files and what was fitted stay in the folder. An index in
    Milvus serves the copy as well.
    """
    settings = read_index_settings(data)
    folder, url = _target(to)
    if (folder.resolve(), url) == (settings.data.resolve(), settings.database) or (
        url is not None and url == settings.database
    ):
        raise StoreError("the index is there already; name another database with --to")
    make_private(settings.data)
    with ExitStack() as opened:
        opened.enter_context(alone(settings.data))
        source = Store(settings.data / "index.db", settings.database)
        opened.callback(source.close)
        target = Store(folder / "index.db", url)
        opened.callback(target.close)
        with source.lock(settings.data / "writing.lock"):
            _make_room(source, target)
            _move("index", source.engine, target.engine, index_schema)
            faults = _checked(target)
        inbox = open_inbox(settings.data, settings.database)
        opened.callback(inbox.dispose)
        copy = open_inbox(folder, url)
        opened.callback(copy.dispose)
        _move("questions", inbox, copy, bot_schema)
    if faults:
        raise StoreError(f"the copy is not sound: {faults[0]}")
    place = to if url is None else name_of(url)
    setting = "--data" if url is None else "ONRECORD_DATABASE_URL"
    typer.echo(f"{place} holds the same; go on there with {setting}")


def _target(to: str) -> tuple[Path, URL | None]:
    if "://" not in to:
        return Path(to), None
    try:
        settings = IndexSettings(database_url=SecretStr(to), _env_file=None)
    except ValueError as error:
        raise StoreError(
            "--to is no database of ours; give one like postgresql+psycopg://USER:PASSWORD@HOST/NAME"
        ) from error
    return settings.data, settings.database


def _make_room(source: Store, target: Store) -> None:
    """Drop the history that a new database begins with."""
    strange = [token for token in target.revisions.tokens() if not source.revisions.hold(token)]
    if strange and (len(strange) > 1 or target.collections()):
        raise StoreError(f"{name_of(target.engine.url)} holds another index; name an empty one")
    if strange:
        target.revisions.forget()


def _move(name: str, source: Engine, target: Engine, schema: MetaData) -> None:
    with progress_bar(f"Copying {name}") as progress:
        copy_tables(source, target, schema, progress)
    compare_tables(source, target, schema)


def _checked(target: Store) -> list[str]:
    with progress_bar("Verifying") as progress:
        return [str(fault) for fault in target.find_faults(progress)]
