"""Differences between a view of a plan and the same view of the plan before."""

from geozones.export import PlanComparison, PlanInView
from geozones.metrics.headline_effects import worst_first
from geozones.workspace.plan_comparison import compare_regions
from geozones.workspace.sharing import rows
from geozones.workspace.sharing.export_view import REGION, ViewedArea
from geozones.workspace.sharing.exported_plan import ExportedPlan
from geozones.workspace.sharing.plan_in_view import nothing_in_view, plan_in_view
from geozones.workspace.sharing.points import changed_points


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
    new, gone = changed_points(before, after, zones)
    return PlanComparison(
        earlier=earlier,
        changes=worst_first(compare_regions(before, after, zones=zones)),
        moves=rows.moves(before, after, zones),
        changed_zones=_changed_zones(earlier, shown),
        new_points=new,
        gone_points=gone,
        zones={lycee: rows.zone_name(before.plan, lycee) for lycee in before.plan.lycees},
        values=rows.values_by_area(before),
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
