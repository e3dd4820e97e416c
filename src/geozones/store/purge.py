"""Erased content removed from SQLite's files: pages freed by the erasure, and the write-ahead log.

An erasure marks the database in its own transaction (SQLite's ``user_version``, which nothing else
uses here); the mark goes once neither the file nor its ``-wal`` holds what was erased. PostgreSQL
reclaims what was erased by itself, at its next vacuum.
"""

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from geozones.store.database import Database

#: Marks: nothing erased is left; the file is to be written anew; only its ``-wal`` is to be
#: emptied.
_CLEAN, _ERASED, _WRITTEN_ANEW = 0, 1, 2
#: Longest wait for readers of what was erased, in milliseconds.
_WAIT_MS = 1000


def mark_erased(connection: Connection) -> None:
    """Have what a transaction erased removed from the files afterwards (`purge`)."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version={_ERASED}")


def waits_for_readers(connection: Connection) -> bool:
    """Tell whether a purge was kept from ending by those who read."""
    mark = connection.exec_driver_sql("PRAGMA user_version").scalar()
    return mark == _WRITTEN_ANEW


def purge(database: "Database", wait_ms: int = _WAIT_MS) -> bool:
    """Remove from the files what was erased, and empty the ``-wal``; tell whether it was done.

    It is not where another connection reads what was there before, writes, or the disk is full:
    the mark stays, and the next purge goes on from there.
    """
    if not database.is_sqlite:
        return True
    try:
        with contextlib.closing(database.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
            cursor.execute(f"PRAGMA busy_timeout={wait_ms}")
            try:
                return _purge(cursor)
            finally:
                cursor.execute(f"PRAGMA busy_timeout={usual}")
    except (sqlite3.Error, SQLAlchemyError):
        return False


def _purge(cursor: DBAPICursor) -> bool:
    if _mark(cursor) == _ERASED:
        cursor.execute("VACUUM")
        _replace(cursor, _ERASED, _WRITTEN_ANEW)
    busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        return False
    _replace(cursor, _WRITTEN_ANEW, _CLEAN)
    return _mark(cursor) == _CLEAN


def _mark(cursor: DBAPICursor) -> int:
    (mark,) = cursor.execute("PRAGMA user_version").fetchone()
    return int(mark)


def _replace(cursor: DBAPICursor, before: int, after: int) -> None:
    """Change the mark, unless another process erased something meanwhile."""
    if _mark(cursor) == before:
        cursor.execute("BEGIN IMMEDIATE")
        if _mark(cursor) == before:
            cursor.execute(f"PRAGMA user_version={after}")
        cursor.execute("COMMIT")
