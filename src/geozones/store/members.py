"""Who may do what with each scenario; checked in the caller's transaction."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from geozones.domain import UnknownScenarioError
from geozones.domain.access import EVERYONE, Access, AccessError, Hand, access_of
from geozones.store.checks import check_key
from geozones.store.tables import MEMBERS, SCENARIOS

_KNOWN = {access.value: access for access in Access}


def read(connection: Connection, scenario: str) -> dict[str, Access]:
    """Return the members of a scenario (id) and what each may do."""
    query = select(MEMBERS.c.person, MEMBERS.c.access).where(MEMBERS.c.scenario == scenario)
    return {row.person: _KNOWN[row.access] for row in connection.execute(query)}


def read_all(connection: Connection) -> dict[str, dict[str, Access]]:
    """Return the members of every scenario."""
    by_scenario: dict[str, dict[str, Access]] = {}
    for row in connection.execute(select(MEMBERS).order_by(MEMBERS.c.scenario, MEMBERS.c.person)):
        by_scenario.setdefault(row.scenario, {})[row.person] = _KNOWN[row.access]
    return by_scenario


def write(connection: Connection, scenario: str, members: Mapping[str, Access]) -> None:
    """Write the members of a scenario, in place of those there are."""
    connection.execute(MEMBERS.delete().where(MEMBERS.c.scenario == scenario))
    rows = [
        {"scenario": scenario, "person": person, "access": access.value}
        for person, access in members.items()
    ]
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
    named = MEMBERS.c.person.in_([hand.person, EVERYONE])
    return frozenset(connection.execute(select(MEMBERS.c.scenario).where(named)).scalars())
