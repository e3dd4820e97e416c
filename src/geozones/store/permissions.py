"""Shared base of the store's parts: database, clock, and the caller's permissions."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection

from geozones.domain.access import Access, NotSharedError, StoreCaller, access_of
from geozones.domain.actions import Action, ActionKind
from geozones.records import Reading
from geozones.store import actions, members, rows
from geozones.store.database import Database
from geozones.store.log_keys import sealing_key

#: Caller of a store opened without `Store.by`, as commands open it: the user of the machine, who
#: may do everything.
MACHINE_USER = StoreCaller("poste local", everything=True, alone=True)


class _OfScenario(Protocol):
    @property
    def scenario(self) -> str: ...


@dataclass(frozen=True, slots=True)
class StoreContext:
    """Database, clock and caller; every transaction checks the caller's permissions here.

    Parameters
    ----------
    database
        The database.
    now
        Returns the time, ISO 8601 in UTC.
    caller
        Who reads and writes.
    least
        The lowest access that the caller must have on each scenario that is touched, even where
        the store itself asks for less.
    """

    database: Database
    now: Callable[[], str]
    caller: StoreCaller = MACHINE_USER
    least: Access = Access.READER

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a transaction that sees one snapshot: see `Database.reading`."""
        return self.database.reading()

    def writing(self) -> AbstractContextManager[Connection]:
        """Open a transaction that is written whole or not at all: see `Database.writing`."""
        return self.database.writing()

    def require(self, connection: Connection, key: str, needed: Access) -> None:
        """Raise ``AccessError`` if the caller lacks an access to a scenario (id)."""
        needed = max(needed, self.least, key=lambda access: access.rank)
        members.require(connection, key, self.caller, needed)

    def require_unless_deleted(self, connection: Connection, key: str, needed: Access) -> None:
        """Raise as `require`, unless the scenario is deleted: its links and comments remain."""
        if rows.exists(connection, key):
            self.require(connection, key, needed)

    def require_shared(self, connection: Connection, key: str) -> None:
        """Raise ``NotSharedError`` for a scenario that is not shared with the caller."""
        held = members.read(connection, key)
        if access_of(held, self.caller.person) is None:
            raise NotSharedError(who for who, access in held.items() if access is Access.OWNER)

    def lock(
        self, connection: Connection, key: str, version: int, needed: Access = Access.EDITOR
    ) -> None:
        """Lock a scenario for the transaction; check its version and the caller's access."""
        rows.take(connection, key, version)
        self.require(connection, key, needed)

    def read_visible[T: _OfScenario](
        self, read: Callable[[Connection, str | None], Reading[T]], scenario: str | None
    ) -> tuple[T, ...]:
        """Read the entries of a scenario, or of every scenario that the caller may read."""
        with self.reading() as connection:
            if scenario is not None:
                self.require_unless_deleted(connection, scenario, Access.READER)
                return tuple(read(connection, scenario).values)
            readable = members.readable(connection, self.caller)
            every = read(connection, None).values
        return tuple(each for each in every if readable is None or each.scenario in readable)

    def log(
        self,
        connection: Connection,
        kind: ActionKind,
        key: str = "",
        *,
        name: str | None = None,
        **detail: Any,  # noqa: ANN401 - JSON values
    ) -> None:
        """Append an entry to the log, last in a transaction because other writers wait for it."""
        if name is None:
            name = rows.name_of(connection, key) if key else ""
        entry = Action(0, self.now(), self.caller.name, kind.value, key, name, detail)
        actions.append(connection, entry, sealing_key())
