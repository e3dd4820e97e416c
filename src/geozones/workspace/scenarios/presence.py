"""Presence: who has a scenario open, and what they changed meanwhile."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from geozones.common.errors import GeozonesError
from geozones.common.files import new_code
from geozones.common.french import listing, plural
from geozones.domain.access import Access, AccessError
from geozones.store import rows
from geozones.store.tables import PRESENCE, SCENARIOS
from geozones.workspace.roles import LOCAL, Role, needs
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios

if TYPE_CHECKING:
    from geozones.store import Store
    from geozones.store.permissions import StoreContext

#: How long after their last gesture a user counts as present.
HERE = timedelta(minutes=5)
#: Shortest time between two notes of a session's presence: each note is a write.
_NOTE_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Company:
    """Other users who made a gesture on a scenario lately."""

    names: tuple[str, ...] = ()  # Names of logged-in users, without duplicates.
    unnamed: int = 0  # Number of other browsers, where nobody logs in.
    scenario: str = ""  # Scenario and time of this session's last note.
    noted: datetime | None = None

    @property
    def sentence(self) -> str:
        """Describe who is here, in French; empty for nobody."""
        if self.names:
            return f"aussi ici : {listing(self.names)}"
        if self.unnamed:
            return f"aussi ici : {plural(self.unnamed, 'autre personne', 'autres personnes')}"
        return ""


def session_code(browser: str) -> str:
    """Return a new code of a session; sessions of the same browser (a code) are one person."""
    return f"{browser}.{new_code()}"


def versions(store: "Store", scenarios: Collection[str]) -> dict[str, int]:
    """Return the stored version of each scenario (id) that exists, and nothing else of it."""
    query = select(SCENARIOS.c.id, SCENARIOS.c.version).where(SCENARIOS.c.id.in_(list(scenarios)))
    with store.context.reading() as connection:
        return {row.id: row.version for row in connection.execute(query)}


@needs(Role.READER)
def meet(
    service: Scenarios, work: Work, session: str, before: Company, now: datetime
) -> tuple[Work, Company]:
    """Note that a session has a scenario open; return others' changes to it, and who is here.

    ``session`` is a code of this session alone (`session_code`), ``before`` the previous answer of
    this function.
    """
    scenario = work.scenario
    if scenario is None or work.gone:
        return work, Company()
    since = (now.astimezone(UTC) - HERE).isoformat(timespec="milliseconds")
    context = service.store().context
    known = before.scenario == scenario.id and before.noted is not None
    noted = before.noted if known else None
    try:
        if noted is None or not timedelta() <= now - noted < _NOTE_EVERY:
            with context.writing() as connection:
                context.require(connection, scenario.id, Access.READER)
                _note(connection, context, scenario.id, session, since)
            noted = now
        version, seen = _seen(context, scenario.id, since)
        if version is None:
            work = service.deleted(work)
        elif version != scenario.version and not work.pending and work.conflict is None:
            work = service.caught_up(work)
    except AccessError as error:
        return replace(work, problem=str(error)), Company()
    except GeozonesError:
        # presence must not stop the user: a lasting failure is reported when something is saved
        return work, before
    browser = session.partition(".")[0]  # its tabs are one
    browsers = ((key.partition(".")[0], name) for key, name in seen)
    others = {other: name for other, name in browsers if other != browser}
    if service.actor == LOCAL:
        return work, Company((), len(others), scenario.id, noted)
    names = sorted({name for name in others.values() if name != service.actor.name})
    return work, Company(tuple(names), 0, scenario.id, noted)


def _note(
    connection: Connection, context: "StoreContext", scenario: str, session: str, since: str
) -> None:
    """Note a session in a scenario (id); delete the notes that are older than a time (ISO 8601)."""
    mine = PRESENCE.c.session == session
    stale = (PRESENCE.c.scenario == scenario) & (PRESENCE.c.at < since)
    connection.execute(PRESENCE.delete().where(mine | stale))
    row = {"session": session, "name": context.caller.name, "at": context.now()}
    if rows.exists(connection, scenario):
        connection.execute(PRESENCE.insert(), row | {"scenario": scenario})


def _seen(
    context: "StoreContext", scenario: str, since: str
) -> tuple[int | None, tuple[tuple[str, str], ...]]:
    """Return the version of a scenario, ``None`` if it is deleted, and who has it open.

    Each visitor is a session and a name.
    """
    version = select(SCENARIOS.c.version).where(SCENARIOS.c.id == scenario)
    seen = (
        select(PRESENCE.c.session, PRESENCE.c.name)
        .where((PRESENCE.c.scenario == scenario) & PRESENCE.c.at.between(since, context.now()))
        .order_by(PRESENCE.c.name, PRESENCE.c.session)
    )
    with context.reading() as connection:
        stored = connection.execute(version).scalar()
        if stored is None:
            return None, ()
        context.require(connection, scenario, Access.READER)
        return stored, tuple((row.session, row.name) for row in connection.execute(seen))
