"""Scenarios of the store: events, fields, decisions, members, and who has one open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, select

from geozones.common.bounds import write_json
from geozones.common.files import new_code
from geozones.domain import (
    DamagedScenarioError,
    Decision,
    Event,
    Scenario,
    ScenarioStatus,
    ScenarioSummary,
)
from geozones.domain.access import Access, ActionKind, access_of, checked_members, first_members
from geozones.domain.scenario import FrozenCopy
from geozones.records.kinds import DECISION, EVENT, SCENARIO, tree_faults
from geozones.store import permissions, rows, versions
from geozones.store.database import check_key, refuse, refusing
from geozones.store.permissions import StoreContext
from geozones.store.tables import PRESENCE, SCENARIOS

_SCENARIO = "Ce scénario ne peut pas être enregistré"
_CHANGES = "Ces changements ne peuvent pas être enregistrés"
_DECISION = "Cette décision ne peut pas être enregistrée"


@dataclass(frozen=True, slots=True)
class ScenarioStore:
    """Scenarios of the store; every write of a scenario is in the log."""

    context: StoreContext

    def create(self, scenario: Scenario) -> Scenario:
        """Write a new scenario with its events, and return it as stored, at version 1."""
        created = replace(scenario, version=1, updated=self.context.now())
        with refusing(_SCENARIO):
            SCENARIO.checked(created)
        with self.context.writing() as connection:
            if rows.exists(connection, created.id):
                refuse(["un autre a déjà ce code"], _SCENARIO)
            rows.insert(connection, created)
            permissions.write_members(connection, created.id, first_members(self.context.caller))
            self.context.log(connection, ActionKind.CREATED, created.id, events=len(created.events))
        return created

    def get(self, key: str) -> Scenario:
        """Read a scenario with every event, in the order they were written."""
        with self.context.reading() as connection:
            self.context.require(connection, key, Access.READER)
            return rows.read(connection, key)

    def list(self, *, archived: bool = False) -> tuple[ScenarioSummary, ...]:
        """List scenarios that the caller may read, last updated first; ``archived``: also archived.

        Scenarios whose row is damaged are left out: see `damaged`.
        """
        with self.context.reading() as connection:
            may_read = self.context.readable(connection)
            lines = rows.summaries(connection, archived=archived)[0]
        return tuple(line for line in lines if may_read(line.id))

    def damaged(self) -> tuple[DamagedScenarioError, ...]:
        """Return the fault of each scenario whose row cannot be read, archived or not."""
        with self.context.reading() as connection:
            return rows.summaries(connection, archived=True)[1]

    def append(
        self,
        key: str,
        events: Sequence[Event],
        head: str | None,
        *,
        version: int,
        name: str | None = None,
    ) -> int:
        """Write new events, the new head and, if given, the new name, together."""
        with self.context.writing() as connection:
            self.context.lock(connection, key, version)
            named = (*(event.id for event in events), *(event.parent for event in events), head)
            known = rows.known_depths(connection, key, named)
            with refusing(_CHANGES):
                for event in events:
                    EVENT.checked(event)
            refuse(tree_faults(events, head, known), _CHANGES)
            depth = rows.depths(events, known)
            rows.insert_events(connection, key, events, depth)
            moves = depth[head] if head is not None else 0
            given = {} if name is None else {"name": name}
            with refusing(_SCENARIO):
                SCENARIO.check_fields(given)
            self._change(connection, key, version, head=head, moves=moves, **given)
            kind = ActionKind.CHANGED if events else ActionKind.WENT
            kinds = [event.kind for event in events]
            self.context.log(
                connection, kind, key, kinds=kinds, ids=[e.id for e in events], head=head
            )
        return version + 1

    def move_head(self, key: str, head: str | None, *, version: int) -> int:
        """Set the last event applied; ``None`` for the base plan."""
        return self.append(key, (), head, version=version)

    def update(
        self,
        key: str,
        *,
        version: int,
        name: str | None = None,
        description: str | None = None,
        status: ScenarioStatus | None = None,
        decisions: Sequence[Decision] | None = None,
        archived: bool | None = None,
    ) -> int:
        """Write the fields given of a scenario; the others do not change."""
        given: dict[str, Any] = {
            "name": name,
            "description": description,
            "status": status,
            "decisions": None if decisions is None else tuple(decisions),
            "archived": archived,
        }
        given = {field: value for field, value in given.items() if value is not None}
        with refusing(_SCENARIO):
            SCENARIO.check_fields(given)
        if "decisions" in given:
            given["decisions"] = write_json(list(map(DECISION.to_json, given["decisions"])))
        if "status" in given:
            given["status"] = given["status"].value
        needed = Access.EDITOR if archived is None else Access.OWNER
        with self.context.writing() as connection:
            self.context.lock(connection, key, version, needed)
            self._change(connection, key, version, **given)
            if archived is not None:
                self.context.log(
                    connection, ActionKind.ARCHIVED if archived else ActionKind.UNARCHIVED, key
                )
            if given.keys() - {"archived"}:
                self.context.log(connection, ActionKind.DESCRIBED, key, fields=sorted(given))
        return version + 1

    def decide(
        self,
        key: str,
        status: ScenarioStatus,
        decision: Decision,
        *,
        version: int,
        figures: Mapping[str, Any] = MappingProxyType({}),
    ) -> Scenario:
        """Write a status and a decision, freeze the version decided on, and return the scenario.

        The decision and the frozen copy both name the version that this write creates; the copy
        keeps ``figures``.
        """
        at = self.context.now()
        dated = replace(decision, version=version + 1, frozen=new_code(24))
        with refusing(_DECISION):
            DECISION.checked(dated)
        with self.context.writing() as connection:
            self.context.lock(connection, key, version)
            decisions = (*rows.read(connection, key).decisions, dated)
            rows.change(
                connection,
                key,
                version=version + 1,
                updated=at,
                status=status.value,
                decisions=write_json(list(map(DECISION.to_json, decisions))),
            )
            decided = rows.read(connection, key)
            copied = replace(decided, id=dated.frozen)
            versions.write_frozen(connection, FrozenCopy(dated.frozen, at, copied, figures))
            self.context.log(
                connection, ActionKind.DECIDED, key, status=status.value, version=dated.version
            )
        return decided

    def delete(self, key: str) -> None:
        """Delete a scenario and its events, for good; its frozen copies stay."""
        check_key(key)
        with self.context.writing() as connection:
            self.context.require(connection, key, Access.OWNER)
            name = rows.name_of(connection, key)
            rows.delete(connection, key)
            self.context.log(connection, ActionKind.DELETED, key, name=name)

    def members(self, key: str) -> dict[str, Access]:
        """Return the members of a scenario and the access of each."""
        with self.context.reading() as connection:
            self.context.require(connection, key, Access.READER)
            return permissions.read_members(connection, key)

    def access(self, key: str) -> Access:
        """Return the caller's access to a scenario that they may read."""
        if self.context.caller.everything:
            return Access.OWNER
        return access_of(self.members(key), self.context.caller.person) or Access.READER

    def open_to(self, key: str, allowed: Mapping[str, Access]) -> None:
        """Set the members of a scenario and their access; only its owner may."""
        written = checked_members(allowed)
        with self.context.writing() as connection:
            self.context.require(connection, key, Access.OWNER)
            permissions.write_members(connection, key, written)
            accesses = {person: access.value for person, access in written.items()}
            self.context.log(connection, ActionKind.OPENED_TO, key, members=accesses)

    def _change(self, connection: Connection, key: str, version: int, **values: Any) -> None:  # noqa: ANN401 - of any column
        rows.change(connection, key, version=version + 1, updated=self.context.now(), **values)


@dataclass(frozen=True, slots=True)
class PresenceStore:
    """Presence of the store, which is in no backup and no log."""

    context: StoreContext

    def attend(self, key: str, session: str, forget_before: str) -> None:
        """Record that a session has a scenario (id) open; delete rows last seen before a time."""
        mine = PRESENCE.c.session == session
        stale = (PRESENCE.c.scenario == key) & (PRESENCE.c.at < forget_before)
        row = {
            "scenario": key,
            "session": session,
            "name": self.context.caller.name,
            "at": self.context.now(),
        }
        with self.context.writing() as connection:
            self.context.require(connection, key, Access.READER)
            connection.execute(PRESENCE.delete().where(mine | stale))
            there = select(SCENARIOS.c.id).where(SCENARIOS.c.id == key)
            if connection.execute(there).scalar() is not None:
                connection.execute(PRESENCE.insert(), row)

    def versions(self, keys: Iterable[str]) -> dict[str, int]:
        """Return the versions of some scenarios (ids), those that exist: it tells nothing else."""
        query = select(SCENARIOS.c.id, SCENARIOS.c.version).where(SCENARIOS.c.id.in_(list(keys)))
        with self.context.reading() as connection:
            return {row.id: row.version for row in connection.execute(query)}

    def attending(self, key: str, since: str) -> tuple[int | None, tuple[tuple[str, str], ...]]:
        """Return the version of a scenario, ``None`` if it is deleted, and who has it open.

        Each visitor is a session and a name; ``since`` is an ISO 8601 time in UTC.
        """
        version = select(SCENARIOS.c.version).where(SCENARIOS.c.id == key)
        seen = (
            select(PRESENCE.c.session, PRESENCE.c.name)
            .where((PRESENCE.c.scenario == key) & PRESENCE.c.at.between(since, self.context.now()))
            .order_by(PRESENCE.c.name, PRESENCE.c.session)
        )
        with self.context.reading() as connection:
            held = connection.execute(version).scalar()
            if held is None:
                return None, ()
            self.context.require(connection, key, Access.READER)
            return held, tuple((row.session, row.name) for row in connection.execute(seen))
