"""Briefing of a proposal for decision makers, and the outcome of its scenario."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from geozones.common.errors import GeozonesError
from geozones.common.french import inside, long_date, plural, typeset
from geozones.domain import Publication, ScenarioStatus
from geozones.domain.publications import PublicationStatus
from geozones.export import Dossier
from geozones.export.messages import message_of, of_moves, what_changes, without_rns
from geozones.metrics.metric_changes import NO_CHANGE, PointsTold
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.ledger import Ledger, published_plan, with_publications
from geozones.workspace.scenarios.open_scenario import Work, drift_of

_REASONS = 3
_NO_REASON = "La raison n'a pas été écrite : demandez-la à la personne qui vous a donné le lien."


@dataclass(frozen=True, slots=True)
class Briefing:
    """A proposal in sentences."""

    message: tuple[str, ...]  # What it does, in at most three lines.
    proposed: tuple[str, ...]  # All that it changes, a line for each zone that lycées join.
    why: tuple[str, ...]  # Its reasons.
    without_rns: tuple[str, ...] = ()  # Lycées whose sector has no RNS any more, by RNS lost.
    points: PointsTold = NO_CHANGE  # Points to watch that are new, worse and lifted.
    counted: str = ""  # How many lycées change zone; empty for none.
    verdict: str = ""  # Judgement of the tool on it, in a sentence; empty if unknown.


def briefing_of(dossier: Dossier) -> Briefing:
    """Return the briefing of a dossier of the whole region."""
    comparison = dossier.comparison
    if comparison is None:
        nothing = "Ni zone, ni nom, ni position, ni poste ne change dans ce scénario."
        return Briefing((nothing,), (nothing,), _why(dossier))
    message, counted = message_of(comparison), of_moves(comparison.moves)
    proposed = tuple(what_changes(comparison))
    *first, rest = message.brief
    return Briefing(
        (*first, f"{counted}. {rest}".strip() if counted and len(proposed) > 1 else rest),
        proposed,
        _why(dossier),
        tuple(map(typeset, without_rns(comparison))),
        comparison.points.written(typeset),
        counted,
        message.verdict,
    )


def _why(dossier: Dossier) -> tuple[str, ...]:
    if not dossier.reasons:
        return (_NO_REASON,)
    rest = len(dossier.reasons) - _REASONS
    more = (f"Et {plural(rest, 'autre raison', 'autres raisons')}.",) if rest > 0 else ()
    return (*(typeset(reason) for reason in dossier.reasons[:_REASONS]), *more)


_STATUS = {
    PublicationStatus.IN_FORCE: "Scénario publié, en vigueur",
    PublicationStatus.TO_COME: "Scénario publié, à venir",
    PublicationStatus.PAST: "Scénario publié, remplacé depuis",
    PublicationStatus.WITHDRAWN: "Scénario publié, puis retiré",
}


@dataclass(frozen=True, slots=True)
class VersionOutcome:
    """Outcome of a scenario."""

    #: Its status in words, shown instead of the status of its version and of the decision
    #: requested; empty without an outcome.
    status: str = ""
    lines: tuple[str, ...] = ()  # Sentences on the outcome.
    #: Status of its scenario if it changed after the version was frozen; the decision requested
    #: depends on it.
    decision: ScenarioStatus | None = None

    def status_of(self, work: Work) -> ScenarioStatus:
        """Return the status of a scenario or a frozen version, as decided since."""
        own = ScenarioStatus.HYPOTHESIS if work.scenario is None else work.scenario.status
        return self.decision or own


NO_OUTCOME = VersionOutcome()


def status_in_words(work: Work, outcome: VersionOutcome) -> str:
    """Return the status of a scenario or a frozen version for readers outside the team."""
    return outcome.status or outcome.status_of(work).in_words


def outcome_of(analysis: Analysis, ledger: Ledger, work: Work) -> VersionOutcome:
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
        line = f"Publié le {long_date(own.at)} : {inside(ledger.line(own))}."
        withdrawal = ledger.withdrawal(own)
        why = withdrawal.note.strip().rstrip(".") if withdrawal is not None else ""
        reason = (f"Motif du retrait : {why}.",) if why else ()
        return VersionOutcome(
            _STATUS[ledger.standing(own)], (line, *reason, *_replaced(ledger, own))
        )
    later = next((entry for entry in since if entry.scenario == source), None)
    if later is not None:
        line = f"Une autre version de ce scénario a été publiée : {inside(ledger.line(later))}."
        status = "Version non publiée ; une autre l'est"
        return VersionOutcome(status, (line, *_replaced(ledger, later)))
    decided, drift = _decided(work), drift_of(with_publications(ledger, analysis), work)
    return replace(decided, lines=(*decided.lines, drift)) if drift else decided


def _decided(work: Work) -> VersionOutcome:
    """Return what was decided on the scenario of a frozen version after it was frozen."""
    since = work.since
    if since is None or since.status is work.saved.status:
        return NO_OUTCOME
    if since.status is None:
        return VersionOutcome("Scénario supprimé depuis")
    day = f" le {long_date(since.at)}" if since.at else ""
    if since.status is ScenarioStatus.KEPT and since.is_of_other:
        line = f"Une autre version de ce scénario a été retenue{day}."
        return VersionOutcome("Version non retenue ; une autre l'est", (line,))
    line = f"Depuis cette version, le statut du scénario a changé{day} : {since.status}."
    return VersionOutcome(lines=(line,), decision=since.status)


def _is_of(ledger: Ledger, entry: Publication, work: Work) -> bool:
    """Tell whether a publication has the plan of a work."""
    try:
        file = ledger.file(entry)
    except GeozonesError:  # it no longer fits the data; pages of publications report it
        return False
    return (file.plan, file.places) == (published_plan(work.plan), work.state.places)


def _replaced(ledger: Ledger, entry: Publication) -> Iterable[str]:
    """Say which plan replaces the plan of a publication, and from when on."""
    if ledger.standing(entry) not in {PublicationStatus.PAST, PublicationStatus.IN_FORCE}:
        return
    day = ledger.end(entry) or entry.effective
    then = ledger.on(day)
    if then.id != entry.id:
        verb = "Remplacé" if day <= ledger.today else "Sera remplacé"
        yield f"{verb} le {long_date(day)} par la {inside(ledger.title(then))}."
