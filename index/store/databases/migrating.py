"""Brings the tables of a database up to date with the Alembic scripts of a folder."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from index.core.errors import StoreError


def is_current(connection: Connection, name: str, migrations: Path, remedy: str) -> bool:
    """Whether a database has the latest schema; `name` is what the user knows it by.

    Raises:
        StoreError: its schema is of a newer version, or from before the first release.
    """
    current = MigrationContext.configure(connection).get_current_revision()
    known = revisions_in(migrations)
    if current is not None and current < known[0]:
        raise StoreError(
            f"{name} was made before the first release (schema {current}), which this version "
            f"cannot read; {remedy}"
        )
    if current is not None and current not in known:
        raise StoreError(
            f"{name} was made by a newer version (schema {current}); update onrecord, or use "
            "another folder with --data"
        )
    return current == known[-1]


def upgrade(connection: Connection, migrations: Path) -> None:
    """Run the scripts that a database lacks, in the transaction of the connection."""
    config = _config(migrations)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def revisions_in(migrations: Path) -> list[str]:
    """Return the schemas that the scripts start from or make, oldest first."""
    scripts = ScriptDirectory.from_config(_config(migrations))
    return sorted(script.revision for script in scripts.walk_revisions())


def _config(migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations))
    return config
