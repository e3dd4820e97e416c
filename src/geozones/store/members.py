"""Rows of the members of scenarios, their permissions, and the check of a caller's permission."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from geozones.domain import UnknownScenarioError
from geozones.domain.access import EVERYONE, Access, AccessError, Member, StoreCaller, access_of
from geozones.records.kinds import MEMBER
from geozones.records.record import Reading
from geozones.store.checks import check_key
from geozones.store.tables import MEMBERS, SCENARIOS


def read(connection: Connection, scenario: str) -> dict[str, Access]:
    """Return the members of a scenario (id) and the access of each.

    A damaged row gives no access to anybody.
    """
    query = select(MEMBERS).where(MEMBERS.c.scenario == scenario)
    reading = MEMBER.read_rows(connection.execute(query).mappings())
    return {member.person: member.access for member in reading.values}


def read_all(connection: Connection, scenario: str | None = None) -> Reading[Member]:
    """Read the members of a scenario, or of all scenarios."""
    query = select(MEMBERS).order_by(MEMBERS.c.scenario, MEMBERS.c.person)
    if scenario is not None:
        query = query.where(MEMBERS.c.scenario == scenario)
    return MEMBER.read_rows(connection.execute(query).mappings())


def write(connection: Connection, scenario: str, members: Mapping[str, Access]) -> None:
    """Write the members of a scenario, replacing its present members."""
    connection.execute(MEMBERS.delete().where(MEMBERS.c.scenario == scenario))
    insert(connection, [Member(scenario, *each) for each in members.items()])


def insert(connection: Connection, members: Iterable[Member]) -> None:
    """Insert members that the table does not hold."""
    rows = [MEMBER.to_row(MEMBER.checked(member)) for member in members]
    if rows:
        connection.execute(MEMBERS.insert(), rows)


def require(connection: Connection, scenario: str, caller: StoreCaller, needed: Access) -> None:
    """Check that the caller has an access to a scenario.

    Raises
    ------
    UnknownScenarioError
        If there is no such scenario.
    AccessError
        If the caller lacks this access.
    """
    check_key(scenario)
    if caller.everything:
        return
    there = select(SCENARIOS.c.id).where(SCENARIOS.c.id == scenario)
    if connection.execute(there).scalar() is None:
        raise UnknownScenarioError(scenario)
    members = read(connection, scenario)
    held = None if caller.guest else access_of(members, caller.person)
    if held is None:
        raise AccessError(Access.READER)
    if held.rank < needed.rank:
        raise AccessError(
            needed, [who for who, access in members.items() if access is Access.OWNER]
        )


def readable(connection: Connection, caller: StoreCaller) -> frozenset[str] | None:
    """Return the scenarios (ids) that the caller may read; ``None`` for all."""
    if caller.everything:
        return None
    if caller.guest:
        return frozenset()
    named = MEMBERS.c.person.in_([caller.person, EVERYONE]) & MEMBERS.c.access.in_([*Access])
    return frozenset(connection.execute(select(MEMBERS.c.scenario).where(named)).scalars())
