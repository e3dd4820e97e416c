"""What is exported: the shipped plan, a scenario or a plan file, and which version it is."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from geozones.domain import Plan, ScenarioStatus
from geozones.domain.events import State
from geozones.domain.story import Story
from geozones.export import Version
from geozones.export.text import printable
from geozones.workspace.analysis import Analysis
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.scenarios.work import Work
from geozones.workspace.study import Study, study_of

#: How a comparison names the shipped plan.
SHIPPED = "plan"


@dataclass(frozen=True)
class Subject:
    """A scenario or plan to export, which version it is, and what it started from."""

    study: Study
    version: Version
    base: "Subject | None" = None

    @property
    def plan(self) -> Plan:
        """The plan to export."""
        return self.study.plan

    @property
    def colours(self) -> Mapping[str, str]:
        """Zone (id) -> ``#rrggbb``, where people chose it."""
        return self.study.state.colours

    @property
    def story(self) -> Story | None:
        """The webinar that people wrote; ``None`` for the one that the tool proposes."""
        return self.study.state.story


def shipped(analysis: Analysis) -> Subject:
    """Return the shipped plan."""
    study = study_of(analysis.home)
    drafts = any(sector.is_draft for sector in study.plan.sectors)
    version = Version(
        "Plan livré",
        "secteurs publiés et brouillons" if drafts else "publié",
        _fingerprint(study),
        study.atlas.source.get("date", ""),
    )
    return Subject(study, version)


def of_work(analysis: Analysis, work: Work) -> Subject:
    """Return a scenario as it is on screen; the shipped plan where nothing was tried."""
    study = study_of(analysis, work.state)
    if work.scenario is None and not work.state.places and work.plan == study.territory.plan:
        return shipped(analysis)
    mark = _fingerprint(study)
    date, status, decided = "", "essai non enregistré", False
    if work.scenario is not None:
        date, status = work.scenario.updated[:10], str(work.scenario.status)
        decided = work.scenario.status is ScenarioStatus.KEPT and not work.is_dirty
        mark = f"{work.scenario.version} ({mark})"
        if work.is_dirty:
            status = f"{status}, modifié depuis"
    version = Version(printable(work.name), status, mark, date, decided)
    return Subject(study, version, _base(analysis, work))


def _base(analysis: Analysis, work: Work) -> Subject:
    study = study_of(analysis, State(work.base, places=work.timeline.start.places))
    if work.base == study.territory.plan and not study.state.places:
        return shipped(analysis)
    version = Version(f"Départ : {printable(work.origin)}", "avant", _fingerprint(study), "")
    return Subject(study, version)


def of_plan(study: Study, name: str) -> Subject:
    """Return the plan of a file, called ``name``: the posts of a scenario are not a plan's."""
    if study.plan == study.territory.plan and not study.state.places:
        return shipped(study.analysis)
    study = study_of(study.analysis, State(study.plan, places=study.state.places))
    version = Version(
        f"Plan du fichier {printable(name)[:80]}",
        "essai, non décidé",
        _fingerprint(study),
        "",
        decided=False,
    )
    return Subject(study, version, shipped(study.analysis))


def open_subject(analysis: Analysis, scenarios: Scenarios, code: str) -> Subject:
    """Return a scenario by its code, or the shipped plan for ``plan``; raises as ``open``."""
    if code == SHIPPED:
        return shipped(analysis)
    return of_work(analysis, scenarios.open(code))


def _fingerprint(study: Study) -> str:
    """Return a few digits that two plans share only when they are the same."""
    plan = study.atlas.plan_json(study.plan, study.state.places)
    text = json.dumps(plan, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
