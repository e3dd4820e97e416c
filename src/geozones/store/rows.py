"""Scenarios in and out of the tables; each function works inside the caller's transaction."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import Any

from sqlalchemy import Connection, Row, func, select

from geozones.domain import (
    ConflictError,
    Event,
    Scenario,
    ScenarioStatus,
    ScenarioSummary,
    UnknownScenarioError,
)
from geozones.store.checks import check_key, depths, is_id, write_json
from geozones.store.documents import decisions_as, decisions_of
from geozones.store.tables import EVENTS, SCENARIOS

#: Values in one order, below the limit of every database.
_BATCH = 500
_SUMMARY = ("id", "name", "status", "author", "created", "updated", "moves", "archived")


def insert(connection: Connection, scenario: Scenario) -> None:
    """Write a scenario that has no fault, with all its events."""
    depth = depths(scenario.events, {})
    values = {
        column: getattr(scenario, column)
        for column in SCENARIOS.columns.keys()  # noqa: SIM118 - not a mapping
        if column != "moves"
    }
    values |= {
        "status": scenario.status.value,
        "decisions": write_json(decisions_as(scenario.decisions)),
        "base": write_json(scenario.base),
        "moves": depth[scenario.head] if scenario.head else 0,
    }
    connection.execute(SCENARIOS.insert(), values)
    insert_events(connection, scenario.id, scenario.events, depth)


def insert_events(
    connection: Connection, scenario: str, events: Sequence[Event], depth: Mapping[str, int]
) -> None:
    """Write events that have no fault after those already there; ``depth`` tells theirs."""
    if not events:
        return
    last = select(func.max(EVENTS.c.position)).where(EVENTS.c.scenario == scenario)
    first = (connection.execute(last).scalar() or 0) + 1
    rows = [
        {
            "scenario": scenario,
            "position": position,
            "id": event.id,
            "parent": event.parent,
            "depth": depth[event.id],
            "kind": event.kind,
            "data": write_json(event.data),
            "author": event.author,
            "at": event.at,
            "why": event.why,
        }
        for position, event in enumerate(events, first)
    ]
    connection.execute(EVENTS.insert(), rows)


def read(connection: Connection, scenario: str) -> Scenario:
    """Read a scenario with its events, in the order they were written.

    Raises
    ------
    UnknownScenarioError
        If there is none.
    """
    check_key(scenario)
    row = connection.execute(select(SCENARIOS).where(SCENARIOS.c.id == scenario)).one_or_none()
    if row is None:
        raise UnknownScenarioError(scenario)
    columns = (EVENTS.c[name] for name in ("id", "parent", "kind", "data", "author", "at", "why"))
    found = connection.execute(
        select(*columns).where(EVENTS.c.scenario == scenario).order_by(EVENTS.c.position)
    )
    events = tuple(
        Event(key, parent, kind, json.loads(data), author, at, why)
        for key, parent, kind, data, author, at, why in found
    )
    return _scenario(row, events)


def read_all(connection: Connection) -> tuple[Scenario, ...]:
    """Read every scenario, whole, by id."""
    keys = connection.execute(select(SCENARIOS.c.id)).scalars().all()
    return tuple(read(connection, key) for key in sorted(keys))


def summaries(connection: Connection, *, archived: bool) -> tuple[ScenarioSummary, ...]:
    """Read a line a scenario, the last updated first."""
    query = select(*(SCENARIOS.c[name] for name in _SUMMARY))
    if not archived:
        query = query.where(SCENARIOS.c.archived.is_(False))
    found = [
        ScenarioSummary(**{**row, "status": ScenarioStatus(row["status"])})
        for row in connection.execute(query).mappings()
    ]
    # Sorted here: databases do not agree on the order of texts.
    return tuple(sorted(found, key=lambda line: (line.updated, line.id), reverse=True))


def take(connection: Connection, scenario: str, version: int) -> None:
    """Lock a scenario for the transaction, if it is still at this version.

    Raises
    ------
    UnknownScenarioError
        If there is none.
    ConflictError
        If someone wrote it since.
    """
    check_key(scenario)
    stored = connection.execute(
        select(SCENARIOS.c.version).where(SCENARIOS.c.id == scenario).with_for_update()
    ).scalar()
    if stored is None:
        raise UnknownScenarioError(scenario)
    if stored != version:
        raise ConflictError(stored)


def exists(connection: Connection, scenario: str) -> bool:
    """Tell whether this id is taken."""
    query = select(SCENARIOS.c.id).where(SCENARIOS.c.id == scenario)
    return connection.execute(query).scalar() is not None


def delete(connection: Connection, scenario: str) -> None:
    """Delete a scenario and its events.

    Raises
    ------
    UnknownScenarioError
        If there is none.
    """
    check_key(scenario)
    if connection.execute(SCENARIOS.delete().where(SCENARIOS.c.id == scenario)).rowcount == 0:
        raise UnknownScenarioError(scenario)


def change(connection: Connection, scenario: str, **values: Any) -> None:  # noqa: ANN401 - of any column
    """Write columns of a scenario that was taken."""
    connection.execute(SCENARIOS.update().where(SCENARIOS.c.id == scenario).values(**values))


def known_depths(
    connection: Connection, scenario: str, keys: Iterable[str | None]
) -> dict[str, int]:
    """Tell which of these events are there, and their depth."""
    found: dict[str, int] = {}
    wanted = {key for key in keys if key is not None and is_id(key)}
    for batch in batched(sorted(wanted), _BATCH):
        query = select(EVENTS.c.id, EVENTS.c.depth).where(
            EVENTS.c.scenario == scenario, EVENTS.c.id.in_(batch)
        )
        found |= {row.id: row.depth for row in connection.execute(query)}
    return found


def _scenario(row: Row[Any], events: tuple[Event, ...]) -> Scenario:
    values = {name: value for name, value in row._mapping.items() if name != "moves"}  # noqa: SLF001 - public in spite of its name
    values |= {
        "status": ScenarioStatus(row.status),
        "decisions": decisions_of(json.loads(row.decisions)),
        "base": json.loads(row.base),
    }
    return Scenario(**values, events=events)
