"""Rows of the action log: appended in the transaction of each write, never changed.

The database refuses to change or remove an entry (triggers), and each is sealed with the one before
it under a key outside the database, so that what is done to the file or by the database's own
administrator shows.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, select, text

from geozones.common.bounds import MAX_INTEGER
from geozones.domain.actions import Action
from geozones.domain.log_chain import Anchor
from geozones.records.kinds import ACTION
from geozones.records.record import Reading
from geozones.store.tables import ACTIONS

#: Advisory lock of PostgreSQL held while an entry is written, so that entries have an order: «
#: gz-log » as a number.
_LOCK_KEY = 0x677A2D6C6F67
#: A damaged position must not keep the next entry from being written.
_SOUND = ACTIONS.c.position.between(1, MAX_INTEGER - 1)


def append(connection: Connection, action: Action, key: bytes) -> None:
    """Append an entry after the last one, sealed with the last one under a key."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    last = last_seal(connection)
    entry = replace(action, position=1 if last is None else last.position + 1)
    insert(connection, replace(entry, seal=entry.sealed("" if last is None else last.seal, key)))


def last_seal(connection: Connection) -> Anchor | None:
    """Return the last entry's position and seal; ``None`` for an empty log."""
    query = select(ACTIONS.c.position, ACTIONS.c.seal).where(_SOUND)
    last = connection.execute(query.order_by(ACTIONS.c.position.desc()).limit(1)).one_or_none()
    return None if last is None else Anchor(last.position, str(last.seal))


def insert(connection: Connection, action: Action) -> None:
    """Write an entry as it is."""
    connection.execute(ACTIONS.insert(), ACTION.to_row(ACTION.checked(action)))


def read(
    connection: Connection, scenario: str | None = None, limit: int | None = None
) -> Reading[Action]:
    """Read the log, oldest first: of one scenario (id), the last ``limit`` entries, or all."""
    query = select(ACTIONS).order_by(ACTIONS.c.position.desc())
    if scenario is not None:
        query = query.where(ACTIONS.c.scenario == scenario)
    if limit is not None:
        query = query.limit(limit)
    return ACTION.read_rows(reversed(connection.execute(query).mappings().all()))


def read_entry(connection: Connection, position: int) -> tuple[Action, ...]:
    """Read the entry at a position; return an empty tuple if none can be read there."""
    query = select(ACTIONS).where(ACTIONS.c.position == position)
    return tuple(ACTION.read_rows(connection.execute(query).mappings()).values)


def restore(connection: Connection, actions: Sequence[Action]) -> None:
    """Append the log of a backup if it continues the log of the database; else do nothing."""
    count = connection.execute(select(func.count()).select_from(ACTIONS)).scalar() or 0
    if count < len(actions) and read(connection).values == list(actions[:count]):
        for action in actions[count:]:
            insert(connection, action)
