"""Upgrade of the tables to the last migration, done once whichever process opens the database."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from geozones.domain import StoreError
from geozones.store.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

#: The last revision of ``migrations/versions``.
HEAD = "0010"
REVISION_TABLE = "geozones_revision"
#: PostgreSQL's advisory lock during an upgrade: « geozones » as a number.
_LOCK_KEY = 0x67656F7A6F6E6573
# Alembic keeps its state in global variables.
_ONE_AT_A_TIME = threading.Lock()


def upgrade(database: Database, wait_s: float) -> None:
    """Create or upgrade the tables; two processes may do it at once.

    Raises
    ------
    StoreError
        If the database was made by a newer version, or does not answer; it is then unchanged.
    """
    if database.is_sqlite:
        database.use_wal(wait_s)
    with database.reading() as connection:
        if revision_of(connection) == HEAD:
            return
    with _ONE_AT_A_TIME, database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        _migrate(connection, database)


def _migrate(connection: Connection, database: Database) -> None:
    from alembic import command  # noqa: PLC0415 - slow to load, for a database's first opening

    config = _config()
    revision = revision_of(connection)
    if revision is not None and not is_known(revision):
        msg = (
            f"La base de scénarios {database.address} vient d'une version plus récente de "
            "geozones : rien n'a changé. Mettez geozones à jour, ou indiquez une autre base par "
            "GEOZONES_DATABASE_URL."
        )
        raise StoreError(msg)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def is_known(revision: str) -> bool:
    """Return whether this version knows a migration."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return revision in {script.revision for script in scripts}


def revision_of(connection: Connection) -> str | None:
    """Return the last migration of a database; ``None`` if it has no tables of geozones."""
    if not inspect(connection).has_table(REVISION_TABLE):
        return None
    # A fixed name, not a value.
    answer = connection.execute(text(f"SELECT version_num FROM {REVISION_TABLE}"))  # noqa: S608
    revision: str | None = answer.scalar()
    return revision
