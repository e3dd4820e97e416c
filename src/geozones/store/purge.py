"""Purge of erased content from the database files, where a deleted row leaves its bytes.

SQLite: the file is rewritten and its ``-wal`` emptied. An erasure marks the database in its own
transaction (``user_version``, which nothing else uses here); the mark is removed once neither file
holds erased content. PostgreSQL: the tables that hold names are rewritten.
"""

import contextlib
import sqlite3

from sqlalchemy import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import SQLAlchemyError

from geozones.store.tables import COMMENTS, JOURNAL_MONTHS, OPINION_ANSWERS, OPINIONS

#: Marks: no purge needed; the file must be rewritten; only its ``-wal`` must be emptied.
_CLEAN, _ERASED, _WRITTEN_ANEW = 0, 1, 2
#: Longest wait for readers of erased content, in milliseconds.
_WAIT_MS = 1000


def mark_erased(connection: Connection) -> None:
    """Mark the database, in the caller's transaction, so that `purge` cleans the files later."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version={_ERASED}")


def waits_for_readers(connection: Connection) -> bool:
    """Return whether readers kept a purge from finishing."""
    mark = connection.exec_driver_sql("PRAGMA user_version").scalar()
    return mark == _WRITTEN_ANEW


def purge(engine: Engine, wait_ms: int = _WAIT_MS) -> bool:
    """Remove erased content from the files; return whether it succeeded.

    It fails while another connection reads the database as it was before, or writes, or when the
    disk is full: the next purge continues from there.
    """
    try:
        if engine.dialect.name == "sqlite":
            return _purge_file(engine, wait_ms)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in (COMMENTS, OPINIONS, OPINION_ANSWERS, JOURNAL_MONTHS):
                connection.exec_driver_sql(f"VACUUM FULL {table.name}")
    except (sqlite3.Error, SQLAlchemyError):
        return False
    return True


def _purge_file(engine: Engine, wait_ms: int) -> bool:
    with contextlib.closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        usual = _number(cursor, "PRAGMA busy_timeout")
        cursor.execute(f"PRAGMA busy_timeout={wait_ms}")
        try:
            return _purge(cursor)
        finally:
            cursor.execute(f"PRAGMA busy_timeout={usual}")


def _purge(cursor: DBAPICursor) -> bool:
    if _mark(cursor) == _ERASED:
        cursor.execute("VACUUM")
        _replace(cursor, _ERASED, _WRITTEN_ANEW)
    if _number(cursor, "PRAGMA wal_checkpoint(TRUNCATE)"):  # 1 if readers kept it from finishing
        return False
    _replace(cursor, _WRITTEN_ANEW, _CLEAN)
    return _mark(cursor) == _CLEAN


def _mark(cursor: DBAPICursor) -> int:
    return _number(cursor, "PRAGMA user_version")


def _number(cursor: DBAPICursor, order: str) -> int:
    """Return the first number of SQLite's answer."""
    cursor.execute(order)
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _replace(cursor: DBAPICursor, before: int, after: int) -> None:
    """Change the mark, unless another process erased something meanwhile."""
    if _mark(cursor) == before:
        cursor.execute("BEGIN IMMEDIATE")
        if _mark(cursor) == before:
            cursor.execute(f"PRAGMA user_version={after}")
        cursor.execute("COMMIT")
