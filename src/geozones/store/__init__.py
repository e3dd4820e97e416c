"""Scenario store: a SQLite file by default, PostgreSQL by URL.

Writes are optimistic: each names the version of the scenario that it started from, and raises
``ConflictError`` if someone wrote the scenario since. When a method returns, its whole write is on
disk.
"""

from geozones.store.backup import Backup
from geozones.store.log import LogState
from geozones.store.store import Store, open_store

__all__ = ["Backup", "LogState", "Store", "open_store"]
