"""The log of what was done: appended to in the transaction of each write, never changed.

The database refuses to change or remove an entry (triggers), and each is sealed with the one before
it, so that what is done to the file or by the database's own administrator shows.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, func, select, text

from geozones.common.errors import InputError
from geozones.domain.actions import Action
from geozones.store.checks import is_date, parse_json, write_json
from geozones.store.tables import ACTIONS

#: PostgreSQL's lock while an entry is written, so that they have an order: « gz-log » as a number.
_LOCK_KEY = 0x677A2D6C6F67
_TEXTS = ("at", "who", "what", "scenario", "name", "seal")


def append(connection: Connection, action: Action) -> None:
    """Write an entry after the last one, whose place and seal it gets."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    last = connection.execute(
        select(ACTIONS.c.position, ACTIONS.c.seal).order_by(ACTIONS.c.position.desc()).limit(1)
    ).one_or_none()
    position, seal = (0, "") if last is None else last
    entry = replace(action, position=position + 1)
    insert(connection, entry, entry.sealed(seal))


def insert(connection: Connection, action: Action, seal: str) -> None:
    """Write an entry as it is."""
    values = action_as(action) | {"detail": write_json(dict(action.detail)), "seal": seal}
    connection.execute(ACTIONS.insert(), values)


def read(
    connection: Connection, scenario: str | None = None, limit: int | None = None
) -> tuple[Action, ...]:
    """Read the log, oldest first: of one scenario (id), the last ``limit`` entries, or all."""
    query = select(ACTIONS).order_by(ACTIONS.c.position.desc())
    if scenario is not None:
        query = query.where(ACTIONS.c.scenario == scenario)
    if limit is not None:
        query = query.limit(limit)
    return tuple(map(_action, reversed(connection.execute(query).all())))


def restore(connection: Connection, actions: Sequence[Action]) -> None:
    """Take over the log of a backup where it goes on from that which is there; else leave it."""
    count = connection.execute(select(func.count()).select_from(ACTIONS)).scalar() or 0
    if count < len(actions) and read(connection) == tuple(actions[:count]):
        for action in actions[count:]:
            insert(connection, action, action.seal)


def action_as(action: Action) -> dict[str, Any]:
    """Return an entry as a JSON object."""
    texts = {name: getattr(action, name) for name in _TEXTS}
    return {"position": action.position, **texts, "detail": dict(action.detail)}


def action_of(item: object) -> Action:
    """Return the entry of a JSON object.

    Raises
    ------
    InputError
        If it is none.
    """
    if not isinstance(item, dict) or set(item) != {"position", "detail", *_TEXTS}:
        msg = "ce n'est pas une ligne du journal des actions"
        raise InputError(msg)
    texts = [item[name] for name in _TEXTS]
    kinds = all(isinstance(value, str) and "\0" not in value for value in texts)
    whole = type(item["position"]) is int and isinstance(item["detail"], dict)
    if not (kinds and whole and is_date(item["at"])):
        msg = "un champ n'est pas du bon type"
        raise InputError(msg)
    return Action(**item)


def _action(row: Row[Any]) -> Action:
    """Return the entry of a row; a detail that was spoilt is kept as it is, its seal is broken."""
    try:
        detail = parse_json(row.detail, "detail")
    except InputError:
        detail = {}
    values = {name: getattr(row, name) for name in _TEXTS}
    return Action(
        position=row.position, **values, detail=detail if isinstance(detail, dict) else {}
    )
