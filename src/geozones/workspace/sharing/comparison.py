"""Differences between a view of a plan and the same view of the plan before."""

from dataclasses import replace

from geozones.domain import Plan
from geozones.export import AreaDrive, PlanComparison, PlanInView
from geozones.export.text import printable
from geozones.metrics import compare, metric
from geozones.metrics.headline_effects import worst_first
from geozones.workspace.plan_comparison import compare_regions
from geozones.workspace.plan_judgement import Zones, judgements_of
from geozones.workspace.sharing import rows
from geozones.workspace.sharing.export_view import REGION, ViewedArea
from geozones.workspace.sharing.exported_plan import ExportedPlan
from geozones.workspace.sharing.other_changes import other_changes
from geozones.workspace.sharing.plan_in_view import nothing_in_view, plan_in_view
from geozones.workspace.sharing.points import changed_points
from geozones.workspace.study import Study


def comparison_of(
    first: ExportedPlan, second: ExportedPlan, area: ViewedArea, shown: PlanInView
) -> PlanComparison:
    """Compare an area of the second plan, ``shown``, with the same area of the first plan."""
    before, after = first.study, second.study
    zones = None if area == REGION else (area.zones_in(first.plan), area.zones_in(second.plan))
    if zones is not None and not zones[0]:
        earlier = nothing_in_view(first, area, shown)
    else:
        earlier = plan_in_view(first, area, first.plan)
    points = changed_points(before, after, zones)
    changed = _changed_zones(earlier, shown)
    return PlanComparison(
        earlier=earlier,
        changes=worst_first(compare_regions(before, after, zones=zones)),
        moves=tuple(
            replace(move, why=second.whys.get(move.id, ""))
            for move in rows.moves(before, after, zones)
        ),
        changed_zones=changed,
        new_points=tuple(printable(point.sentence) for point in points.introduced),
        gone_points=tuple(printable(point.sentence) for point in points.resolved),
        worsened=len(points.worsened),
        zones={lycee: rows.zone_name(before.plan, lycee) for lycee in before.plan.lycees},
        values=rows.values_by_area(before),
        drives=_drives(before, after, changed),
        others=other_changes(before, after) if area == REGION else (),
    )


def _changed_zones(before: PlanInView, after: PlanInView) -> frozenset[str]:
    """Return the zones (ids) whose lycées differ between two views."""
    first, then = (
        {zone.id: frozenset(lycee.id for lycee in zone.lycees) for zone in side.zones}
        for side in (before, after)
    )
    nobody: frozenset[str] = frozenset()
    return frozenset(
        code for code in (*first, *then) if first.get(code, nobody) != then.get(code, nobody)
    )


def _drives(before: Study, after: Study, changed: frozenset[str]) -> tuple[AreaDrive, ...]:
    """Return the longest drives of the changed zones (ids) that both plans have.

    Where both plans have none of them, those of the sectors that they are in.
    """
    plans = before.plan, after.plan
    zones = [
        zone
        for zone in after.plan.zones
        if zone.id in changed and all(p.has_zone(zone.id) and p.members(zone.id) for p in plans)
    ]
    if zones:
        return tuple(
            _drive(
                before, after, f"dans la zone {zone.name}", ((zone.id,), (zone.id,)), zone=zone.id
            )
            for zone in zones
        )
    held = {p.zone(zone).sector for p in plans for zone in changed if p.has_zone(zone)}
    return tuple(
        _drive(
            before,
            after,
            f"dans le secteur {sector.name}",
            (_zones_of(before.plan, sector.id), _zones_of(after.plan, sector.id)),
            sector=sector.id,
        )
        for sector in after.plan.sectors
        if sector.id in held
        and all(p.has_sector(sector.id) and p.lycees_of(sector.id) for p in plans)
    )


def _zones_of(plan: Plan, sector: str) -> tuple[str, ...]:
    return tuple(zone.id for zone in plan.zones_of(sector) if plan.members(zone.id))


def _drive(before: Study, after: Study, place: str, zones: Zones, **area: str) -> AreaDrive:
    """Compare the longest drive of an area (``zone`` or ``sector``); ``zones`` are its ids."""
    record = metric("max_minutes")
    first, then = before.area(**area), after.area(**area)
    today = [one.recomputed().area(**area)[record.key] for one in (before, after)]
    # the draws judge figures of today
    same = [first[record.key], then[record.key]] == today
    judgements = judgements_of(before, after, zones, (record,)) if same else {}
    (change,) = compare((record,), first, then, judgements)
    return AreaDrive(printable(place), change)
