"""Database access: its address, transactions, checks before a write, failures in French."""

import contextlib
import os
import sqlite3
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    DisconnectionError,
    SQLAlchemyError,
    TimeoutError,  # noqa: A004 - of SQLAlchemy
)
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from geozones.common.bounds import is_id
from geozones.common.clock import now
from geozones.common.errors import InputError
from geozones.common.files import home_folder, why
from geozones.domain import StoreError, UnknownScenarioError
from geozones.records import FieldError
from geozones.store.tables import purge, waits_for_readers

FILE = "scenarios.db"
_SQLITE_DRIVERS = frozenset({"sqlite", "sqlite+pysqlite"})
_POSTGRESQL_DRIVERS = frozenset({"postgres", "postgresql", "postgresql+psycopg"})


@dataclass(frozen=True, slots=True)
class Address:
    """A database: ``file`` for SQLite, ``url`` for PostgreSQL; shown without its password."""

    file: Path | None
    url: URL | None

    def __str__(self) -> str:
        if self.url is None:
            return str(self.file)
        port = f":{self.url.port}" if self.url.port else ""
        return f"{self.url.database or ''} sur {self.url.host or 'ce poste'}{port}".strip()

    def __repr__(self) -> str:
        return f"Address({str(self)!r})"


def read_address(url: str | None, environment: Mapping[str, str] | None = None) -> Address:
    """Read a URL, else ``GEOZONES_DATABASE_URL``, else name the file of the home folder."""
    env = os.environ if environment is None else environment
    text = url or env.get("GEOZONES_DATABASE_URL")
    if not text:
        return Address(home_folder(env) / FILE, None)
    try:
        read = make_url(text)
    except (ArgumentError, ValueError):
        raise _unreadable() from None
    if read.drivername in _POSTGRESQL_DRIVERS:
        return Address(None, read.set(drivername="postgresql+psycopg"))
    if read.drivername in _SQLITE_DRIVERS and read.host is None and not read.query:
        name = read.database
        if not name or name == ":memory:" or "\0" in name:
            raise _unreadable()
        return Address(Path(name).expanduser(), None)
    raise _unreadable()


def _unreadable() -> InputError:
    return InputError(
        "L'adresse de la base de scénarios (GEOZONES_DATABASE_URL) n'est pas lisible : écrivez "
        "sqlite:////dossier/scenarios.db ou postgresql://compte:mot-de-passe@serveur/base."
    )


_LOCKED = "est occupée par un autre programme", "réessayez dans un instant"
_GONE = (
    "est introuvable (déplacée, supprimée, ou son disque débranché)",
    "remettez-la en place ou vérifiez GEOZONES_DATABASE_URL",
)
_FORBIDDEN = (
    "ne peut pas être ouverte : l'accès à son fichier ou à son dossier est refusé",
    "demandez-en le droit pour le compte qui lance geozones",
)
_FULL = "est sur un disque plein", "libérez de la place, puis réessayez"
_READ_ONLY = "est en lecture seule", "demandez le droit d'y écrire, puis réessayez"
_NOT_ONE = (
    "n'est pas une base lisible ou elle est abîmée",
    "restaurez une sauvegarde dans une base neuve, ou vérifiez GEOZONES_DATABASE_URL",
)
_DISK = "ne peut être ni lue ni écrite : le disque est en défaut ou plein", "vérifiez-le"
_NO_SERVER = (
    "ne répond pas (serveur arrêté, en redémarrage, ou injoignable)",
    "réessayez dans un instant, puis prévenez son administrateur",
)
_REFUSED = (
    "refuse la connexion (compte, mot de passe ou nom de base)",
    "vérifiez GEOZONES_DATABASE_URL, ou prévenez son administrateur",
)
_CROWDED = "a trop de connexions ouvertes", "réessayez dans un instant"
_TABLES = (
    "n'a plus les tables attendues",
    "relancez geozones pour les refaire, ou restaurez une sauvegarde",
)
_OTHER = "a refusé l'opération", "réessayez, puis prévenez son administrateur"

_SQLITE = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CANTOPEN: _GONE,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_NOTADB: _NOT_ONE,
    sqlite3.SQLITE_CORRUPT: _NOT_ONE,
    sqlite3.SQLITE_IOERR: _DISK,
}
#: SQLSTATE codes, or their first two letters (PostgreSQL's appendix A).
_POSTGRESQL = {
    "08": _NO_SERVER,
    "28": _REFUSED,
    "3D": _REFUSED,
    "53100": _FULL,
    "53": _CROWDED,
    "55P03": _LOCKED,
    "40": _LOCKED,
    "57014": _LOCKED,
    "57P": _NO_SERVER,
    "25006": _READ_ONLY,
    "42501": _READ_ONLY,
    "42P01": _TABLES,
    "58": _DISK,
}
_STARTING = "starting up", "shutting down", "in recovery", "not yet accepting"
_TOO_MANY = "too many", "connection slots"


def store_error(
    error: SQLAlchemyError | sqlite3.Error, address: Address, *, committing: bool = False
) -> StoreError:
    """Return the error to raise for a failure of the database; ``committing``: during the commit.

    The message quotes neither the statement, nor its values, nor a password.
    """
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if committing and lost:
        return StoreError(
            f"La base de scénarios {address} s'est interrompue au moment d'enregistrer. "
            "Rouvrez le scénario pour voir si votre changement y est, et refaites-le sinon."
        )
    fault, todo = _NO_SERVER if lost else _reason(error)
    if fault is _GONE[0] and not _is_gone(address):
        fault, todo = _FORBIDDEN
    return StoreError(f"La base de scénarios {address} {fault} : rien n'a changé ; {todo}.")


def _is_gone(address: Address) -> bool:
    """Return whether the file is missing; SQLite reports missing and forbidden files alike."""
    try:
        return address.file is None or not stat.S_ISREG(address.file.stat().st_mode)
    except PermissionError:
        return False
    except OSError:
        return True


def _reason(error: SQLAlchemyError | sqlite3.Error) -> tuple[str, str]:
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        if "no such table" in str(original):
            return _TABLES
        # The low byte is the family of the code.
        return _SQLITE.get(getattr(original, "sqlite_errorcode", 0) & 0xFF, _OTHER)
    state = getattr(original, "sqlstate", None)
    if state:
        reasons = (_POSTGRESQL.get(state[:length]) for length in (5, 3, 2))
        return next((reason for reason in reasons if reason), _OTHER)
    if isinstance(original, SQLAlchemyError):
        return _CROWDED if isinstance(original, TimeoutError) else _OTHER
    # classify PostgreSQL's message on connecting, for which libpq gives no code
    message = str(original)
    if "FATAL" not in message or any(word in message for word in _STARTING):
        return _NO_SERVER
    return _CROWDED if any(word in message for word in _TOO_MANY) else _REFUSED


_WRITES = "geozones_writes"
#: Of a half character, which no driver can send.
_NO_TEXT = "Ce code ou ce texte contient un caractère illisible : rien n'a changé."


class Database:
    """A database, reached through a pool of connections that threads share.

    ``wait_s`` is the longest wait for a lock, or for a connection of the pool, in seconds.
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
        """Open a transaction that sees one snapshot of the database."""
        try:
            with self._reader.connect() as connection:
                yield connection
        except UnicodeEncodeError as error:
            raise InputError(_NO_TEXT) from error
        except SQLAlchemyError as error:
            raise store_error(error, self.address) from error

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that is written whole at the end of the block, or not at all."""
        committing = to_purge = False
        try:
            with self._writer.begin() as connection:
                yield connection
                to_purge = self.is_sqlite and waits_for_readers(connection)
                committing = True
        except UnicodeEncodeError as error:
            raise InputError(_NO_TEXT) from error
        except SQLAlchemyError as error:
            raise store_error(error, self.address, committing=committing) from error
        if to_purge:
            purge(self.engine, wait_ms=0)

    def use_wal(self, wait_s: float) -> None:
        """Set SQLite's WAL mode, so that readers and the writer do not wait for one another."""
        deadline = time.monotonic() + wait_s
        while True:
            try:
                with contextlib.closing(self.engine.raw_connection()) as connection:
                    connection.cursor().execute("PRAGMA journal_mode=WAL")
            except (sqlite3.Error, SQLAlchemyError) as error:
                # SQLite does not wait by itself here, and another process may be opening the file.
                if _reason(error) is not _LOCKED or time.monotonic() > deadline:
                    raise store_error(error, self.address) from error
                time.sleep(0.01)
            else:
                return


def file_is_there(file: Path) -> bool:
    """Return whether a file exists."""
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise StoreError(
            f"La base de scénarios {file} ne peut pas être ouverte : {why(error)}."
        ) from error
    return True


def create_file(file: Path) -> None:
    """Create the file and its folder if they are missing; only its owner may read it."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            f"La base de scénarios {file} n'a pas pu être créée ({why(error)}) : rien n'est "
            "enregistré. Indiquez un dossier où vous pouvez écrire par GEOZONES_HOME ou "
            "GEOZONES_DATABASE_URL."
        ) from error


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
        raise StoreError(
            "Le pilote de PostgreSQL n'est pas installé : rien n'a changé ; installez-le par "
            "« pip install geozones[postgres] »."
        ) from error

    @event.listens_for(engine, "connect")
    def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        with contextlib.closing(connection.cursor()) as cursor:
            # PostgreSQL takes 0 for an endless wait.
            cursor.execute(f"SET lock_timeout = {max(1, round(wait_s * 1000))}")
        connection.commit()

    return engine


_SHOWN = 5


def refuse(faults: Iterable[str], what: str) -> None:
    """Raise one ``InputError`` that lists the first faults, if there is any."""
    listed = list(faults)
    if listed:
        others = len(listed) - _SHOWN
        more = f" ; et {others} autre{'s' if others > 1 else ''}" if others > 0 else ""
        raise InputError(
            f"{what} : " + " ; ".join(listed[:_SHOWN]) + f"{more} ; rien n'a été enregistré."
        )


@contextlib.contextmanager
def refusing(what: str) -> Iterator[None]:
    """Convert a ``FieldError`` raised in the block to the sentence of `refuse`."""
    try:
        yield
    except FieldError as error:
        refuse([str(error)], what)


def check_key(key: str) -> None:
    """Raise ``UnknownScenarioError`` for a text that cannot be an id and a database may reject."""
    if not is_id(key):
        raise UnknownScenarioError(key)


def utc_stamp() -> str:
    """Return the time, ISO 8601 in UTC, to the millisecond."""
    return now().astimezone(UTC).isoformat(timespec="milliseconds")
