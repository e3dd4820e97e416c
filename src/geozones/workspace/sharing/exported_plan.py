"""Exported plan: a publication, a scenario or a plan file, with its version and its base."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from geozones.common.public_address import FROZEN, is_for_others, link_to
from geozones.domain import Plan, Publication, ScenarioStatus
from geozones.domain.events import State
from geozones.domain.places import LocationOverrides
from geozones.domain.publications import STARTING_NAME, PublicationStatus
from geozones.domain.story import Story
from geozones.export import Version
from geozones.export.dossier import START
from geozones.export.text import printable
from geozones.workspace.analysis import Analysis
from geozones.workspace.comments.summary import NO_FEEDBACK, Feedback, feedback_of
from geozones.workspace.publications.ledger import Ledger
from geozones.workspace.publications.ledger_reading import read_ledger, study_of_publication
from geozones.workspace.roles import Role, needs
from geozones.workspace.scenarios.open_scenario import Work, analysis_of_work, study_of_work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.decision import asked_of, reasons_of, whys_of
from geozones.workspace.sharing.outcome import NO_OUTCOME, outcome_of
from geozones.workspace.study import Study, baseline_study, study_of

#: Code of the baseline in a comparison.
BASELINE = "plan"


@dataclass(frozen=True)
class ExportedPlan:
    """A scenario or plan to export, with its version and its base.

    ``reasons`` are people's reasons for their changes, ``whys`` those of the move of each lycée
    (id), ``asked`` the decisions requested and taken, ``feedback`` the comments and opinions on its
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
    feedback: Feedback = NO_FEEDBACK
    frozen: str = ""
    scenario: str = ""
    site: str = ""

    @property
    def plan(self) -> Plan:
        """The plan to export."""
        return self.study.plan

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


def of_baseline(analysis: Analysis) -> ExportedPlan:
    """Return the plan in force, or the starting plan as long as none is."""
    held, study = analysis.baseline, baseline_study(analysis)
    version = _version(study, (held.name, held.status), held.since)
    return ExportedPlan(study, version)


def of_publication(analysis: Analysis, ledger: Ledger, publication: Publication) -> ExportedPlan:
    """Return the plan of a publication, in force or not; raise ``PlanFileError``."""
    study = study_of_publication(ledger, analysis, publication)
    undecided = {PublicationStatus.WITHDRAWN, PublicationStatus.AWAITED}
    decided = ledger.standing(publication) not in undecided
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
    feedback: Feedback = NO_FEEDBACK,
    ledger: Ledger | None = None,
) -> ExportedPlan:
    """Return the current state of a scenario; the baseline if nothing was changed.

    ``feedback`` are the comments and opinions on its versions, ``ledger`` the publications that say
    what became of it. A frozen version shows the figures kept with it and with its base.
    """
    analysis = analysis_of_work(analysis, work)
    study, held = study_of_work(analysis, work), analysis.baseline
    if work.scenario is None and (work.plan, work.state.places) == (held.plan, held.places):
        return of_baseline(analysis)
    fingerprint = _fingerprint(study)
    date, status, decided, scenario = "", "scénario non enregistré", False, ""
    if work.scenario is not None:
        date, status = work.scenario.updated[:10], str(work.scenario.status)
        decided = work.scenario.status is ScenarioStatus.KEPT and not work.is_dirty
        fingerprint = f"{work.scenario.version} ({fingerprint})"
        if work.is_dirty:
            status = f"{status}, modifié depuis"
        else:
            scenario = work.scenario.id
    version = Version(printable(work.name), status, fingerprint, date, decided)
    outcome = NO_OUTCOME if ledger is None else outcome_of(ledger, work)
    reasons, asked = reasons_of(analysis, work), asked_of(work, outcome)
    base = _base(analysis, work)
    kept = None if work.kept is None else work.kept.of_base()
    base = replace(base, study=base.study.with_kept(kept))
    whys = whys_of(work)
    exported = ExportedPlan(study, version, base, reasons, whys, asked, feedback)
    return replace(exported, scenario=scenario)


def _base(analysis: Analysis, work: Work) -> ExportedPlan:
    places, held = work.timeline.start.places, analysis.baseline
    study = study_of(analysis, State(work.base, places=places))
    if (work.base, places) == (held.plan, held.places):
        return of_baseline(analysis)
    starting = analysis.territory.atlas.starting_plan
    if (work.base, places) == (starting.plan, LocationOverrides()):
        return ExportedPlan(study, _version(study, (STARTING_NAME, starting.statement), ""))
    version = Version(f"{START}{printable(work.origin)}", "avant", _fingerprint(study), "")
    return ExportedPlan(study, version)


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
        held = ledger.in_force()
        return replace(of_baseline(analysis), frozen="" if held is None else held.frozen)
    if ledger.has(code):
        return of_publication(analysis, ledger, ledger.get(code))
    work = scenarios.open(code)
    exported = of_work(analysis, work, feedback_of(scenarios, code), ledger)
    return replace(exported, frozen=scenarios.sharing.frozen_version(work))


def _fingerprint(study: Study) -> str:
    """Return a short hash of the plan and its locations, to tell versions apart."""
    plan = study.atlas.plan_json(study.plan, study.state.places)
    text = json.dumps(plan, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
