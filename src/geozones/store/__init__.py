"""Scenarios kept: a SQLite file by default, PostgreSQL by URL.

Writes are optimistic: each says which version of the scenario it was made on, and is refused with
``ConflictError`` if someone wrote since. Once a method returns, its write is on disk, whole.
"""

from geozones.store.backup import Backup
from geozones.store.log import LogState
from geozones.store.stamps import utc_now
from geozones.store.store import Store, open_store

__all__ = ["Backup", "LogState", "Store", "open_store", "utc_now"]
