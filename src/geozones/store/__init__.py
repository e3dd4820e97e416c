"""Scenario store: a SQLite file by default, PostgreSQL by URL.

Writes are optimistic: `ConflictError` if the scenario changed since it was read. May import
`common`, `domain`, `records`.
"""

from geozones.store.backup import Backup
from geozones.store.store import LogState, Store, open_store

__all__ = ["Backup", "LogState", "Store", "open_store"]
