"""Rows, figures and map of the part of a plan in view: the region, a sector or a zone."""

from dataclasses import replace

from geozones.domain import Plan
from geozones.export import PlanInView, SectorRow
from geozones.export.views import on_zone
from geozones.metrics import Values
from geozones.render import Scene
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.sharing import rows
from geozones.workspace.sharing.export_view import ViewedArea
from geozones.workspace.sharing.exported_plan import ExportedPlan
from geozones.workspace.sharing.points import point_rows


def plan_in_view(
    exported: ExportedPlan, area: ViewedArea, reference: Plan | None = None
) -> PlanInView:
    """Return an area of a plan; its zones that differ from ``reference`` are changed.

    ``reference`` is by default the plan in force.
    """
    plan = exported.plan
    if area.zone is not None:
        sector = _sector_row(exported, plan.zone(area.zone).sector, reference)
        alone = _zone_alone(sector, area.zone)
        scene = on_zone(sector.scene, area.zone)
        return _in_view(exported, area, (alone,), alone.values, scene)
    if area.sector is not None:
        sector = _sector_row(exported, area.sector, reference)
        return _in_view(exported, area, (sector,), sector.values, sector.scene)
    sectors = tuple(_sector_row(exported, sector.id, reference) for sector in plan.sectors)
    values = rows.shown_values(exported.study, exported.study.area())
    return _in_view(exported, area, sectors, values, _scene(exported, reference))


def nothing_in_view(exported: ExportedPlan, area: ViewedArea, shown: PlanInView) -> PlanInView:
    """Return an area that a plan lacks: its map alone, of the same extent as ``shown``."""
    study = exported.study
    values = rows.shown_values(study, study.evaluator.area(study.plan, ()))
    scene = replace(_scene(exported, exported.plan), view=shown.scene.view)
    return replace(_in_view(exported, area, (), values, scene), points=())


def _in_view(
    exported: ExportedPlan,
    area: ViewedArea,
    sectors: tuple[SectorRow, ...],
    values: Values,
    scene: Scene,
) -> PlanInView:
    return PlanInView(
        version=exported.version,
        sectors=sectors,
        values=values,
        scene=scene,
        points=point_rows(exported.study, sector=area.sector, zone=area.zone),
        peak_note=exported.study.analysis.peak_note.strip(" ()"),
    )


def _scene(exported: ExportedPlan, reference: Plan | None, sector: str | None = None) -> Scene:
    """Return the map of a plan, with the other sectors faded if a ``sector`` (id) is given."""
    options = SceneOptions(colours=exported.colours, reference=reference, sector=sector)
    return build_scene(exported.study, options)


def _sector_row(exported: ExportedPlan, code: str, reference: Plan | None) -> SectorRow:
    scene = _scene(exported, reference, code)
    return rows.sector_row(exported.study, exported.plan.sector(code), scene, reference)


def _zone_alone(sector: SectorRow, code: str) -> SectorRow:
    """Return a sector with one of its zones: of the sector, only the leaders are kept."""
    (row,) = (entry for entry in sector.zones if entry.id == code)
    return replace(
        sector,
        zones=(row,),
        values=row.values,
        interval=row.interval,
        guessed=row.guessed,
        estimated=row.estimated,
        marks="",
        chart=None,
    )
