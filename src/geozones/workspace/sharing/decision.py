"""Reasons of a scenario, and the decision requested, in sentences."""

from geozones.common.french import long_date
from geozones.domain import ScenarioStatus
from geozones.domain.events.move_events import MoveLycees
from geozones.export.text import printable
from geozones.workspace.analysis import Analysis
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.sharing.outcome import NO_OUTCOME, VersionOutcome

_ASKED = {
    ScenarioStatus.HYPOTHESIS: "Faut-il arbitrer, modifier ou écarter le scénario « {} » ?",
    ScenarioStatus.TO_ARBITRATE: "Faut-il retenir, modifier ou écarter le scénario « {} » ?",
    ScenarioStatus.ARBITRATED: ("« {} » est arbitré : faut-il retenir ou écarter ce scénario ?"),
    ScenarioStatus.KEPT: "« {} » est retenu, pas encore publié : à quelle date s'applique-t-il ?",
    ScenarioStatus.DISCARDED: "« {} » est écarté : aucune décision n'est demandée.",
}
_NOT_ASKED = "« {} » : aucune décision n'est plus demandée."

#: Most characters of a change quoted with its reason; the list of moves has longer ones.
_SHORT = 140


def reasons_of(analysis: Analysis, work: Work) -> tuple[str, ...]:
    """Return the description of a scenario, then the reason of each change."""
    lines = []
    if work.scenario is not None and work.scenario.description.strip():
        lines.append(printable(work.scenario.description))
    for event in work.timeline.path:
        if event.why.strip():
            what = describe_event(analysis.territory, work, event).rstrip(".")
            why = f"{event.why.rstrip('.')}{_by(event.author)}."
            lines.append(
                printable(f"{what} : {why}" if len(what) <= _SHORT else why[0].upper() + why[1:])
            )
    return tuple(dict.fromkeys(lines))


def whys_of(work: Work) -> dict[str, str]:
    """Return the reason of the last move of each lycée (id) that has one."""
    return {
        lycee: printable(event.why.strip())
        for event in work.timeline.path
        if isinstance(event.change, MoveLycees) and event.why.strip()
        for lycee in event.change.moves
    }


def _by(author: str) -> str:
    """Return an author in brackets; empty for no author, or without logins."""
    return f" ({printable(author)})" if author.strip() and author != LOCAL.name else ""


def asked_of(work: Work, outcome: VersionOutcome = NO_OUTCOME) -> tuple[str, ...]:
    """Return the decision requested on a scenario, then past decisions, the latest first.

    Nothing is requested once its ``outcome`` is known.
    """
    status = ScenarioStatus.HYPOTHESIS if work.scenario is None else work.scenario.status
    decisions = () if work.scenario is None else work.scenario.decisions
    taken = tuple(
        f"Noté le {long_date(decision.at)} : {printable(decision.text).rstrip('.')}"
        f"{_by(decision.author)}."
        for decision in reversed(decisions)
    )
    asked = _NOT_ASKED if outcome.status else _ASKED[status]
    return (asked.format(printable(work.name)), *outcome.lines, *taken)
