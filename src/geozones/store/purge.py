"""Erased content removed from the files of the database, where a deleted row leaves its bytes.

SQLite: the file is written anew and its ``-wal`` emptied. An erasure marks the database in its own
transaction (``user_version``, which nothing else uses here); the mark goes once neither file holds
what was erased. PostgreSQL: the tables that hold names are written anew.
"""

import contextlib
import sqlite3

from sqlalchemy import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import SQLAlchemyError

from geozones.store.tables import COMMENTS, JOURNAL_MONTHS, OPINIONS

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


def purge(engine: Engine, wait_ms: int = _WAIT_MS) -> bool:
    """Remove from the files what was erased; tell whether it was done.

    It is not where another connection reads what was there before, writes, or the disk is full:
    the next purge goes on from there.
    """
    try:
        if engine.dialect.name == "sqlite":
            return _purge_file(engine, wait_ms)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in (COMMENTS, OPINIONS, JOURNAL_MONTHS):
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
    if _number(cursor, "PRAGMA wal_checkpoint(TRUNCATE)"):  # 1 where it was kept from ending
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
