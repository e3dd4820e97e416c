"""Who else has a scenario open, and what they made of it: read when something is drawn anyway."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from geozones.common.errors import GeozonesError
from geozones.common.french import listing, plural
from geozones.domain.access import AccessError
from geozones.workspace.roles import LOCAL, Role, needs
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.scenarios.work import Work

#: How long after their last gesture someone is still here.
HERE = timedelta(minutes=5)
#: How often a session notes that it is here, at most: each note is a write.
_NOTE_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Company:
    """Who else made a gesture on a scenario lately.

    Parameters
    ----------
    names
        Those who logged in, each once.
    unnamed
        How many other browsers, where nobody logs in.
    scenario, noted
        Where and when this session was last noted.
    """

    names: tuple[str, ...] = ()
    unnamed: int = 0
    scenario: str = ""
    noted: datetime | None = None

    @property
    def said(self) -> str:
        """Return who is here, in French; empty for nobody."""
        if self.names:
            return f"aussi ici : {listing(self.names)}"
        if self.unnamed:
            return f"aussi ici : {plural(self.unnamed, 'autre personne', 'autres personnes')}"
        return ""


@needs(Role.READER)
def meet(
    service: Scenarios, work: Work, session: str, before: Company, now: datetime
) -> tuple[Work, Company]:
    """Note that a session has a scenario open; return it with what others made of it, and who is.

    Parameters
    ----------
    session
        A code of this session alone.
    before
        What this answered the last time.
    """
    scenario = work.scenario
    if scenario is None or work.gone:
        return work, Company()
    since = (now - HERE).astimezone(UTC).isoformat(timespec="milliseconds")
    store = service.store()
    known = before.scenario == scenario.id and before.noted is not None
    noted = before.noted if known else None
    try:
        if noted is None or now - noted >= _NOTE_EVERY:
            store.attend(scenario.id, session, since)
            noted = now
        version, seen = store.attending(scenario.id, since)
        if version is None:
            work = service.deleted(work)
        elif version != scenario.version and not work.pending and work.conflict is None:
            work = service.caught_up(work)
    except AccessError as error:
        return replace(work, problem=str(error)), Company()
    except GeozonesError:
        # who is here is no reason to stop: what fails is told when something is saved
        return work, before
    others = [name for key, name in seen if key != session]
    if service.actor == LOCAL:
        return work, Company((), len(others), scenario.id, noted)
    names = sorted({name for name in others if name != service.actor.name})
    return work, Company(tuple(names), 0, scenario.id, noted)
