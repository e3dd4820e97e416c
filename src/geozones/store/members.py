"""Rows of who may do what with each scenario; checked in the caller's transaction."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from geozones.domain import UnknownScenarioError
from geozones.domain.access import EVERYONE, Access, AccessError, Hand, Member, access_of
from geozones.records.kinds import MEMBER
from geozones.records.record import Reading
from geozones.store.checks import check_key
from geozones.store.tables import MEMBERS, SCENARIOS


def read(connection: Connection, scenario: str) -> dict[str, Access]:
    """Return the members of a scenario (id) and what each may do.

    A row that cannot be read gives no right to anybody.
    """
    query = select(MEMBERS).where(MEMBERS.c.scenario == scenario)
    reading = MEMBER.read_rows(connection.execute(query).mappings())
    return {member.person: member.access for member in reading.values}


def read_all(connection: Connection, scenario: str | None = None) -> Reading[Member]:
    """Read the members of a scenario, or of all of them."""
    query = select(MEMBERS).order_by(MEMBERS.c.scenario, MEMBERS.c.person)
    if scenario is not None:
        query = query.where(MEMBERS.c.scenario == scenario)
    return MEMBER.read_rows(connection.execute(query).mappings())


def write(connection: Connection, scenario: str, members: Mapping[str, Access]) -> None:
    """Write the members of a scenario, in place of those there are."""
    connection.execute(MEMBERS.delete().where(MEMBERS.c.scenario == scenario))
    insert(connection, [Member(scenario, *each) for each in members.items()])


def insert(connection: Connection, members: Iterable[Member]) -> None:
    """Write members that are not there."""
    rows = [MEMBER.to_row(MEMBER.checked(member)) for member in members]
    if rows:
        connection.execute(MEMBERS.insert(), rows)


def require(connection: Connection, scenario: str, hand: Hand, needed: Access) -> None:
    """Refuse what someone may not do with a scenario that is there.

    Raises
    ------
    UnknownScenarioError
        If there is none.
    AccessError
        If they may not.
    """
    check_key(scenario)
    if hand.everything:
        return
    there = select(SCENARIOS.c.id).where(SCENARIOS.c.id == scenario)
    if connection.execute(there).scalar() is None:
        raise UnknownScenarioError(scenario)
    members = read(connection, scenario)
    held = None if hand.guest else access_of(members, hand.person)
    if held is None:
        raise AccessError(Access.READER)
    if held.rank < needed.rank:
        raise AccessError(
            needed, [who for who, access in members.items() if access is Access.OWNER]
        )


def readable(connection: Connection, hand: Hand) -> frozenset[str] | None:
    """Return the scenarios that someone may read; ``None`` for all."""
    if hand.everything:
        return None
    if hand.guest:
        return frozenset()
    named = MEMBERS.c.person.in_([hand.person, EVERYONE]) & MEMBERS.c.access.in_([*Access])
    return frozenset(connection.execute(select(MEMBERS.c.scenario).where(named)).scalars())
