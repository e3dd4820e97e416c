"""Scenarios in and out of the tables; each function works inside the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import batched
from typing import Any

from sqlalchemy import Connection, Row, func, select

from geozones.common.errors import InputError
from geozones.domain import (
    ConflictError,
    DamagedScenarioError,
    Event,
    Scenario,
    ScenarioStatus,
    ScenarioSummary,
    UnknownScenarioError,
)
from geozones.store.checks import (
    check_key,
    depths,
    is_id,
    parse_json,
    stored_faults,
    summary_faults,
    write_json,
)
from geozones.store.documents import decisions_as, from_document
from geozones.store.tables import EVENTS, SCENARIOS

#: Values in one order, below the limit of every database.
_BATCH = 500
_NAME = select(SCENARIOS.c.name)
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
    DamagedScenarioError
        If something in it is not what was written.
    """
    check_key(scenario)
    row = connection.execute(select(SCENARIOS).where(SCENARIOS.c.id == scenario)).one_or_none()
    if row is None:
        raise UnknownScenarioError(scenario)
    columns = (EVENTS.c[name] for name in ("id", "parent", "kind", "data", "author", "at", "why"))
    rows = connection.execute(
        select(*columns).where(EVENTS.c.scenario == scenario).order_by(EVENTS.c.position)
    )
    try:
        return _scenario(row, rows)
    except InputError as error:
        raise DamagedScenarioError(scenario, _name(row.name), str(error)) from error


def read_all(
    connection: Connection,
) -> tuple[tuple[Scenario, ...], tuple[DamagedScenarioError, ...]]:
    """Read every scenario, whole, by id; and what is wrong with those that cannot be."""
    keys = connection.execute(select(SCENARIOS.c.id)).scalars().all()
    scenarios, damaged = [], []
    for key in sorted(map(str, keys)):
        try:
            scenarios.append(read(connection, key))
        except DamagedScenarioError as error:
            damaged.append(error)
        except UnknownScenarioError:
            damaged.append(DamagedScenarioError(key, "", "son code n'en est pas un"))
    return tuple(scenarios), tuple(damaged)


def summaries(
    connection: Connection, *, archived: bool
) -> tuple[tuple[ScenarioSummary, ...], tuple[DamagedScenarioError, ...]]:
    """Read a line a scenario, the last updated first; and what is wrong with the others."""
    query = select(*(SCENARIOS.c[name] for name in _SUMMARY))
    if not archived:
        query = query.where(SCENARIOS.c.archived.is_(False))
    lines, damaged = [], []
    for row in connection.execute(query).mappings():
        faults = list(summary_faults(dict(row)))
        if faults:
            damaged.append(DamagedScenarioError(str(row["id"]), _name(row["name"]), faults[0]))
        else:
            lines.append(ScenarioSummary(**{**row, "status": ScenarioStatus(row["status"])}))
    # Sorted here: databases do not agree on the order of texts.
    lines.sort(key=lambda line: (line.updated, line.id), reverse=True)
    damaged.sort(key=lambda error: error.scenario)
    return tuple(lines), tuple(damaged)


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


def name_of(connection: Connection, scenario: str) -> str:
    """Return how a scenario is called, as far as it can be read; "" where there is none."""
    return _name(connection.execute(_NAME.where(SCENARIOS.c.id == scenario)).scalar())


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
    depth: dict[str, int] = {}
    wanted = {key for key in keys if key is not None and is_id(key)}
    for batch in batched(sorted(wanted), _BATCH):
        query = select(EVENTS.c.id, EVENTS.c.depth).where(
            EVENTS.c.scenario == scenario, EVENTS.c.id.in_(batch)
        )
        depth |= {row.id: row.depth for row in connection.execute(query)}
    return depth


def _scenario(row: Row[Any], events: Iterable[Row[Any]]) -> Scenario:
    """Make a scenario of its row and those of its events; raise ``InputError`` for a fault."""
    values = {name: value for name, value in row._mapping.items() if name != "moves"}  # noqa: SLF001 - public in spite of its name
    values |= {
        "decisions": parse_json(row.decisions, "decisions"),
        "base": parse_json(row.base, "base"),
        "events": [],
    }
    scenario = replace(from_document(values), events=tuple(map(_event, events)))
    fault = next(stored_faults(scenario), None)
    if fault is not None:
        raise InputError(fault)
    return scenario


def _event(row: Row[Any]) -> Event:
    data = parse_json(row.data, "data")
    if not isinstance(data, dict):
        msg = f"changement {row.id} : « data » doit être un objet"
        raise InputError(msg)
    return Event(row.id, row.parent, row.kind, data, row.author, row.at, row.why)


def _name(value: object) -> str:
    """Return the name of a damaged row, as far as it can be shown."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""
