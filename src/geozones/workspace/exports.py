"""Fill the dossier that every export is made from: a view of a plan, with its version."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from geozones.domain import InputError, Plan, ScenarioStatus
from geozones.domain.places import PlaceChanges
from geozones.domain.story import Story
from geozones.domain.teams import Teams
from geozones.export import Comparison, Dossier, Step, Version
from geozones.export.text import printable, slug
from geozones.render import Scene, View
from geozones.workspace import export_rows as rows
from geozones.workspace.credits import DRAFTS, credits_of
from geozones.workspace.scenarios import Scenarios, Work
from geozones.workspace.scenes import SceneOptions, build_scene

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geozones.workspace.core import Workspace

#: How a comparison names the shipped plan.
SHIPPED = "plan"
_VIEWS = "region, sector:CODE, zone:CODE, compare:A:B ou before-after"
#: Part of a zone's height and width left around it.
_AROUND = 0.35


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at: ``kind`` is region, sector, zone, compare or before-after.

    ``codes`` are the sector's, the zone's, or the two scenarios'.
    """

    kind: str = "region"
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subject:
    """A plan to export, which version it is, the plan it started from, and its webinar."""

    plan: Plan
    version: Version
    base: "Subject | None" = None
    colours: "Mapping[str, str]" = field(default_factory=dict)
    story: Story | None = None
    #: what the plan needs of places beside the data folder's
    places: PlaceChanges = field(default_factory=PlaceChanges)
    teams: Teams = field(default_factory=Teams)


def read_look(text: str) -> Look:
    """Read ``region``, ``sector:ID``, ``zone:ID``, ``compare:A:B`` or ``before-after``.

    Raises
    ------
    InputError
        If it is none of them.
    """
    kind, *codes = text.strip().split(":")
    wanted = {"region": 0, "sector": 1, "zone": 1, "compare": 2, "before-after": 0}
    if wanted.get(kind) != len(codes) or not all(codes):
        msg = f"La vue « {printable(text)[:60]} » n'existe pas : écrivez {_VIEWS}."
        raise InputError(msg)
    return Look(kind, tuple(codes))


def shipped(workspace: "Workspace") -> Subject:
    """Return the shipped plan."""
    workspace = workspace.home
    drafts = any(sector.is_draft for sector in workspace.plan.sectors)
    version = Version(
        "Plan livré",
        "secteurs publiés et brouillons" if drafts else "publié",
        _print(workspace, workspace.plan),
        workspace.data.source.get("date", ""),
    )
    return Subject(workspace.plan, version)


def of_work(workspace: "Workspace", work: Work) -> Subject:
    """Return a scenario as it is on screen; the shipped plan where nothing was tried."""
    workspace = workspace.with_places(work.state.places)
    if work.scenario is None and not work.state.places and work.plan == workspace.plan:
        return shipped(workspace)
    mark = _print(workspace, work.plan)
    date, status, decided = "", "essai non enregistré", False
    if work.scenario is not None:
        date, status = work.scenario.updated[:10], str(work.scenario.status)
        decided = work.scenario.status is ScenarioStatus.KEPT and not work.is_dirty
        mark = f"{work.scenario.version} ({mark})"
        if work.is_dirty:
            status = f"{status}, modifié depuis"
    version = Version(printable(work.name), status, mark, date, decided)
    state = work.state
    base = _base(workspace, work)
    return Subject(work.plan, version, base, state.colours, state.story, state.places, state.teams)


def _base(workspace: "Workspace", work: Work) -> Subject:
    places = work.timeline.start.places
    workspace = workspace.with_places(places)
    if work.base == workspace.plan and not places:
        return shipped(workspace)
    version = Version(
        f"Départ : {printable(work.origin)}", "avant", _print(workspace, work.base), ""
    )
    return Subject(work.base, version, places=places)


def of_plan(workspace: "Workspace", plan: Plan, name: str) -> Subject:
    """Return the plan of a file."""
    if plan == workspace.plan and not workspace.places:
        return shipped(workspace)
    version = Version(
        f"Plan du fichier {printable(name)[:80]}",
        "essai, non décidé",
        _print(workspace, plan),
        "",
        decided=False,
    )
    return Subject(plan, version, shipped(workspace), places=workspace.places)


def open_subject(workspace: "Workspace", scenarios: Scenarios, code: str) -> Subject:
    """Return a scenario by its code, or the shipped plan for ``plan``; raises as ``open``."""
    if code == SHIPPED:
        return shipped(workspace)
    return of_work(workspace, scenarios.open(code))


def _print(workspace: "Workspace", plan: Plan) -> str:
    """Return a few digits that two plans share only when they are the same."""
    text = json.dumps(workspace.plan_json(plan), ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def dossier(
    workspace: "Workspace", subject: Subject, look: Look, scenarios: Scenarios | None = None
) -> Dossier:
    """Fill the dossier of a view.

    ``scenarios`` opens those that a comparison names.

    Raises
    ------
    UnknownSectorError, UnknownZoneError, UnknownScenarioError
        If the view names one that is not there.
    InputError
        If there is nothing to show: a sector or zone without lycée.
    """
    if look.kind == "compare":
        if scenarios is None:
            msg = "Cette comparaison demande des scénarios enregistrés."
            raise InputError(msg)
        first, second = (open_subject(workspace, scenarios, code) for code in look.codes)
        title = f"{first.version.name} et {second.version.name}"
        return _compared(workspace, second, first, title, "comparaison")
    if look.kind == "before-after":
        first = subject.base or shipped(workspace)
        title = f"Avant et après : {subject.version.name}"
        return _compared(workspace, subject, first, title, "avant-apres")
    found = _region(workspace, subject)
    if look.kind == "sector":
        return of_sector(workspace, subject, found, look.codes[0])
    if look.kind == "zone":
        return _of_zone(workspace, subject, found, look.codes[0])
    return _with_changes(workspace, subject, found)


def _region(workspace: "Workspace", subject: Subject, reference: Plan | None = None) -> Dossier:
    """Return the whole; ``reference`` is the plan that changed zones are told from."""
    plan = subject.plan
    workspace = workspace.with_places(subject.places).with_teams(subject.teams)
    options = SceneOptions(colours=subject.colours, reference=reference)
    sectors = tuple(
        rows.sector_row(
            workspace,
            plan,
            sector,
            build_scene(workspace, plan, replace(options, sector=sector.id)),
            reference,
        )
        for sector in plan.sectors
    )
    values = workspace.evaluator.region(plan)
    sources = credits_of(workspace)
    if any(sector.draft for sector in sectors):
        sources = (sources[0], sources[1], DRAFTS, *sources[2:])
    return Dossier(
        title="Secteurs et zones de continuité",
        slug="region",
        version=subject.version,
        sectors=sectors,
        mean_minutes=rows.figure(values["mean_minutes"]),
        max_minutes=rows.figure(values["max_minutes"]),
        scene=build_scene(workspace, plan, options),
        matrix=rows.matrix(workspace, plan.lycees),
        outlines=workspace.outlines,
        author=workspace.data.source.get("auteur", ""),
        calendar=tuple(
            Step(step.label, step.experimental, step.others) for step in workspace.data.calendar
        ),
        sources=sources,
        peak_note=workspace.peak_note.strip(" ()"),
        cells=workspace.cells,
    )


def of_sector(workspace: "Workspace", subject: Subject, region: Dossier, code: str) -> Dossier:
    """Return a sector's part of the region's dossier; raises ``UnknownSectorError``."""
    sector = subject.plan.sector(code)
    (row,) = (row for row in region.sectors if row.id == code)
    members = subject.plan.lycees_of(code)
    if not members:
        msg = f"Le secteur {sector.name} n'a pas de lycée : il n'y a rien à montrer."
        raise InputError(msg)
    return replace(
        region,
        title=f"Secteur {row.name}",
        slug=f"secteur-{slug(row.name)}",
        sectors=(row,),
        mean_minutes=row.mean_minutes,
        max_minutes=row.max_minutes,
        scene=row.scene,
        matrix=rows.matrix(workspace.with_places(subject.places), members),
    )


def _of_zone(workspace: "Workspace", subject: Subject, region: Dossier, code: str) -> Dossier:
    zone = subject.plan.zone(code)
    members = subject.plan.members(code)
    if not members:
        msg = f"La zone {zone.name} n'a pas de lycée : il n'y a rien à montrer."
        raise InputError(msg)
    (sector,) = (row for row in region.sectors if row.id == zone.sector)
    (row,) = (entry for entry in sector.zones if entry.id == code)
    return replace(
        region,
        title=f"Zone {row.name}",
        slug=f"zone-{slug(row.name)}",
        sectors=(replace(sector, zones=(row,)),),
        mean_minutes=row.mean_minutes,
        max_minutes=row.max_minutes,
        scene=on_zone(sector.scene, code),
        matrix=rows.matrix(workspace.with_places(subject.places), members),
    )


def on_zone(scene: Scene, code: str) -> Scene:
    """Return the scene seen from nearer, every other zone aside."""
    zones = tuple(replace(zone, aside=zone.id != code) for zone in scene.zones)
    bounds = next((zone.geometry.bounds for zone in zones if zone.id == code), scene.view.bounds)
    west, south, east, north = bounds
    dx, dy = (east - west) * _AROUND, (north - south) * _AROUND
    view = View((west - dx, south - dy, east + dx, north + dy), f"zone-{code}")
    return replace(scene, zones=zones, selected_zones=frozenset({code}), view=view)


def _with_changes(workspace: "Workspace", subject: Subject, found: Dossier) -> Dossier:
    """Tell what a plan has otherwise than the one it started from."""
    base = subject.base
    if base is None or base.plan == subject.plan:
        return found
    return replace(found, comparison=_comparison(workspace, base, subject))


def _compared(
    workspace: "Workspace", subject: Subject, first: Subject, title: str, kind: str
) -> Dossier:
    after = _region(workspace, subject, first.plan)
    comparison = _comparison(workspace, first, subject)
    return replace(after, title=title, slug=kind, paired=True, comparison=comparison)


def _comparison(workspace: "Workspace", first: Subject, second: Subject) -> Comparison:
    options = SceneOptions(colours=first.colours, reference=first.plan)
    before, after = (
        (workspace.with_places(one.places).with_teams(one.teams), one.plan)
        for one in (first, second)
    )
    return Comparison(
        first.version,
        (*rows.gaps(before, after), *rows.team_gaps(before, after)),
        rows.moves(before, after),
        build_scene(*before, options),
    )
