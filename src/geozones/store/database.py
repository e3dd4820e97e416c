"""Database access: read and write transactions, with errors as French sentences."""

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from geozones.common.files import why
from geozones.domain import StoreError
from geozones.store.address import Address
from geozones.store.faults import is_locked, store_error
from geozones.store.purge import purge, waits_for_readers

_WRITES = "geozones_writes"


class Database:
    """A database, reached through a pool of connections that threads share.

    Parameters
    ----------
    address
        Where it is.
    wait_s
        Longest wait for a lock, or for one of the pool's connections, in seconds.

    Raises
    ------
    StoreError
        If the PostgreSQL driver is not installed.
    """

    def __init__(self, address: Address, wait_s: float) -> None:
        self.address = address
        self.engine = (
            _sqlite(address.file, wait_s) if address.file else _postgresql(address, wait_s)
        )
        one_state: dict[str, Any] = {} if address.file else {"isolation_level": "REPEATABLE READ"}
        self._reader = self.engine.execution_options(**one_state)
        self._writer = self.engine.execution_options(**{_WRITES: True})

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a SQLite file."""
        return self.address.file is not None

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one snapshot of the database.

        Raises
        ------
        StoreError
            If the database does not answer.
        """
        try:
            with self._reader.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise store_error(error, self.address) from error

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that is written whole at the end of the block, or not at all.

        Raises
        ------
        StoreError
            If it could not be written; the message says so where the answer to the last order was
            lost, and nobody knows.
        """
        committing = to_purge = False
        try:
            with self._writer.begin() as connection:
                yield connection
                to_purge = self.is_sqlite and waits_for_readers(connection)
                committing = True
        except SQLAlchemyError as error:
            raise store_error(error, self.address, committing=committing) from error
        if to_purge:
            purge(self.engine, wait_ms=0)

    def use_wal(self, wait_s: float) -> None:
        """Set SQLite's WAL mode, so that readers and the writer do not wait for one another.

        Raises
        ------
        StoreError
            If the file cannot be written.
        """
        deadline = time.monotonic() + wait_s
        while True:
            try:
                with contextlib.closing(self.engine.raw_connection()) as connection:
                    connection.cursor().execute("PRAGMA journal_mode=WAL")
            except (sqlite3.Error, SQLAlchemyError) as error:
                # SQLite does not wait by itself here, and another process may be opening the file.
                if not is_locked(error) or time.monotonic() > deadline:
                    raise store_error(error, self.address) from error
                time.sleep(0.01)
            else:
                return


def file_is_there(file: Path) -> bool:
    """Return whether a file exists.

    Raises
    ------
    StoreError
        If the system cannot answer: its folder may not be entered, or its name is too long.
    """
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        msg = f"La base de scénarios {file} ne peut pas être ouverte : {why(error)}."
        raise StoreError(msg) from error
    return True


def create_file(file: Path) -> None:
    """Create the file and its folder if they are missing; only its owner may read it.

    Raises
    ------
    StoreError
        If the file cannot be created.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        msg = (
            f"La base de scénarios {file} n'a pas pu être créée ({why(error)}) : rien n'est "
            "enregistré. Indiquez un dossier où vous pouvez écrire par GEOZONES_HOME ou "
            "GEOZONES_DATABASE_URL."
        )
        raise StoreError(msg) from error


def _sqlite(file: Path, wait_s: float) -> Engine:
    path = file.absolute()
    # mode=rw: a missing file is an error, never a new and empty one.
    uri = f"{path.as_uri()}?mode=rw"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            uri, uri=True, timeout=wait_s, isolation_level=None, check_same_thread=False
        )
        # a damaged text must spoil its own row only, not every query that reads it
        connection.text_factory = lambda text: text.decode(errors="surrogateescape")
        return connection

    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        creator=connect,
        pool_timeout=wait_s,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info["file"] = _identity(path)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "checkout")
    def _still_there(
        _connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
    ) -> None:
        # Else a write would go, and be acknowledged, to a file that was deleted.
        if entry.info["file"] != _identity(path):
            raise DisconnectionError

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A write takes its lock first: it never fails half-way because another write began.
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _postgresql(address: Address, wait_s: float) -> Engine:
    assert address.url is not None  # noqa: S101 - an address is one or the other
    try:
        engine = create_engine(
            address.url,
            pool_timeout=wait_s,
            pool_pre_ping=True,  # the server may have restarted since the last call
            hide_parameters=True,
            connect_args={
                "client_encoding": "utf8",
                "connect_timeout": address.url.query.get("connect_timeout", 10),
            },
        )
    except ModuleNotFoundError as error:
        msg = (
            "Le pilote de PostgreSQL n'est pas installé : rien n'a changé ; installez-le par "
            "« pip install geozones[postgres] »."
        )
        raise StoreError(msg) from error

    @event.listens_for(engine, "connect")
    def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        with contextlib.closing(connection.cursor()) as cursor:
            # PostgreSQL takes 0 for an endless wait.
            cursor.execute(f"SET lock_timeout = {max(1, round(wait_s * 1000))}")
        connection.commit()

    return engine
