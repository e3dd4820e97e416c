"""Presence of other users on a scenario, and their changes; refreshed on rerun."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from geozones.common.errors import GeozonesError
from geozones.common.files import new_code
from geozones.common.french import listing, plural
from geozones.domain.access import AccessError
from geozones.workspace.roles import LOCAL, Role, needs
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios

if TYPE_CHECKING:
    from geozones.store import Store

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
    """Return the stored version of each scenario (id) that exists; raise ``StoreError``."""
    return store.presence.versions(scenarios)


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
    store = service.store()
    known = before.scenario == scenario.id and before.noted is not None
    noted = before.noted if known else None
    try:
        if noted is None or not timedelta() <= now - noted < _NOTE_EVERY:
            store.presence.attend(scenario.id, session, since)
            noted = now
        version, seen = store.presence.attending(scenario.id, since)
        if version is None:
            work = service.saver.deleted(work)
        elif version != scenario.version and not work.pending and work.conflict is None:
            work = service.saver.caught_up(work)
    except AccessError as error:
        return replace(work, problem=str(error)), Company()
    except GeozonesError:
        # presence must not stop the user: a lasting failure is reported when something is saved
        return work, before
    others = {key.partition(".")[0]: name for key, name in seen if not _are_one(key, session)}
    if service.actor == LOCAL:
        return work, Company((), len(others), scenario.id, noted)
    names = sorted({name for name in others.values() if name != service.actor.name})
    return work, Company(tuple(names), 0, scenario.id, noted)


def _are_one(session: str, other: str) -> bool:
    """Tell whether two sessions are tabs of one browser."""
    return session.partition(".")[0] == other.partition(".")[0]
