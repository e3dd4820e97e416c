"""Base of the store's parts: members, permissions of the caller, rows of the action log."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlalchemy import Connection, func, select, text

from geozones.common.bounds import MAX_INTEGER
from geozones.domain import UnknownScenarioError
from geozones.domain.access import (
    EVERYONE,
    Access,
    AccessError,
    Action,
    ActionKind,
    Member,
    NotSharedError,
    StoreCaller,
    access_of,
)
from geozones.records import Reading
from geozones.records.kinds import ACTION, MEMBER
from geozones.store import rows
from geozones.store.database import Database, check_key
from geozones.store.tables import ACTIONS, MEMBERS, SCENARIOS

#: Advisory lock of PostgreSQL held while an entry is written, so that entries have an order: «
#: gz-log » as a number.
_LOCK_KEY = 0x677A2D6C6F67
#: A damaged position must not keep the next entry from being written.
_SOUND = ACTIONS.c.position.between(1, MAX_INTEGER - 1)


def insert_action(connection: Connection, action: Action) -> None:
    """Write an entry as it is."""
    connection.execute(ACTIONS.insert(), ACTION.to_row(ACTION.checked(action)))


def read_actions(
    connection: Connection, scenario: str | None = None, limit: int | None = None
) -> Reading[Action]:
    """Read the log, oldest first: of one scenario (id), the last ``limit`` entries, or all."""
    query = select(ACTIONS).order_by(ACTIONS.c.position.desc())
    if scenario is not None:
        query = query.where(ACTIONS.c.scenario == scenario)
    if limit is not None:
        query = query.limit(limit)
    return ACTION.read_rows(reversed(connection.execute(query).mappings().all()))


def restore_actions(connection: Connection, actions: Sequence[Action]) -> None:
    """Append the log of a backup if it continues the log of the database; else do nothing."""
    count = connection.execute(select(func.count()).select_from(ACTIONS)).scalar() or 0
    if count < len(actions) and read_actions(connection).values == list(actions[:count]):
        for action in actions[count:]:
            insert_action(connection, action)


def read_members(connection: Connection, scenario: str) -> dict[str, Access]:
    """Return the members of a scenario (id) and the access of each.

    A damaged row gives no access to anybody.
    """
    query = select(MEMBERS).where(MEMBERS.c.scenario == scenario)
    reading = MEMBER.read_rows(connection.execute(query).mappings())
    return {member.person: member.access for member in reading.values}


def read_all_members(connection: Connection, scenario: str | None = None) -> Reading[Member]:
    """Read the members of a scenario, or of all scenarios."""
    query = select(MEMBERS).order_by(MEMBERS.c.scenario, MEMBERS.c.person)
    if scenario is not None:
        query = query.where(MEMBERS.c.scenario == scenario)
    return MEMBER.read_rows(connection.execute(query).mappings())


def write_members(connection: Connection, scenario: str, members: Mapping[str, Access]) -> None:
    """Write the members of a scenario, replacing its present members."""
    connection.execute(MEMBERS.delete().where(MEMBERS.c.scenario == scenario))
    insert_members(connection, [Member(scenario, *each) for each in members.items()])


def insert_members(connection: Connection, members: Iterable[Member]) -> None:
    """Insert members that the table does not hold."""
    rows = [MEMBER.to_row(MEMBER.checked(member)) for member in members]
    if rows:
        connection.execute(MEMBERS.insert(), rows)


#: Caller of a store opened without `Store.by`, as commands open it: the user of the machine, who
#: may do everything.
MACHINE_USER = StoreCaller("poste local", everything=True, alone=True)


class _OfScenario(Protocol):
    @property
    def scenario(self) -> str: ...


@dataclass(frozen=True, slots=True)
class StoreContext:
    """Database, clock and caller; every transaction checks the caller's permissions here."""

    database: Database  # The database.
    now: Callable[[], str]  # Returns the time, ISO 8601 in UTC.
    caller: StoreCaller = MACHINE_USER  # Who reads and writes.
    #: The lowest access that the caller must have on each scenario that is touched, even where the
    #: store itself asks for less.
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
        caller = self.caller
        check_key(key)
        if caller.everything:
            return
        there = select(SCENARIOS.c.id).where(SCENARIOS.c.id == key)
        if connection.execute(there).scalar() is None:
            raise UnknownScenarioError(key)
        members = read_members(connection, key)
        held = None if caller.guest else access_of(members, caller.person)
        if held is None:
            raise AccessError(Access.READER)
        if held.rank < needed.rank:
            raise AccessError(
                needed, [who for who, access in members.items() if access is Access.OWNER]
            )

    def access(self, connection: Connection, key: str) -> Access:
        """Return the caller's access to a scenario (id) that they may read."""
        self.require(connection, key, Access.READER)
        if self.caller.everything:
            return Access.OWNER
        held = access_of(read_members(connection, key), self.caller.person)
        return held or Access.READER

    def require_unless_deleted(self, connection: Connection, key: str, needed: Access) -> None:
        """Raise as `require`, unless the scenario is deleted: its links and comments remain."""
        if rows.exists(connection, key):
            self.require(connection, key, needed)

    def require_shared(self, connection: Connection, key: str) -> None:
        """Raise ``NotSharedError`` for a scenario that is not shared with the caller."""
        held = read_members(connection, key)
        if access_of(held, self.caller.person) is None:
            raise NotSharedError(who for who, access in held.items() if access is Access.OWNER)

    def lock(
        self, connection: Connection, key: str, version: int, needed: Access = Access.EDITOR
    ) -> None:
        """Lock a scenario for the transaction; check its version and the caller's access."""
        rows.take(connection, key, version)
        self.require(connection, key, needed)

    def readable(self, connection: Connection) -> Callable[[str], bool]:
        """Return the test whether the caller may read a scenario (id), after one query for all."""
        who = self.caller
        if who.everything:
            return lambda _: True
        if who.guest:
            return lambda _: False
        named = MEMBERS.c.person.in_([who.person, EVERYONE]) & MEMBERS.c.access.in_([*Access])
        ids = connection.execute(select(MEMBERS.c.scenario).where(named)).scalars()
        return frozenset(ids).__contains__

    def read_visible[T: _OfScenario](
        self, read: Callable[[Connection, str | None], Reading[T]], scenario: str | None
    ) -> tuple[T, ...]:
        """Read the entries of a scenario, or of every scenario that the caller may read."""
        with self.reading() as connection:
            if scenario is not None:
                self.require_unless_deleted(connection, scenario, Access.READER)
                return tuple(read(connection, scenario).values)
            may_read = self.readable(connection)
            return tuple(e for e in read(connection, None).values if may_read(e.scenario))

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
        # append an entry after the last one
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        last = connection.execute(select(func.max(ACTIONS.c.position)).where(_SOUND)).scalar() or 0
        insert_action(connection, replace(entry, position=last + 1))
