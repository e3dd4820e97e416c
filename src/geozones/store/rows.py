"""Rows of scenarios and their events; each function works inside the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import Any

from sqlalchemy import Connection, func, select

from geozones.common.bounds import MAX_INTEGER, is_id
from geozones.common.errors import InputError
from geozones.domain import (
    ConflictError,
    DamagedScenarioError,
    Event,
    Scenario,
    ScenarioSummary,
    UnknownScenarioError,
)
from geozones.domain.errors import LeftOut
from geozones.records import Document
from geozones.records.kinds import EVENT, SCENARIO, SUMMARY, Row
from geozones.store.database import check_key
from geozones.store.tables import EVENTS, SCENARIOS

#: Values in one order, below the limit of every database.
_BATCH = 500
_NAME = select(SCENARIOS.c.name)
_SUMMARY = tuple(SCENARIOS.c[name] for name in SUMMARY.paths)
_EVENT = tuple(EVENTS.c[name] for name in EVENT.paths)


def insert(connection: Connection, scenario: Scenario) -> None:
    """Insert a valid scenario with all its events."""
    depth = depths(scenario.events, {})
    moves = depth[scenario.head] if scenario.head else 0
    connection.execute(SCENARIOS.insert(), SCENARIO.to_row(scenario) | {"moves": moves})
    insert_events(connection, scenario.id, scenario.events, depth)


def insert_events(
    connection: Connection, scenario: str, events: Sequence[Event], depth: Mapping[str, int]
) -> None:
    """Insert valid events after the existing events; ``depth`` gives the depth of each."""
    if not events:
        return
    sound = EVENTS.c.position.between(0, MAX_INTEGER - len(events))
    last = select(func.max(EVENTS.c.position)).where(EVENTS.c.scenario == scenario, sound)
    first = (connection.execute(last).scalar() or 0) + 1
    rows = [
        EVENT.to_row(event) | {"scenario": scenario, "position": position, "depth": depth[event.id]}
        for position, event in enumerate(events, first)
    ]
    connection.execute(EVENTS.insert(), rows)


def read(connection: Connection, scenario: str) -> Scenario:
    """Read a scenario with its events, in the order they were written."""
    check_key(scenario)
    row = connection.execute(select(SCENARIOS).where(SCENARIOS.c.id == scenario)).mappings().first()
    if row is None:
        raise UnknownScenarioError(scenario)
    of_it = select(*_EVENT).where(EVENTS.c.scenario == scenario).order_by(EVENTS.c.position)
    rows = connection.execute(of_it).mappings()
    try:
        return SCENARIO.from_row(row, events=[_event_document(each) for each in rows])
    except InputError as error:
        raise DamagedScenarioError(scenario, shown_name(row["name"]), str(error)) from error


def read_all(connection: Connection) -> tuple[tuple[Scenario, ...], tuple[LeftOut, ...]]:
    """Read every scenario, whole, by id; return them with notices of unreadable scenarios."""
    keys = connection.execute(select(SCENARIOS.c.id, SCENARIOS.c.name)).mappings().all()
    scenarios, left_out = [], []
    for row in sorted(keys, key=lambda row: str(row["id"])):
        if not is_id(row["id"]):
            left_out.append(SCENARIO.left_out(row, "son code n'en est pas un"))
            continue
        try:
            scenarios.append(read(connection, row["id"]))
        except DamagedScenarioError as error:
            left_out.append(SCENARIO.left_out(row, error.fault))
    return tuple(scenarios), tuple(left_out)


def orphans(connection: Connection) -> tuple[LeftOut, ...]:
    """Return notices of events without their scenario, which only a damaged file has."""
    known = select(SCENARIOS.c.id)
    query = select(*_EVENT).where(EVENTS.c.scenario.not_in(known)).order_by(EVENTS.c.position)
    reason = "le scénario qu'il change n'existe pas"
    rows = connection.execute(query).mappings()
    return tuple(EVENT.left_out(row, reason) for row in rows)


def summaries(
    connection: Connection, *, archived: bool
) -> tuple[tuple[ScenarioSummary, ...], tuple[DamagedScenarioError, ...]]:
    """Read the summaries of scenarios, last updated first, and the faults of the others."""
    query = select(*_SUMMARY)
    if not archived:
        query = query.where(SCENARIOS.c.archived.is_(False))
    reading = SUMMARY.read_rows(connection.execute(query).mappings())
    # Sorted here: databases do not agree on the order of texts.
    lines = sorted(reading.values, key=lambda line: (line.updated, line.id), reverse=True)
    damaged = [DamagedScenarioError(each.key, each.name, each.reason) for each in reading.left_out]
    return tuple(lines), tuple(sorted(damaged, key=lambda error: error.scenario))


def take(connection: Connection, scenario: str, version: int) -> None:
    """Lock a scenario for the transaction, after checking its version."""
    check_key(scenario)
    stored = connection.execute(
        select(SCENARIOS.c.version).where(SCENARIOS.c.id == scenario).with_for_update()
    ).scalar()
    if stored is None:
        raise UnknownScenarioError(scenario)
    if stored != version:
        raise ConflictError(stored)


def exists(connection: Connection, scenario: str) -> bool:
    """Return whether a scenario has this id."""
    query = select(SCENARIOS.c.id).where(SCENARIOS.c.id == scenario)
    return connection.execute(query).scalar() is not None


def name_of(connection: Connection, scenario: str) -> str:
    """Return the name of a scenario, as far as it can be read; "" if there is no such scenario."""
    return shown_name(connection.execute(_NAME.where(SCENARIOS.c.id == scenario)).scalar())


def decided_with(connection: Connection, token: str) -> str:
    """Return the scenario (id) of which a decision has this frozen copy; "" if there is none."""
    noted = SCENARIOS.c.decisions.contains(token, autoescape=True)
    return connection.execute(select(SCENARIOS.c.id).where(noted)).scalar() or ""


def delete(connection: Connection, scenario: str) -> None:
    """Delete a scenario and its events."""
    check_key(scenario)
    if connection.execute(SCENARIOS.delete().where(SCENARIOS.c.id == scenario)).rowcount == 0:
        raise UnknownScenarioError(scenario)


def change(connection: Connection, scenario: str, **values: Any) -> None:  # noqa: ANN401 - of any column
    """Change columns of a scenario that `take` locked."""
    connection.execute(SCENARIOS.update().where(SCENARIOS.c.id == scenario).values(**values))


def known_depths(
    connection: Connection, scenario: str, keys: Iterable[str | None]
) -> dict[str, int]:
    """Return the depths of the events among ``keys`` that the table holds."""
    depth: dict[str, int] = {}
    wanted = {key for key in keys if key is not None and is_id(key)}
    for batch in batched(sorted(wanted), _BATCH):
        query = select(EVENTS.c.id, EVENTS.c.depth).where(
            EVENTS.c.scenario == scenario, EVENTS.c.id.in_(batch)
        )
        depth |= {row.id: row.depth for row in connection.execute(query)}
    if not all(type(each) is int and 0 < each < MAX_INTEGER for each in depth.values()):
        fault = "la place d'un changement dans l'historique est illisible"
        raise DamagedScenarioError(scenario, name_of(connection, scenario), fault)
    return depth


def depths(events: Iterable[Event], known: Mapping[str, int]) -> dict[str, int]:
    """Return the depth of each event, counted from the root; the events must be valid."""
    depth = dict(known)
    for event in events:
        depth[event.id] = 1 + (depth[event.parent] if event.parent is not None else 0)
    return depth


def shown_name(value: object) -> str:
    """Return the name of a damaged row, as far as it can be shown."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""


def _event_document(row: Row) -> Document:
    try:
        return EVENT.row_document(row)
    except InputError as error:
        raise InputError(f"changement {row['id']} : {error}") from error
