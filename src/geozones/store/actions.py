"""The log of what was done: appended to in the transaction of each write, never changed.

The database refuses to change or remove an entry (triggers), and each is sealed with the one before
it under a key outside the database, so that what is done to the file or by the database's own
administrator shows.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, func, select, text

from geozones.common.errors import InputError
from geozones.domain.actions import Action
from geozones.domain.log_chain import Anchor
from geozones.store.checks import is_date, parse_json, write_json
from geozones.store.tables import ACTIONS

#: PostgreSQL's lock while an entry is written, so that they have an order: « gz-log » as a number.
_LOCK_KEY = 0x677A2D6C6F67
_TEXTS = ("at", "who", "what", "scenario", "name", "seal")
#: A greater position was written by a fault or a forger: the log goes on from those below.
_MAX_POSITION = 2**31 - 2


def append(connection: Connection, action: Action, key: bytes) -> None:
    """Write an entry after the last one, sealed with it under a key."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    last = last_seal(connection)
    entry = replace(action, position=1 if last is None else last.position + 1)
    insert(connection, entry, entry.sealed("" if last is None else last.seal, key))


def last_seal(connection: Connection) -> Anchor | None:
    """Return the last entry's position and seal; ``None`` for an empty log."""
    query = (
        select(ACTIONS.c.position, ACTIONS.c.seal)
        .where(ACTIONS.c.position <= _MAX_POSITION)
        .order_by(ACTIONS.c.position.desc())
        .limit(1)
    )
    last = connection.execute(query).one_or_none()
    return None if last is None else Anchor(last.position, str(last.seal))


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


def read_entry(connection: Connection, position: int) -> tuple[Action, ...]:
    """Read the entry at a position; empty where there is none."""
    query = select(ACTIONS).where(ACTIONS.c.position == position)
    return tuple(map(_action, connection.execute(query)))


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
