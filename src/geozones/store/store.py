"""Store of scenarios: opened, upgraded, backed up and restored; state of its database and log."""

import contextlib
import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text

from geozones.common.errors import InputError
from geozones.common.french import listing, plural
from geozones.domain import StoreError
from geozones.domain.access import Access, ActionKind, StoreCaller
from geozones.store.backup import Backup, read_file, read_store, restore_file, write_file
from geozones.store.database import Database, create_file, file_is_there, read_address, utc_stamp
from geozones.store.feature_rows import oldest_month
from geozones.store.permissions import StoreContext
from geozones.store.tables import ACTIONS, SCENARIOS

_SPACES = re.compile(r"\s+")
#: The text of each trigger of SQLite, as migration 0006 wrote it, and what it forbids.
_KEPT = "geozones_actions: an entry of the log is never changed nor removed"
_REFUSE = f"ON geozones_actions BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END"
_TAKEN = (
    "BEFORE INSERT ON geozones_actions WHEN EXISTS (SELECT 1 FROM geozones_actions "
    "WHERE position = NEW.position) BEGIN SELECT RAISE(ABORT, "
    "'geozones_actions: this place of the log is taken'); END"
)
_SQLITE = {
    "geozones_actions_update": (f"BEFORE UPDATE {_REFUSE}", "la modification d'une ligne"),
    "geozones_actions_delete": (f"BEFORE DELETE {_REFUSE}", "la suppression d'une ligne"),
    "geozones_actions_insert": (_TAKEN, "le remplacement d'une ligne"),
}
_POSTGRESQL = "geozones_actions_kept"
#: A trigger of PostgreSQL: once a statement, before (2) DELETE (8), UPDATE (16), TRUNCATE (32).
_TYPE = 2 + 8 + 16 + 32
_QUERY = """
SELECT t.tgtype, t.tgenabled, t.tgqual IS NULL, p.prosrc
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = to_regclass('geozones_actions') AND t.tgname = 'geozones_actions_kept'
"""


def missing_guards(connection: Connection) -> tuple[str, ...]:
    """Return the triggers that are missing, disabled or altered, and what each forbade."""
    if connection.dialect.name == "postgresql":
        refused = "la modification et la suppression des lignes"
        found = connection.execute(text(_QUERY)).one_or_none()
        if found is None:
            return (f"{_POSTGRESQL} ({refused})",)
        kind, enabled, always, source = found
        # pg_trigger has the "char" O where the trigger fires, A where it fires on replicas too
        fires = str(getattr(enabled, "decode", lambda: enabled)()) in {"O", "A"}
        if (
            kind == _TYPE
            and fires
            and always
            and source.startswith(f"BEGIN RAISE EXCEPTION '{_KEPT}'")
        ):
            return ()
        return (f"{_POSTGRESQL} ({refused} ; il est là, mais désactivé ou modifié)",)
    query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    there = {name: _SPACES.sub(" ", sql).strip() for name, sql in connection.execute(query)}
    return tuple(
        f"{name} ({refused})"
        for name, (wanted, refused) in _SQLITE.items()
        if there.get(name) != f"CREATE TRIGGER {name} {wanted}"
    )


@dataclass(frozen=True, slots=True)
class LogState:
    """State of the log."""

    entries: int  # Number of entries.
    sealed: int  # How many of them have the seal of an earlier version.
    unguarded: tuple[str, ...]  # The triggers that are missing.

    @property
    def text(self) -> str:
        """Return the number of entries, and of seals left aside, in French sentences."""
        if not self.entries:
            return "Aucune action n'a encore été faite."
        kept = f"{plural(self.entries, 'action')}."
        if not self.sealed:
            return kept
        seals = plural(self.sealed, "sceau", "sceaux")
        return (
            f"{kept} {seals} d'une version antérieure : plus vérifiés, gardés dans les sauvegardes."
        )

    @property
    def faults(self) -> tuple[str, ...]:
        """Return the faults, in French sentences; nothing for a log that the database guards."""
        gone = listing(self.unguarded)
        return (f"La base a perdu une protection du journal : {gone}.",) if gone else ()


def log_state(connection: Connection) -> LogState:
    """Count the entries of the log of a database and check its triggers."""
    entries = select(func.count()).select_from(ACTIONS)
    return LogState(
        connection.execute(entries).scalar_one(),
        connection.execute(entries.where(ACTIONS.c.seal != "")).scalar_one(),
        missing_guards(connection),
    )


#: The last revision of ``migrations/versions``.
HEAD = "0010"
#: The first one: databases of earlier revisions are refused.
_BASELINE = "0010"
REVISION_TABLE = "geozones_revision"
#: PostgreSQL's advisory lock during an upgrade: « geozones » as a number.
_LOCK_KEY = 0x67656F7A6F6E6573
# Alembic keeps its state in global variables.
_ONE_AT_A_TIME = threading.Lock()


def upgrade(database: Database, wait_s: float) -> None:
    """Create or upgrade the tables; two processes may do it at once."""
    if database.is_sqlite:
        database.use_wal(wait_s)
    with database.reading() as connection:
        if revision_of(connection) == HEAD:
            return
    with _ONE_AT_A_TIME, database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        from alembic import command  # noqa: PLC0415 - slow to load, for a database's first opening

        fault = revision_fault(revision_of(connection))
        if fault:
            raise StoreError(f"La base de scénarios {database.address} {fault}")
        from alembic.config import Config  # noqa: PLC0415 - as above

        config = Config()
        folder = str(Path(__file__).parent / "migrations")
        config.set_main_option("script_location", folder.replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def revision_fault(revision: str | None) -> str:
    """Return why this version refuses a database of a revision, and what to do; else empty."""
    if revision is None or _BASELINE <= revision <= HEAD:
        return ""
    if revision > HEAD:
        return (
            f"vient d'une version plus récente de geozones (tables {revision}) : rien n'a changé. "
            "Mettez geozones à jour, ou indiquez une autre base par GEOZONES_DATABASE_URL."
        )
    return (
        f"vient d'une version plus ancienne de geozones (tables {revision}) : rien n'a changé. "
        "Sauvegardez-la avec cette version (geozones scenarios backup FICHIER), puis restaurez le "
        "fichier avec celle-ci, dans une base neuve (geozones admin restore FICHIER)."
    )


def revision_of(connection: Connection) -> str | None:
    """Return the last migration of a database; ``None`` if it has no tables of geozones."""
    if not inspect(connection).has_table(REVISION_TABLE):
        return None
    # A fixed name, not a value.
    answer = connection.execute(text(f"SELECT version_num FROM {REVISION_TABLE}"))  # noqa: S608
    revision: str | None = answer.scalar()
    return revision


@dataclass(frozen=True, slots=True)
class StoreState:
    """State of a database."""

    where: str  # Its file, or its name and server; never a password.
    kind: str  # ``"SQLite"`` or ``"PostgreSQL"``.
    there: bool = True  # Whether it exists: a missing file is created at the first opening.
    revision: str | None = None  # Its last migration; ``None`` where it has no tables yet.
    current: bool = False  # Whether this is the last migration that this version knows.
    fault: str = ""  # Why this version refuses it, and what to do; empty if it does not.
    #: How many scenarios it holds; ``None`` if its tables are of another version.
    scenarios: int | None = None
    damaged: int = 0  # How many entries of all kinds cannot be read, and so not be backed up.
    log: LogState | None = None  # State of its log of actions; ``None`` if it was not checked.
    #: The oldest month of the journal of the experiment (``2026-03``).
    oldest_month: str | None = None


def look(
    url: str | None = None, *, wait_s: float = 5.0, writes: bool = False, counts: bool = False
) -> StoreState:
    """Inspect a database: does it answer, and which migration has it reached.

    ``url`` is as for ``open_store``; ``wait_s`` the longest wait for a lock, in seconds. ``writes``
    makes sure that the database can be written; ``counts`` counts its scenarios and checks its log.
    """
    address = read_address(url)
    kind = "PostgreSQL" if address.file is None else "SQLite"
    if address.file is not None and not file_is_there(address.file):
        return StoreState(str(address), kind, there=False)
    with _opened(Database(address, wait_s)) as database:
        with database.reading() as connection:
            revision = revision_of(connection)
            current = revision == HEAD
            counted = current and counts
            scenarios, damaged = _count(connection) if counted else (None, 0)
            log = log_state(connection) if counted else None
            oldest = oldest_month(connection) if counted else None
        if current and writes:
            # write and roll back: an error says that the database refuses the write
            same = f"UPDATE {REVISION_TABLE} SET version_num = version_num"  # noqa: S608 - a fixed name
            with contextlib.suppress(_UndoneError), database.writing() as connection:
                connection.execute(text(same))
                raise _UndoneError
    return StoreState(
        str(address),
        kind,
        revision=revision,
        current=current,
        fault=revision_fault(revision),
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
    """Raised to roll back the trial write."""


def open_store(
    url: str | None = None, *, clock: Callable[[], str] = utc_stamp, wait_s: float = 5.0
) -> "Store":
    """Open the store; create its database or upgrade its tables if needed.

    ``url`` is ``sqlite:////folder/file.db`` or ``postgresql://user:password@host/database``;
    without it ``GEOZONES_DATABASE_URL``, else the file ``scenarios.db`` of the home folder.
    ``clock`` returns the time (ISO 8601, UTC); ``wait_s`` is the longest wait for a lock.
    """
    address = read_address(url)
    if address.file:
        create_file(address.file)
    database = Database(address, wait_s)
    with contextlib.ExitStack() as undo:
        undo.callback(database.engine.dispose)
        upgrade(database, wait_s)
        undo.pop_all()
    return Store(StoreContext(database, clock))


class Store:
    """Scenarios, their versions and what is in force, in a database; made by `open_store`.

    Threads may share it. Use cases open its transactions (`context`), which raise ``StoreError`` if
    the database fails, with nothing half-written.
    """

    def __init__(self, context: StoreContext) -> None:
        self.context = context

    def __repr__(self) -> str:
        return f"Store({str(self.context.database.address)!r})"

    def by(self, caller: StoreCaller, least: Access | None = None) -> "Store":
        """Return the same store with another caller.

        ``least`` is the lowest access that the caller must have on each scenario that is touched,
        even where the store itself asks for less.
        """
        return Store(replace(self.context, caller=caller, least=least or Access.READER))

    def close(self) -> None:
        """Close the connections; a later call would open new ones."""
        self.context.database.engine.dispose()

    def backup(self, path: Path) -> Backup:
        """Write every scenario, frozen copy and publication to one JSON file, as one snapshot.

        Only its owner may read it, like the database. It is read back before it is renamed. What
        cannot be read is left out and named in the result.
        """
        self._not_the_database(path)
        with self.context.reading() as connection:
            content, left_out = read_store(connection)
        return write_file(path, content, left_out, self.context.now())

    def restore(self, path: Path) -> Backup:
        """Restore from a backup file what the store lacks, in one transaction.

        A scenario that the store holds unchanged is left; a scenario whose id holds other
        content (an older one, say) is written under a new id. Publications must follow those that
        the store has, since their order determines which plan is in force. Stored data never
        change. What cannot be restored is left out and named in the result.
        """
        file = read_file(path)
        with self.context.writing() as connection:
            done = restore_file(connection, file, path)
            self.context.log(
                connection,
                ActionKind.RESTORED,
                file=path.name,
                scenarios=done.scenarios,
                left_out=len(done.left_out),
            )
        return done

    def _not_the_database(self, path: Path) -> None:
        file = self.context.database.address.file
        if file is None:
            return
        real = Path(os.path.realpath(file))
        own = {real, *(real.with_name(real.name + end) for end in ("-wal", "-shm", "-journal"))}
        if Path(os.path.realpath(path)) in own:
            raise InputError(
                f"{path} est la base de scénarios elle-même : donnez un autre nom à la sauvegarde."
            )
