"""Lazy opening of the store, whose libraries most commands never need."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from geozones.common.files import home_folder

if TYPE_CHECKING:
    from geozones.store import Backup, LogState, Store

__all__ = ["Backup", "LogState", "Store", "open_store", "store_is_there", "verify_backup"]


def open_store(url: str | None = None) -> "Store":
    """Open the store, as ``geozones.store.open_store`` does."""
    from geozones import store  # noqa: PLC0415 - SQLAlchemy, only if asked

    return store.open_store(url)


def verify_backup(path: Path) -> "Backup":
    """Return the contents of a backup file; raise ``InputError`` if it cannot be read."""
    from geozones.store.backup import verify_file  # noqa: PLC0415 - as above

    return verify_file(path)


def store_is_there() -> bool:
    """Tell whether a store may exist: commands that only read must not create one.

    The names duplicate ``geozones.store.address``, which is slow to import.
    """
    named = os.environ.get("GEOZONES_DATABASE_URL")
    return bool(named) or (home_folder() / "scenarios.db").exists()
