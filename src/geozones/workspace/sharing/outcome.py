"""Outcome of a scenario: whether its plan was published, and what became of that publication."""

from collections.abc import Iterable
from dataclasses import dataclass

from geozones.common.errors import GeozonesError
from geozones.common.french import inside, long_date
from geozones.domain import Publication, ScenarioStatus
from geozones.domain.publications import PublicationStatus
from geozones.workspace.publications.announcement import published_plan
from geozones.workspace.publications.ledger import Ledger
from geozones.workspace.scenarios.open_scenario import Work

_STATUS = {
    PublicationStatus.IN_FORCE: "Scénario publié, en vigueur",
    PublicationStatus.TO_COME: "Scénario publié, à venir",
    PublicationStatus.PAST: "Scénario publié, remplacé depuis",
    PublicationStatus.WITHDRAWN: "Scénario publié, puis retiré",
    PublicationStatus.AWAITED: "Scénario retenu, publication à approuver",
}


@dataclass(frozen=True, slots=True)
class VersionOutcome:
    """Outcome of a scenario.

    Parameters
    ----------
    status
        Its status in words, which takes the place of the status of its version; empty if nothing
        became of it.
    lines
        What became of it, in sentences.
    """

    status: str = ""
    lines: tuple[str, ...] = ()


NO_OUTCOME = VersionOutcome()


def status_in_words(work: Work, outcome: VersionOutcome) -> str:
    """Return the status of a scenario or a frozen version for readers outside the team."""
    status = ScenarioStatus.HYPOTHESIS if work.scenario is None else work.scenario.status
    return outcome.status or status.in_words


def outcome_of(ledger: Ledger, work: Work) -> VersionOutcome:
    """Return the outcome of a scenario or a frozen version, by the publications written since."""
    if work.scenario is None or work.is_dirty:
        return NO_OUTCOME
    source, updated = work.source or work.scenario.id, work.scenario.updated
    newest = sorted(ledger.plans, key=lambda entry: -entry.position)
    since = [entry for entry in newest if not entry.is_shipped and entry.at >= updated]
    # a plan published before may be proposed again, by another scenario
    known = (entry for entry in newest if entry in since or entry.scenario == source)
    own = next((entry for entry in known if _is_of(ledger, entry, work)), None)
    if own is not None:
        return _published(ledger, own)
    later = next((entry for entry in since if entry.scenario == source), None)
    if later is not None:
        line = f"Une autre version de ce scénario a été publiée : {inside(ledger.line(later))}."
        status = "Version non publiée ; une autre l'est"
        return VersionOutcome(status, (line, *_replaced(ledger, later)))
    return VersionOutcome(lines=tuple(_other(ledger, since)))


def _is_of(ledger: Ledger, entry: Publication, work: Work) -> bool:
    """Tell whether a publication is of the plan of a work."""
    try:
        file = ledger.file(entry)
    except GeozonesError:  # it no longer fits the data: pages of publications say so
        return False
    return (file.plan, file.places) == (published_plan(work.plan), work.state.places)


def _published(ledger: Ledger, entry: Publication) -> VersionOutcome:
    line = f"Publié le {long_date(entry.at)} : {inside(ledger.line(entry))}."
    withdrawal = ledger.withdrawal(entry)
    why = withdrawal.note.strip().rstrip(".") if withdrawal is not None else ""
    reason = (f"Motif du retrait : {why}.",) if why else ()
    return VersionOutcome(
        _STATUS[ledger.standing(entry)], (line, *reason, *_replaced(ledger, entry))
    )


def _replaced(ledger: Ledger, entry: Publication) -> Iterable[str]:
    """Say which plan replaces the plan of a publication, and from when on."""
    if ledger.standing(entry) not in {PublicationStatus.PAST, PublicationStatus.IN_FORCE}:
        return
    day = ledger.end(entry) or entry.effective
    then = ledger.on(day)
    if then.id != entry.id:
        verb = "Remplacé" if day <= ledger.today else "Sera remplacé"
        yield f"{verb} le {long_date(day)} par la {inside(ledger.title(then))}."


def _other(ledger: Ledger, since: Iterable[Publication]) -> Iterable[str]:
    """Say that another plan came in force since: the plan before is the plan of then."""
    now = ledger.in_force()
    if now is not None and any(entry.id == now.id for entry in since):
        yield (
            f"Un autre plan a été publié depuis : {inside(ledger.line(now))}. « Avant » est le "
            "plan d'alors."
        )
