"""Presence: rows that say when each session last had a scenario open."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from geozones.domain.access import Access
from geozones.store.permissions import StoreContext
from geozones.store.tables import PRESENCE, SCENARIOS


@dataclass(frozen=True, slots=True)
class PresenceStore:
    """Presence of the store, which is in no backup and no log."""

    context: StoreContext

    def attend(self, key: str, session: str, forget_before: str) -> None:
        """Record that a session has a scenario (id) open now; delete rows last seen before a time.

        Raises
        ------
        UnknownScenarioError, AccessError
            If there is no such scenario, or the caller may not read it.
        """
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
            .where((PRESENCE.c.scenario == key) & (PRESENCE.c.at >= since))
            .order_by(PRESENCE.c.name, PRESENCE.c.session)
        )
        with self.context.reading() as connection:
            held = connection.execute(version).scalar()
            if held is None:
                return None, ()
            self.context.require(connection, key, Access.READER)
            return held, tuple((row.session, row.name) for row in connection.execute(seen))
