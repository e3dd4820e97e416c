"""Fill the dossier that every export is made from: a view of a plan, with its version."""

from dataclasses import dataclass, replace

from geozones.common.errors import InputError
from geozones.domain import Plan
from geozones.export import Dossier, PlanComparison, Step
from geozones.export.text import printable, slug
from geozones.render import Scene, View
from geozones.workspace.calendar import due
from geozones.workspace.figures import compare_regions, worst_first
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing import rows
from geozones.workspace.sharing.credits import calendar_notes, credits_of
from geozones.workspace.sharing.points import new_points, point_rows
from geozones.workspace.sharing.subject import Subject, in_force, open_subject
from geozones.workspace.study import Study

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


def dossier(subject: Subject, look: Look, scenarios: Scenarios | None = None) -> Dossier:
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
        analysis = subject.study.analysis
        first, second = (open_subject(analysis, scenarios, code) for code in look.codes)
        title = f"{first.version.name} et {second.version.name}"
        return _compared(second, first, title, "comparaison")
    if look.kind == "before-after":
        first = subject.base or in_force(subject.study.analysis)
        title = f"Avant et après : {subject.version.name}"
        return _compared(subject, first, title, "avant-apres")
    region = _region(subject)
    if look.kind == "sector":
        return of_sector(subject, region, look.codes[0])
    if look.kind == "zone":
        return _of_zone(subject, region, look.codes[0])
    return _with_changes(subject, region)


def _region(subject: Subject, reference: Plan | None = None) -> Dossier:
    """Return the dossier of the whole region; zones that differ from ``reference`` are changed."""
    study, plan = subject.study, subject.plan
    options = SceneOptions(colours=subject.colours, reference=reference)
    sectors = tuple(
        rows.sector_row(
            study,
            sector,
            build_scene(study, replace(options, sector=sector.id)),
            reference,
        )
        for sector in plan.sectors
    )
    return Dossier(
        title="Secteurs et zones de continuité",
        slug="region",
        version=subject.version,
        sectors=sectors,
        values=rows.shown_values(study, study.area()),
        scene=build_scene(study, options),
        matrix=rows.matrix(study, plan.lycees),
        points=point_rows(study),
        ground=study.atlas.ground,
        author=study.atlas.source.get("auteur", ""),
        calendar=_calendar(study),
        calendar_notes=calendar_notes(study),
        sources=credits_of(study),
        peak_note=study.analysis.peak_note.strip(" ()"),
        cells=study.territory.cells,
        organisation=study.atlas.organisation,
    )


def _calendar(study: Study) -> tuple[Step, ...]:
    calendar = study.atlas.calendar
    return tuple(
        Step(
            step.heading,
            tuple((part.whom, part.said) for part in due(study.plan, calendar, rank)),
            step.doubts,
        )
        for rank, step in enumerate(calendar)
    )


def of_sector(subject: Subject, region: Dossier, code: str) -> Dossier:
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
        values=row.values,
        scene=row.scene,
        matrix=rows.matrix(subject.study, members),
        points=point_rows(subject.study, sector=code),
    )


def _of_zone(subject: Subject, region: Dossier, code: str) -> Dossier:
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
        values=row.values,
        scene=on_zone(sector.scene, code),
        matrix=rows.matrix(subject.study, members),
        points=point_rows(subject.study, zone=code),
    )


def on_zone(scene: Scene, code: str) -> Scene:
    """Return a scene that looks at one zone (id), with every other zone marked aside."""
    zones = tuple(replace(zone, aside=zone.id != code) for zone in scene.zones)
    bounds = next((zone.geometry.bounds for zone in zones if zone.id == code), scene.view.bounds)
    west, south, east, north = bounds
    dx, dy = (east - west) * _AROUND, (north - south) * _AROUND
    view = View((west - dx, south - dy, east + dx, north + dy), f"zone-{code}")
    return replace(scene, zones=zones, selected_zones=frozenset({code}), view=view)


def _with_changes(subject: Subject, region: Dossier) -> Dossier:
    """Tell what a plan has otherwise than the one it started from."""
    base = subject.base
    if base is None or base.plan == subject.plan:
        return region
    return replace(region, comparison=_comparison(base, subject))


def _compared(subject: Subject, first: Subject, title: str, kind: str) -> Dossier:
    after = _region(subject, first.plan)
    comparison = _comparison(first, subject)
    return replace(after, title=title, slug=kind, paired=True, comparison=comparison)


def _comparison(first: Subject, second: Subject) -> PlanComparison:
    options = SceneOptions(colours=first.colours, reference=first.plan)
    before, after = first.study, second.study
    return PlanComparison(
        first.version,
        worst_first(compare_regions(before, after)),
        rows.moves(before, after),
        build_scene(before, options),
        new_points(before, after),
        {lycee: rows.zone_name(before.plan, lycee) for lycee in before.plan.lycees},
        rows.values_by_area(before),
    )
