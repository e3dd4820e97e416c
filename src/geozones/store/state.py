"""How a database is, looked at without creating or upgrading anything."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from geozones.store.address import read_address
from geozones.store.backup_lists import read_store
from geozones.store.database import Database, file_is_there
from geozones.store.journal import oldest_month
from geozones.store.log import LogState, log_state
from geozones.store.tables import SCENARIOS
from geozones.store.upgrade import HEAD, REVISION_TABLE, is_known, revision_of


@dataclass(frozen=True, slots=True)
class StoreState:
    """A database as it was found.

    Parameters
    ----------
    where
        Its file, or its name and server; never a password.
    kind
        ``"SQLite"`` or ``"PostgreSQL"``.
    there
        Whether there is one: a file that is not there is made at the first opening.
    revision
        Its last migration; ``None`` where it has no tables yet.
    current
        Whether that is the last one that this version knows.
    newer
        Whether a newer version of geozones made it.
    scenarios
        How many scenarios it holds; ``None`` where its tables are not those of this version.
    damaged
        How many entries of all kinds cannot be read, nor so restored from a backup.
    log
        How its log of actions is; ``None`` where it was not looked at.
    oldest_month
        The oldest month of the journal of the experiment (``2026-03``).
    """

    where: str
    kind: str
    there: bool = True
    revision: str | None = None
    current: bool = False
    newer: bool = False
    scenarios: int | None = None
    damaged: int = 0
    log: LogState | None = None
    oldest_month: str | None = None


def look(
    url: str | None = None, *, wait_s: float = 5.0, writes: bool = False, counts: bool = False
) -> StoreState:
    """Look at a database: does it answer, and which tables has it.

    Parameters
    ----------
    url
        As for ``open_store``.
    wait_s
        Longest wait for a lock, in seconds.
    writes
        Also make sure that it can be written.
    counts
        Also count its scenarios and check its log.

    Raises
    ------
    InputError
        If the URL is not one of a store.
    StoreError
        If the database does not answer, is none, or, with ``writes``, cannot be written.
    """
    address = read_address(url)
    kind = "PostgreSQL" if address.file is None else "SQLite"
    if address.file is not None and not file_is_there(address.file):
        return StoreState(str(address), kind, there=False)
    with _opened(Database(address, wait_s)) as database:
        with database.reading() as connection:
            revision = revision_of(connection)
            current = revision == HEAD
            newer = revision is not None and not current and not is_known(revision)
            counted = current and counts
            scenarios, damaged = _count(connection) if counted else (None, 0)
            log = log_state(connection, address) if counted else None
            oldest = oldest_month(connection) if counted else None
        if current and writes:
            _try_writing(database)
    return StoreState(
        str(address),
        kind,
        revision=revision,
        current=current,
        newer=newer,
        scenarios=scenarios,
        damaged=damaged,
        log=log,
        oldest_month=oldest,
    )


@contextlib.contextmanager
def _opened(database: Database) -> Iterator[Database]:
    try:
        yield database
    finally:
        database.engine.dispose()


def _count(connection: Connection) -> tuple[int, int]:
    held = connection.execute(select(func.count()).select_from(SCENARIOS)).scalar_one()
    return held, len(read_store(connection)[1])


class _UndoneError(Exception):
    """Leave a transaction without writing."""


def _try_writing(database: Database) -> None:
    """Write, and undo it; raises ``StoreError`` where that is refused."""
    same = f"UPDATE {REVISION_TABLE} SET version_num = version_num"  # noqa: S608 - a fixed name
    with contextlib.suppress(_UndoneError), database.writing() as connection:
        connection.execute(text(same))
        raise _UndoneError
