"""Exported plan and view: version, base, reasons, feedback, decision asked, briefing, outcome."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from geozones import feature_list
from geozones.common.clock import local_day
from geozones.common.errors import GeozonesError, InputError
from geozones.common.french import inside, long_date, plural, typeset
from geozones.common.settings_file import FROZEN, is_for_others, link_to
from geozones.domain import Plan, Publication, ScenarioStatus
from geozones.domain.events import State
from geozones.domain.events.lycee_events import MoveLycees
from geozones.domain.field_journal import AdoptedHypotheses
from geozones.domain.publications import PublicationStatus
from geozones.domain.story import Story
from geozones.domain.terms import terms
from geozones.export import Dossier, Version
from geozones.export.file_parts import printable
from geozones.export.messages import message_of, of_moves, what_changes, without_rns
from geozones.metrics.metric_changes import NO_CHANGE, PointsTold
from geozones.render.scene import FeedbackMark
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.figures.study import Study, baseline_study, study_of
from geozones.workspace.ledger import (
    Ledger,
    published_plan,
    read_ledger,
    study_of_publication,
    with_publications,
)
from geozones.workspace.roles import LOCAL, Role, UseCases, needs
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.open_scenario import (
    Work,
    analysis_of_work,
    drift_of,
    study_of_work,
)
from geozones.workspace.scenarios.service import Scenarios

if TYPE_CHECKING:
    from geozones.store import Store


@dataclass(frozen=True, slots=True)
class PlanFeedback:
    """What people said of a plan: nothing here, more in the class of the feature that collects it.

    It is picklable, since files are made in other processes.
    """

    @property
    def sentences(self) -> tuple[str, ...]:
        """The feedback in sentences, empty without any."""
        return ()

    @property
    def line(self) -> str:
        """The feedback counted in one sentence, for the first page of files; empty without any."""
        return ""

    def in_sector(self, plan: Plan, sector_id: str) -> "PlanFeedback":  # noqa: ARG002 - of the heir
        """Return the feedback on a sector (id) of a plan, its zones and its lycées."""
        return self

    def marks(self, study: Study) -> tuple[FeedbackMark, ...]:  # noqa: ARG002 - of the heir
        """Return the marks of the places of a study's plan, on the screen map."""
        return ()


NO_FEEDBACK = PlanFeedback()


@dataclass(frozen=True, slots=True)
class FeedbackReaders:
    """Use cases of a feature that read feedback."""

    #: Returns the feedback on the versions of a scenario (id); empty for ``None``.
    of_scenario: Callable[[UseCases, str | None], PlanFeedback] = lambda *_: NO_FEEDBACK
    #: Returns the feedback on one version, by the token of its link.
    on_version: "Callable[[Callable[[], Store], str], PlanFeedback]" = lambda *_: NO_FEEDBACK


def feedback_readers() -> FeedbackReaders:
    """Return the readers of the feature that collects feedback; without one, they find none."""
    found: tuple[FeedbackReaders, ...] = feature_list.values("feedback")
    return (*found, FeedbackReaders())[0]


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
    message = message_of(comparison)
    return Briefing(
        message.brief,
        tuple(what_changes(comparison)),
        _why(dossier),
        tuple(map(typeset, without_rns(comparison))),
        comparison.points.written(typeset),
        of_moves(comparison.moves),
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


_ASKED = {
    ScenarioStatus.HYPOTHESIS: (
        "Faut-il soumettre à l'arbitrage, modifier ou écarter le scénario « {} » ?"
    ),
    ScenarioStatus.TO_ARBITRATE: "Faut-il retenir, modifier ou écarter le scénario « {} » ?",
    ScenarioStatus.ARBITRATED: ("« {} » est arbitré : faut-il retenir ou écarter ce scénario ?"),
    ScenarioStatus.KEPT: "« {} » est retenu, pas encore publié : à quelle date s'applique-t-il ?",
    ScenarioStatus.DISCARDED: "« {} » est écarté : aucune décision n'est demandée.",
}
_NOT_ASKED = "« {} » : aucune décision n'est plus demandée."

#: Most characters of a change quoted with its reason; the list of moves has longer ones.
_SHORT = 140


def _by(author: str) -> str:
    """Return an author in brackets; empty for no author, or without logins."""
    return f" ({printable(author)})" if author.strip() and author != LOCAL.name else ""


def asked_of(work: Work, outcome: VersionOutcome = NO_OUTCOME) -> tuple[str, ...]:
    """Return the decision requested on a scenario, then past decisions, the latest first.

    Nothing is requested once its ``outcome`` is known.
    """
    decisions = () if work.scenario is None else work.scenario.decisions
    taken = tuple(
        f"Noté le {long_date(decision.at)} : {printable(decision.text).rstrip('.')}"
        f"{_by(decision.author)}."
        for decision in reversed(decisions)
    )
    asked = _NOT_ASKED if outcome.status else _ASKED[outcome.status_of(work)]
    return (asked.format(printable(work.name)), *outcome.lines, *taken)


#: Code of the baseline in a comparison.
BASELINE = "plan"


@dataclass(frozen=True)
class ExportedPlan:
    """A scenario or plan to export, with its version and its base.

    ``reasons`` are people's reasons for their changes, ``whys`` those of the move of each lycée
    (id), ``asked`` the decisions requested and taken, ``feedback`` what people said of its
    versions. ``frozen`` is the token of a frozen version of it, the only page that files may lead
    to: empty if there is none. ``scenario`` is the scenario (id) that could be frozen, empty for
    another plan or with unsaved changes. ``site`` is the address of the app, empty if others
    cannot reach it.
    """

    study: Study
    version: Version
    base: "ExportedPlan | None" = None
    reasons: tuple[str, ...] = ()
    whys: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    feedback: PlanFeedback = NO_FEEDBACK
    frozen: str = ""
    scenario: str = ""
    site: str = ""

    @property
    def plan(self) -> Plan:
        """The plan to export."""
        return self.study.plan

    @property
    def changed_from(self) -> "ExportedPlan | None":
        """Its base, if its plan, positions or posts differ; else ``None``."""
        if self.base is None:
            return None
        first, then = (
            (each.plan, each.state.places, each.teams.posts)
            for each in (self.base.study, self.study)
        )
        return None if first == then else self.base

    @property
    def colours(self) -> Mapping[str, str]:
        """Zone (id) -> ``#rrggbb``, for colours that people chose."""
        return self.study.state.colours

    def at(self, site: str, frozen: str = "") -> "ExportedPlan":
        """Return the plan with the app's address; ``frozen`` is the token of its version."""
        here = site if is_for_others(site) else ""
        return replace(self, site=here, frozen=frozen or self.frozen)

    @property
    def address(self) -> str:
        """The whole address of its frozen version; empty where there is none, or no site."""
        return link_to(self.site, "", {FROZEN: self.frozen}) if self.site and self.frozen else ""

    @property
    def no_address(self) -> str:
        """Why files have no QR code, in a sentence; empty where they have one."""
        if not self.site:
            return "Pas de code QR : l'adresse publique n'est pas réglée (voir l'administrateur)."
        if self.frozen:
            return ""
        if self.scenario:
            return "Pas de code QR : cette version du scénario n'est pas figée."
        return "Pas de code QR : ce plan n'a pas de version figée, à laquelle mener."

    @property
    def story(self) -> Story | None:
        """The webinar that people wrote; ``None`` for the tool's proposal."""
        return self.study.state.story


def of_baseline(analysis: Analysis, adopted: AdoptedHypotheses | None = None) -> ExportedPlan:
    """Return the plan in force, or the starting plan as long as none is; else a scenario's base."""
    held, study = analysis.baseline, baseline_study(analysis, adopted)
    version = _version(study, (held.name, held.status), held.since)
    return ExportedPlan(study, replace(version, number=held.number))


def of_publication(analysis: Analysis, ledger: Ledger, publication: Publication) -> ExportedPlan:
    """Return the plan of a publication, in force or not; raise ``PlanFileError``."""
    study = study_of_publication(ledger, analysis, publication)
    decided = ledger.standing(publication) is not PublicationStatus.WITHDRAWN
    day = "" if ledger.is_starting(publication) else publication.effective
    version = _version(study, ledger.named(publication), day, decided=decided)
    return ExportedPlan(study, version, frozen=publication.frozen)


def _version(study: Study, named: tuple[str, str], since: str, *, decided: bool = True) -> Version:
    """Return the version of a plan by its name and status; ``since`` is empty if not in force."""
    name, status = named
    fingerprint, published = _fingerprint(study), bool(since)
    return Version(name, printable(status), fingerprint, since, decided, published)


def of_work(
    analysis: Analysis,
    work: Work,
    feedback: PlanFeedback = NO_FEEDBACK,
    ledger: Ledger | None = None,
) -> ExportedPlan:
    """Return the current state of a scenario; the baseline if nothing was changed.

    ``feedback`` is what people said of its versions, ``ledger`` the publications that say
    what became of it. A frozen version shows the figures kept with it and with its base.
    """
    analysis = analysis_of_work(analysis, work)
    study, held = study_of_work(analysis, work), analysis.baseline
    if work.scenario is None and (work.plan, work.state.places) == (held.plan, held.places):
        return of_baseline(analysis)
    fingerprint = _fingerprint(study)
    date, status, decided, scenario = "", "scénario non enregistré", False, ""
    if work.scenario is not None:
        date, status = local_day(work.scenario.updated), str(work.scenario.status)
        decided = work.scenario.status is ScenarioStatus.KEPT and not work.is_dirty
        fingerprint = f"{work.scenario.version} ({fingerprint})"
        if work.is_dirty:
            status = f"{status}, modifié depuis"
        else:
            scenario = work.scenario.id
    version = Version(printable(work.name), status, fingerprint, date, decided)
    outcome = NO_OUTCOME if ledger is None else outcome_of(analysis, ledger, work)
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
    reasons, asked = tuple(dict.fromkeys(lines)), asked_of(work, outcome)
    base, start = of_baseline(analysis, work.state.adopted), work.timeline.base
    same = (start.plan, start.places) == (held.plan, held.places)
    kept = work.kept.of_base() if work.kept is not None and same else None
    base = replace(base, study=base.study.with_kept(kept))
    # the reason of the last move of each lycée (id) that has one
    whys = {
        lycee: printable(event.why.strip())
        for event in work.timeline.path
        if isinstance(event.change, MoveLycees) and event.why.strip()
        for lycee in event.change.moves
    }
    exported = ExportedPlan(study, version, base, reasons, whys, asked, feedback)
    return replace(exported, scenario=scenario)


def of_plan(study: Study, name: str) -> ExportedPlan:
    """Return the plan of a file, named ``name``, without posts: these belong to scenarios."""
    held = study.analysis.baseline
    if (study.plan, study.state.places) == (held.plan, held.places):
        return of_baseline(study.analysis)
    study = study_of(study.analysis, State(study.plan, places=study.state.places))
    version = Version(
        f"Plan du fichier {printable(name)[:80]}",
        "non décidé",
        _fingerprint(study),
        "",
        decided=False,
    )
    asked = (f"Faut-il retenir, modifier ou écarter « {version.name} » ?",)
    return ExportedPlan(study, version, of_baseline(study.analysis), asked=asked)


@needs(Role.READER)
def open_exported_plan(analysis: Analysis, scenarios: Scenarios, code: str) -> ExportedPlan:
    """Return the exported plan of a code; raises as ``open``, and ``UnknownPublicationError``.

    The code is a scenario's, a publication's, or ``plan`` for the baseline.
    """
    ledger = read_ledger(analysis.territory.atlas, scenarios.store, scenarios.today)
    if code == BASELINE:
        held, today = ledger.in_force(), analysis.with_baseline(analysis.baseline.current)
        return replace(of_baseline(today), frozen="" if held is None else held.frozen)
    if ledger.has(code):
        return of_publication(analysis, ledger, ledger.get(code))
    work = scenarios.open(code)
    exported = of_work(analysis, work, feedback_readers().of_scenario(scenarios, code), ledger)
    return replace(exported, frozen=scenarios.links.frozen_version(work))


def _fingerprint(study: Study) -> str:
    """Return a short hash of the plan and its locations, to tell versions apart."""
    plan = study.atlas.plan_json(study.plan, study.state.places)
    text = json.dumps(plan, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


_VIEWS = "region, sector:CODE ou before-after"
#: Former views, and the view to use instead.
_REPLACED = {"zone": "sector:CODE", "compare": "before-after"}


@dataclass(frozen=True, slots=True)
class ExportView:
    """View of a dossier: ``kind`` is region, sector (of this id) or before-after."""

    kind: str = "region"
    sector: str | None = None


def read_view(text: str) -> ExportView:
    """Read ``region``, ``sector:ID`` or ``before-after``."""
    kind, _, code = text.strip().partition(":")
    if kind in _REPLACED:
        raise InputError(f"La vue « {kind} » est remplacée par « {_REPLACED[kind]} ».")
    if kind not in {"region", "sector", "before-after"} or (kind == "sector") != bool(code):
        raise InputError(f"La vue « {printable(text)[:60]} » n'existe pas : écrivez {_VIEWS}.")
    return ExportView(kind, code or None)


def zones_in(plan: Plan, sector_id: str | None) -> tuple[str, ...]:
    """Return the zones (ids) with lycées of a sector (id), of the whole plan for ``None``."""
    return tuple(
        zone.id for zone in plan.zones if sector_id in (None, zone.sector) and plan.members(zone.id)
    )


def lycees_in(plan: Plan, sector_id: str | None) -> tuple[str, ...]:
    """Return the lycées (ids) of a sector (id) of a plan, of the whole plan for ``None``."""
    return tuple(plan.lycees if sector_id is None else plan.lycees_of(sector_id))


def sector_in_view(view: ExportView, plan: Plan) -> str | None:
    """Return the sector (id) of a view; raise ``InputError`` if it has no lycée."""
    if view.sector is not None and not plan.lycees_of(view.sector):
        nothing = f"pas {terms().site.of} : il n'y a rien à montrer."
        raise InputError(f"Le secteur {plan.sector(view.sector).name} n'a {nothing}")
    return view.sector
