"""Brings the tables of a database up to date with the Alembic scripts of a folder."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

from index.core.errors import StoreError

_TABLE = "alembic_version"


def is_current(connection: Connection, name: str, migrations: Path, remedy: str) -> bool:
    """Whether a database has the latest schema; `name` is what the user knows it by.

    Raises:
        StoreError: its schema is of a newer version, or from before the first release.
    """
    has_table = connection.dialect.has_table(connection, _TABLE)
    query = text(f"SELECT version_num FROM {_TABLE}")  # noqa: S608
    current = connection.execute(query).scalar() if has_table else None
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
    # Rarely needed, and slow to import.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def revisions_in(migrations: Path) -> list[str]:
    """Return the schemas that the scripts start from or make, oldest first: their numbers."""
    scripts = (migrations / "versions").glob("[0-9][0-9][0-9][0-9]_*.py")
    return sorted(script.name[:4] for script in scripts)
